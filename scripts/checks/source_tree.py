# SPDX-License-Identifier: BSD-3-Clause
"""C++ sources as text: files of a tree by room, includes between them, and functions. No compiler is needed, so that any revision can be read."""
import re
from pathlib import Path

SUFFIXES = {".hpp", ".cpp", ".h", ".c"}
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*[<"]([^>"]+)[>"]', re.MULTILINE)
LITERALS = re.compile(r'//[^\n]*|/\*.*?\*/|R"(?P<mark>\w*)\(.*?\)(?P=mark)"|"(?:\\.|[^"\\\n])*"|(?<![\da-fA-F])\'(?:\\.|[^\'\\\n])+\'', re.DOTALL)
DIRECTIVE = re.compile(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*", re.MULTILINE)
TYPE = re.compile(r"(?:^|[\s>;}])(?:class|struct|union|enum)\s")
MEMBER_BEFORE_BRACE = re.compile(r"[:,]\s*[\w:]+(?:<[^{}]*>)?\s*$")


def blank(text):
    """The same number of lines, and nothing on them."""
    return "\n" * text.count("\n")


def without_comments(text, keep_strings=False):
    def replacement(match):
        found = match.group()
        if found.startswith("/"):
            return blank(found)
        return found if keep_strings else '""' + blank(found)
    return LITERALS.sub(replacement, text)


class SourceFile:
    """A file of a room. A header and its source are one node (room, stem) of the graph of includes."""

    def __init__(self, root, path):
        self.path = path.relative_to(root)
        parts = self.path.parts[2 if self.path.parts[0] == "include" else 1:]
        self.room, self.node = parts[0], (parts[0], self.path.stem)
        self.text = path.read_text(encoding="utf-8")
        self.lines = self.text.count("\n")

    def included(self):
        """Nodes of soapstone's files that this one includes; a private header is written without a folder."""
        for header in INCLUDE.findall(without_comments(self.text, keep_strings=True)):
            parts = header.split("/")
            if parts[0] == "soapstone" and len(parts) > 2:
                yield parts[1], Path(header).stem
            elif len(parts) == 1 and "." in header:
                yield self.room, Path(header).stem


def source_files(root):
    """All files of the rooms, which are the folders in src and in include/soapstone."""
    for top in ("include/soapstone", "src"):
        for path in sorted((root / top).rglob("*")):
            if path.suffix in SUFFIXES and path.parent != root / top:
                yield SourceFile(root, path)


def include_graph(files):
    """Node: the nodes that it includes."""
    graph = {file.node: set() for file in files}
    for file in files:
        graph[file.node].update(node for node in file.included() if node in graph and node != file.node)
    return graph


def groups(graph):
    """Sets of nodes that reach each other (strongly connected components, by Tarjan), each after those that it includes."""
    order, low, stack, found = {}, {}, [], []

    def visit(node):
        order[node] = low[node] = len(order)
        stack.append(node)
        for other in sorted(graph[node]):
            if other not in order:
                visit(other)
                low[node] = min(low[node], low[other])
            elif other in stack:
                low[node] = min(low[node], order[other])
        if low[node] == order[node]:
            place = stack.index(node)
            found.append(sorted(stack[place:]))
            del stack[place:]

    for node in sorted(graph):
        if node not in order:
            visit(node)
    return found


def cycles(graph):
    """Groups of files that include each other."""
    return [group for group in groups(graph) if len(group) > 1]


def levels(graph, room):
    """Files on the longest way along includes within a room; those of a cycle are one level."""
    inside = {node: {other for other in graph[node] if other[0] == room} for node in graph if node[0] == room}
    height = {}
    for group in groups(inside):
        below = {other for node in group for other in inside[node]} - set(group)
        height.update(dict.fromkeys(group, 1 + max((height[node] for node in below), default=0)))
    return max(height.values(), default=0)


def closing(text, start):
    """Behind the bracket that closes the one at `start`."""
    depth = 0
    for match in re.finditer(r"[{}]", text[start:]):
        depth += 1 if match.group() == "{" else -1
        if depth == 0:
            return start + match.end()
    return len(text)


def kind_of_block(head):
    """What a brace after this text begins, outside of functions: a scope, a function, a value in a list of members, or other values."""
    head = re.sub(r"template\s*<[^{}]*?>\s*(?=\w)", " ", head)
    outside = re.sub(r"operator\s*(?:\(\)|\[\]|[^\s\w(]+)", "operator", head)
    while re.search(r"\([^()]*\)", outside):
        outside = re.sub(r"\([^()]*\)", "@", outside)
    if re.search(r"\bnamespace\b", head) or re.match(r'\s*extern\s*""\s*$', head) or TYPE.search(outside) and "@" not in outside:
        return "scope"
    if "@" not in outside or "=" in outside or "(" in outside:
        return "value"
    of_members = outside.rpartition("@")[2] if MEMBER_BEFORE_BRACE.search(outside) else ""
    return "member" if of_members and not re.search(r"->|\b(?:const|noexcept|override|final|try)\s*$", of_members) else "function"


def functions(text):
    """(first line, last line) of every function with a body, by matching brackets. Lambdas belong to the function around them."""
    text = DIRECTIVE.sub(lambda match: blank(match.group()), without_comments(text))
    start = place = 0
    while match := re.compile(r"[{};]").search(text, place):
        place = match.end()
        if match.group() != "{":
            inside_for = text.count("(", start, place) > text.count(")", start, place)
            start = start if inside_for else place
            continue
        head = text[start:match.start()]
        kind = kind_of_block(head)
        if kind == "scope":
            start = place
            continue
        place = closing(text, match.start())
        if kind == "function":
            first = start + len(head) - len(head.lstrip())
            yield text.count("\n", 0, first) + 1, text.count("\n", 0, place) + 1
            start = place
