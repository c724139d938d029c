#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Measures the shape of the code: its rooms, files, functions and includes, of one or of several revisions side by side.

usage: shape.py [--root FOLDER] [REVISION...]   without a revision: the files as they are; "." beside revisions means the same

A room is a folder in src and in include/soapstone. A header and its source count as one file in cycles and levels of includes.
Functions are found by matching brackets, without a compiler, from the line on which the declaration begins to the closing bracket.
A file enumerates the fields of SoapParameters if it accesses at least five of them by name or names their keys.
"""
import argparse
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from source_tree import SUFFIXES, cycles, functions, include_graph, levels, source_files, without_comments

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ["src", "include", "tests", "scripts"]
SESSION = re.compile(r"[(,]\s*(?:const\s+)?(?:\w+::)*Session(?:\s+const)?\s*[&*]{0,2}\s*(?:\w+\s*)?(?=[,)=])")
COMMAND = re.compile(r"(?:.*_command|run|main)$")  # sources of commands in a room that has others too
PARAMETERS = re.compile(r"struct SoapParameters\s*\{(.*?)\n\};", re.DOTALL)
FIELD = re.compile(r"^\s*[\w:<>]+\s+(\w+)\s*(?:=[^;]*|\{[^;]*\})?;", re.MULTILINE)
SCRIPTS_AND_TESTS = SUFFIXES | {".py", ".sh", ".bash"}
ENOUGH_FIELDS = 5


def spread(values):
    """Median, 90th percentile and maximum."""
    if not values:
        return "-"
    ordered = sorted(values)
    return f"{ordered[len(ordered) // 2]} / {ordered[9 * len(ordered) // 10]} / {ordered[-1]}"


def soap_fields(files):
    for file in files:
        match = PARAMETERS.search(without_comments(file.text))
        if match:
            return FIELD.findall(match.group(1))
    return []


def enumerates(file, fields):
    code = without_comments(file.text, keep_strings=True)
    named = [field for field in fields if re.search(rf"(?:\.|->|::)({field}|{field.replace('_', '-')})\b", code)]
    return len(named) >= ENOUGH_FIELDS


def is_of_commands(file):
    return file.room == "commands" or COMMAND.match(file.path.stem) is not None


def lines_below(folder):
    return sum(path.read_bytes().count(b"\n") for path in folder.rglob("*") if path.suffix in SCRIPTS_AND_TESTS)


class Shape:
    """The measures of one tree: `figures` (name: text), `rooms` (name: lines, files, levels) and lists of places for those that should be few."""

    def __init__(self, root):
        files = list(source_files(root))
        graph, fields = include_graph(files), soap_fields(files)
        sessions = [file for file in files for _ in SESSION.findall(without_comments(file.text))]
        self.cycles = cycles(graph)
        self.enumerating = sorted({file.node for file in files if enumerates(file, fields)})
        self.rooms = {room: (sum(file.lines for file in files if file.room == room), sum(file.room == room for file in files), levels(graph, room))
                      for room in sorted({file.room for file in files})}
        lengths = [last - first + 1 for file in files for first, last in functions(file.text)]
        self.figures = {
            "lines in src and include": sum(file.lines for file in files),
            "lines of tests": lines_below(root / "tests"),
            "lines of scripts": lines_below(root / "scripts"),
            "rooms": len(self.rooms),
            "files (headers and sources)": len(files),
            "lines of a file: median / p90 / max": spread([file.lines for file in files]),
            "functions with a body": len(lengths),
            "lines of a function: median / p90 / max": spread(lengths),
            "cycles of includes": len(self.cycles),
            "levels of includes within a room, at most": max((most for _, _, most in self.rooms.values()), default=0),
            "parameters of type Session": len(sessions),
            "  of these below commands": sum(not is_of_commands(file) for file in sessions),
            "files that enumerate SOAP fields": len(self.enumerating),
        }


def measured(root, revision):
    if revision == ".":
        return Shape(root)
    archive = subprocess.run(["git", "-C", root, "archive", revision, "--", *FOLDERS], stdout=subprocess.PIPE, check=True).stdout
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["tar", "-x", "-C", folder], input=archive, check=True)
        return Shape(Path(folder))


def table(rows):
    """Columns aligned: the first to the left, numbers to the right."""
    widths = [max(len(str(row[i])) for row in rows) for i in range(len(rows[0]))]
    for name, *cells in rows:
        print("  ".join([f"{name:<{widths[0]}}"] + [f"{cell!s:>{width}}" for cell, width in zip(cells, widths[1:])]).rstrip())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--root", type=Path, default=ROOT)
    parser.add_argument("revisions", nargs="*", default=["."], metavar="REVISION")
    arguments = parser.parse_args()
    names = ["as it is" if revision == "." else revision for revision in arguments.revisions]
    shapes = [measured(arguments.root, revision) for revision in arguments.revisions]

    table([("", *names)] + [(key, *(shape.figures[key] for shape in shapes)) for key in shapes[0].figures])
    rooms = sorted(set().union(*(shape.rooms for shape in shapes)))
    print("\nlines / files / levels of includes of each room")
    table([("", *names)] + [(room, *(" / ".join(map(str, shape.rooms.get(room, "-"))) for shape in shapes)) for room in rooms])
    for name, shape in zip(names, shapes):
        if shape.cycles:
            print(f"\ncycles of includes ({name})")
            print("\n".join("  " + " ".join("/".join(node) for node in cycle) for cycle in shape.cycles))
        if shape.enumerating:
            print(f"\nfiles that enumerate SOAP fields ({name})")
            print("  " + " ".join("/".join(node) for node in shape.enumerating))
    return 0


if __name__ == "__main__":
    sys.exit(main())
