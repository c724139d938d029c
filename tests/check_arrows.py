# SPDX-License-Identifier: BSD-3-Clause
"""Checks that no room of soapstone uses a room above it, that no files include each other in a circle, and that `workflow` and the rooms
below it, but for `options`, name no keys of the command line in what they say.

check_arrows.py REPOSITORY   reads every #include under include/ and src/, prints each offence as file:line, exits 1 if there is any.
It first plants one offence of each kind in a scratch copy and fails unless it finds exactly those.
"""
import re
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "scripts/checks"))
import source_tree as tree  # noqa: E402

# Direct arrows; a room may also use whatever the rooms it points to use. The same table stands in CMakeLists.txt.
ARROWS = {
    "base": [],
    "parallel": ["base"],
    "watchdog": ["parallel"],
    "h5": ["parallel"],
    "linalg": ["parallel"],
    "structure": ["base"],
    "formats": ["structure"],
    "soap": ["structure"],
    "features": ["soap"],
    "survey": ["formats", "soap", "linalg"],
    "kernel": ["features", "linalg"],
    "regression": ["kernel", "linalg", "h5"],
    "search": ["regression"],
    "options": ["search", "formats"],
    "planning": ["options"],
    "workflow": ["planning", "survey"],
    "report": ["workflow"],
    "cli": ["options"],
    "commands": ["report", "cli", "watchdog"],
}
SOURCES = {".hpp", ".cpp", ".h", ".c"}
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')
WORLD = re.compile(r"\bMPI_COMM_WORLD\b|\bCommunicator::world\b")
TEXT = re.compile(r'"(?:[^"\\]|\\.)*"')
NAME = re.compile(r'\.name = "([^"]+)"')
ADD_ROOM = re.compile(r"^\s*soapstone_add_room\(\s*(\w+)([^)]*)\)", re.MULTILINE)


def key_pattern(repository):
    """A pattern of all keys and options of the program, from the table of the command line."""
    table = repository / "src/cli/option_table.cpp"
    names = NAME.findall(table.read_text(encoding="utf-8")) if table.exists() else []
    keys = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True) if "." in name)
    others = {"config"}  # update-alternatives has one of this name
    options = "|".join(re.escape(name) for name in sorted(set(names) - others, key=len, reverse=True) if "." not in name)
    return re.compile(rf"(?<![\w.])(?:{keys})(?![\w-])|--(?:{options})\b") if names else re.compile("(?!)")


def reach(room):
    """Returns the room itself and all that it may use."""
    found = {room}
    for lower in ARROWS[room]:
        found |= reach(lower)
    return found


def without_comments(line):
    return line.split("//", 1)[0]


def source_files(repository):
    for top in ("include/soapstone", "src"):
        base = repository / top
        for path in sorted(base.rglob("*")):
            if path.suffix in SOURCES:
                yield path, path.relative_to(base).parts[0]


def include_offence(room, quote, header):
    parts = header.split("/")
    if header.startswith("..") or "/../" in header:
        return f"{header}: includes are written from soapstone/, without .."
    if parts[0] == "soapstone":
        if len(parts) < 3 or parts[1] not in ARROWS:
            return f"{header} is in no room"
        if parts[1] not in reach(room):
            return f"room {room} may not use room {parts[1]} ({header})"
    elif quote == '"' and (Path(header).parts[0] in ARROWS and Path(header).parts[0] not in reach(room)):
        return f"room {room} may not use {header}"
    elif header == "mpi.h" and room != "parallel":
        return "mpi.h is included by soapstone/parallel/mpi.hpp only"
    elif header.startswith("hdf5") and room != "h5":
        return f"only room h5 may include {header}"
    return None


def file_offences(path, room, key):
    if room not in ARROWS:
        yield 1, f"{room} is no room; known are {', '.join(ARROWS)}"
        return
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        match = INCLUDE.match(line)
        offence = include_offence(room, *match.groups()) if match else None
        if offence:
            yield number, offence
        if room not in ("commands", "parallel") and WORLD.search(without_comments(line)):
            yield number, f"room {room} may not use MPI_COMM_WORLD; it is handed a communicator"
        if room in (reach("workflow") | {"watchdog"}) - {"options"} and any(map(key.search, TEXT.findall(without_comments(line)))):
            yield number, f"room {room} may not name a key: messages have the parameter's name in backquotes (options/parameter_keys.hpp)"


