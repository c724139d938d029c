#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Splits extended XYZ or raw QM9 at random: split_xyz.py FILE COUNT FIRST.xyz REST.xyz [SEED [TOTAL]]

COUNT structures are written to FIRST, the others to REST (TOTAL structures in both files, if given). The frames are not changed.
"""
import random
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from plotting.inputs import InputError, frame_length, read_text  # noqa: E402


def frames(path):
    lines, at, found = read_text(path).splitlines(keepends=True), 0, []
    while at < len(lines) and lines[at].strip():
        try:
            size = frame_length(lines, at)
        except (ValueError, IndexError):
            raise InputError(f"{path}:{at + 1}: not a frame of extended XYZ") from None
        found.append("".join(lines[at:at + size]))
        at += size
    return found


def main(words):
    if not 4 <= len(words) <= 6:
        sys.exit(__doc__)
    path, count, first, rest, *more = words
    seed, total = (more + ["1", "0"][len(more):])[:2]
    try:
        found = frames(path)
    except InputError as error:
        sys.exit(f"split_xyz.py: error: {error}")
    random.Random(int(seed)).shuffle(found)
    found = found[:int(total) or None]
    if not 0 < int(count) < len(found):
        sys.exit(f"split_xyz.py: error: {path}: {len(found)} structures, but {count} are requested")
    for name, part in ((first, found[:int(count)]), (rest, found[int(count):])):
        with open(name, "w", encoding="utf-8") as file:
            file.write("".join(part))
    print(f"{path}: {count} structures to {first}, {len(found) - int(count)} to {rest}")


if __name__ == "__main__":
    main(sys.argv[1:])
