# SPDX-License-Identifier: BSD-3-Clause
"""Draws the rooms and their dependencies as SVG, from the CMake targets (<build>/rooms.txt).

    draw_rooms.py ROOMS.txt PICTURE.svg            writes the picture
    draw_rooms.py --check ROOMS.txt PICTURE.svg    exit code 1 if the picture is out of date

Higher boxes use lower ones. An arrow that follows from others is omitted. Needs nothing but Python.
"""
import sys
from html import escape

PURPOSE = {
    "commands": "one file per command; alone sees MPI_COMM_WORLD",
    "report": "console, tables, CSV, JSON, extended XYZ",
    "cli": "words and files to options; help, completion, manual",
    "workflow": "load, train, predict, evaluate, search; typed results",
    "planning": "bytes and seconds of a run before it",
    "options": "what a run is asked for, as typed values",
    "search": "grids, halving, gradients, work queue over groups of ranks",
    "regression": "baselines, ridge regression, cross-validation, models",
    "survey": "what a data set is like: duplicates, outliers, contacts",
    "kernel": "rows over ranks, tiles, sums of kernels, contraction",
    "features": "structures to rows, forward and reverse; knows no MPI",
    "soap": "one environment: radial basis, density, power spectrum",
    "linalg": "process grids, block-cyclic matrices, ScaLAPACK",
    "watchdog": "names a rank that hangs; for the program alone",
    "h5": "checksummed files, whole or not at all",
    "formats": "extended XYZ, QM9, archives: files to frames and back",
    "structure": "elements, cells, neighbours, compositions",
    "parallel": "communicators, collectives, agreed errors",
    "base": "errors, units, text, timing, random numbers"}
WIDTH, HEIGHT, GAP, RISE, MARGIN = 300, 62, 40, 44, 16


def read(path):
    """Returns the rooms with the rooms and the external packages that they link."""
    rooms = {}
    with open(path, encoding="utf-8") as file:
        for line in file:
            name, links = line.strip().split(":", 1)
            words = links.split()
            inside = [word.removeprefix("soapstone_") for word in words if word.startswith("soapstone_")]
            rooms[name] = inside, [word for word in words if not word.startswith("soapstone_")]
    return rooms


def below(rooms, name):
    """Returns all that a room depends on."""
    return set().union(*({used} | below(rooms, used) for used in rooms[name][0])) if rooms[name][0] else set()


def reduced(rooms):
    """Returns the arrows that no other path implies."""
    for name, (used, _) in rooms.items():
        for one in used:
            if not any(one in below(rooms, other) for other in used if other != one):
                yield name, one


def level(rooms, name):
    return 1 + max((level(rooms, used) for used in rooms[name][0]), default=-1)


def placed(rooms):
    """Returns the centre of each box, x to the right and y down. Within a level, boxes stand over those that they use."""
    levels = {}
    for name in rooms:
        levels.setdefault(level(rooms, name), []).append(name)
    widest = max(len(names) for names in levels.values())
    whole = widest * WIDTH + (widest - 1) * GAP
    places = {}
    for height, names in sorted(levels.items()):
        # Over the mean of what they use; rooms that use the same stand in the order of their names.
        names.sort(key=lambda name: (sum(places[used][0] for used in rooms[name][0]) / max(1, len(rooms[name][0])), name))
        row = len(names) * WIDTH + (len(names) - 1) * GAP
        for i, name in enumerate(names):
            x = MARGIN + (whole - row) / 2 + i * (WIDTH + GAP) + WIDTH / 2
            places[name] = x, MARGIN + (len(levels) - 1 - height) * (HEIGHT + RISE) + HEIGHT / 2
    return places, whole + 2 * MARGIN, len(levels) * (HEIGHT + RISE) - RISE + 2 * MARGIN


def package(target):
    """Returns HDF5 for HDF5::soapstone."""
    return target.split("::")[0].replace("nlohmann_json", "nlohmann-json").replace("LBFGS", "libLBFGS").replace(
        "Boost", "Boost" if target == "Boost::headers" else "Boost.Program_options")


def box(name, place, outside):
    x, y = place
    words = PURPOSE[name]
    note = ", ".join(package(target) for target in outside)
    y += 0 if note else 7
    lines = [f'<g><rect x="{x - WIDTH / 2:g}" y="{place[1] - HEIGHT / 2:g}" width="{WIDTH}" height="{HEIGHT}" rx="8"/>',
             f'<text class="name" x="{x:g}" y="{y - 12:g}">{escape(name)}</text>',
             f'<text class="what" x="{x:g}" y="{y + 5:g}">{escape(words)}</text>']
    if note:
        lines.append(f'<text class="note" x="{x:g}" y="{y + 21:g}">{escape(note)}</text>')
    return "\n".join(lines + ["</g>"])


def arrow(start, end):
    """Draws an arrow from the foot of one box to the head of another, or from its side past the levels between."""
    x0, y0, x1, y1 = start[0], start[1] + HEIGHT / 2, end[0], end[1] - HEIGHT / 2 - 3
    if y1 - y0 > RISE and x0 != x1:
        x0 += WIDTH / 2 if x1 > x0 else -WIDTH / 2
        return f'<path d="M{x0:g},{start[1]:g} Q{x1:g},{start[1]:g} {x1:g},{y1:g}"/>'
    bend = (y1 - y0) / 2
    return f'<path d="M{x0:g},{y0:g} C{x0:g},{y0 + bend:g} {x1:g},{y1 - bend:g} {x1:g},{y1:g}"/>'


def picture(rooms):
    places, width, height = placed(rooms)
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" width="{width:g}" height="{height:g}">',
             "<!-- Drawn by scripts/checks/draw_rooms.py from the CMake targets; do not edit. -->",
             "<style>text{font-family:'DejaVu Sans',Verdana,sans-serif;text-anchor:middle;fill:#1a1a1a}.name{font-size:15px;font-weight:bold}"
             ".what{font-size:9.5px}.note{font-size:9px;font-style:italic;fill:#555}rect{fill:#eef3f8;stroke:#0072b2;stroke-width:1.2}"
             "path{fill:none;stroke:#555;stroke-width:1.3;marker-end:url(#head)}</style>",
             '<defs><marker id="head" viewBox="0 0 10 10" refX="8" refY="5" markerWidth="7" markerHeight="7" orient="auto">'
             '<polygon points="0,1 9,5 0,9" fill="#555"/></marker></defs>',
             f'<rect x="0" y="0" width="{width:g}" height="{height:g}" style="fill:#fff;stroke:none"/>']
    parts += [arrow(places[a], places[b]) for a, b in reduced(rooms)]
    parts += [box(name, places[name], rooms[name][1]) for name in rooms]
    return "\n".join(parts + ["</svg>"]) + "\n"


def main(words):
    check = words[:1] == ["--check"]
    source, target = words[1:] if check else words
    rooms = read(source)
    if strangers := set(rooms) - set(PURPOSE):
        sys.exit(f"draw_rooms.py: add the purpose of these rooms to PURPOSE: {', '.join(sorted(strangers))}")
    text = picture(rooms)
    if check:
        with open(target, encoding="utf-8") as file:
            if file.read() == text:
                return 0
        print(f"{target} is out of date; draw it again: cmake --build <build> --target diagram", file=sys.stderr)
        return 1
    with open(target, "w", encoding="utf-8") as file:
        file.write(text)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