def cycle_offences(repository):
    """Groups of files that include each other, told at the first of them."""
    files = list(tree.source_files(repository))
    for group in tree.cycles(tree.include_graph(files)):
        path = next(file.path for file in files if file.node == group[0])
        yield repository / path, 1, "files include each other in a circle: " + ", ".join("/".join(node) for node in group)


def build_offences(repository):
    """Checks the arrows of CMakeLists.txt in the same way."""
    build = repository / "CMakeLists.txt"
    text = build.read_text(encoding="utf-8") if build.exists() else ""
    for match in ADD_ROOM.finditer(text):
        room, used = match.group(1), match.group(2).split()
        number = text.count("\n", 0, match.start(1)) + 1
        if room not in ARROWS:
            yield build, number, f"{room} is no room"
            continue
        for other in used:
            if other in ARROWS and other not in reach(room):
                yield build, number, f"room {room} may not link room {other}"


def offences(repository):
    key = key_pattern(repository)
    for path, room in source_files(repository):
        for number, text in file_offences(path, room, key):
            yield path, number, text
    yield from cycle_offences(repository)
    yield from build_offences(repository)


PLANTED = {
    "src/soap/a.cpp": ['#include "soapstone/structure/cell.hpp"', '#include "soapstone/parallel/mpi.hpp"'],
    "include/soapstone/base/a.hpp": ["// MPI_COMM_WORLD in a comment is allowed", '#  include "soapstone/commands/b.hpp"'],
    "src/linalg/a.cpp": ['#include "soapstone/base/b.hpp"', "auto c = Communicator::world();"],
    "src/kernel/a.cpp": ['#include "soapstone/base/b.hpp"', '#include "soapstone/h5/file.hpp"'],
    "src/h5/a.cpp": ["#include <hdf5.h>", "#include <mpi.h>"],
    "src/structure/a.cpp": ["", "#include <hdf5.h>"],
    "src/regression/a.cpp": ["", '#include "soapstone/new_room/b.hpp"'],
    "src/cli/option_table.cpp": ['Option{.name = "regression.regularization"}, Option{.name = "model"}'],
    "src/workflow/a.cpp": ['stages.line("the `model`");', 'stages.line("give another --model");'],
    "src/survey/a.cpp": ['throw Error("raise `regularization` of soap.hpp");', 'throw Error("raise regression.regularization");'],
    "src/search/a.cpp": ['#include "soapstone/soap/b.hpp"', '#include "../kernel/b.hpp"'],
    "src/commands/a.cpp": ["auto c = parallel::Communicator::world();  // allowed"],
    "include/soapstone/cli/c.hpp": ['#include "soapstone/cli/d.hpp"'],  # a circle, told in its line 1
    "src/cli/d.cpp": ['#include "soapstone/cli/c.hpp"'],
    "CMakeLists.txt": ["soapstone_add_room(linalg parallel X::X)", "soapstone_add_room(soap structure h5)"],
}


OTHERS = {"src/commands/a.cpp", "src/cli/option_table.cpp", "include/soapstone/cli/c.hpp", "src/cli/d.cpp"}


def self_test():
    """The second line of each planted file is an offence, but for those of OTHERS, and so is the circle; nothing else is."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for name, lines in PLANTED.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
        found = sorted((str(path.relative_to(root)), number) for path, number, _ in offences(root))
    wanted = sorted([(name, 2) for name in PLANTED if name not in OTHERS] + [("include/soapstone/cli/c.hpp", 1)])
    if found != wanted:
        print(f"self-test: found {found}, planted {wanted}")
    return found == wanted


def main():
    if not self_test():
        return 1
    repository = Path(sys.argv[1])
    count = 0
    for path, number, text in offences(repository):
        print(f"{path.relative_to(repository)}:{number}: {text}")
        count += 1
    files = sum(1 for _ in source_files(repository))
    print(f"{files} files, {count} offences against the arrows between rooms")
    return 1 if count or not files else 0


if __name__ == "__main__":
    sys.exit(main())
