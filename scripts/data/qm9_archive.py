# SPDX-License-Identifier: BSD-3-Clause
"""Reads the published QM9 archive, leaves out the molecules on the exclusion list, and writes the others to one file.

    qm9_archive.py dsgdb9nsd.xyz.tar.bz2 --excluded uncharacterized.txt --output qm9.xyz.xz

Every record is kept byte by byte as published: soapstone reads this format, and no number is rounded or converted. Only the
container changes: one compressed text file instead of a tar archive of 134 000 files. Needs nothing but Python. Exit code 3: the
archive or the list is not what was expected.
"""
import argparse
import gzip
import lzma
import os
import re
import sys
import tarfile

PUBLISHED, PUBLISHED_EXCLUDED = 133885, 3054
U0 = 12  # position of the energy at 0 K (hartree) among the words of the second line


class Unexpected(Exception):
    """The archive or the list is not what was expected."""


def excluded_indices(path):
    """Molecules on the list: lines that begin with an index, below a header in words."""
    with open(path, encoding="utf-8", errors="replace") as file:
        found = [int(words[0]) for words in map(str.split, file) if words and words[0].isdigit()]
    if len(found) != len(set(found)):
        raise Unexpected(f"{path}: a molecule is listed twice")
    if not found:
        raise Unexpected(f"{path}: no line begins with the index of a molecule")
    return set(found)


def index_of(text, name):
    """Returns the molecule's index from its second line, which must agree with the number in its file's name."""
    lines = text.splitlines()
    words = lines[1].split() if len(lines) > 1 else []
    if len(words) != 17 or words[0] != "gdb" or not words[1].isdigit() or not lines[0].strip().isdigit():
        raise Unexpected(f"{name}: not a record of QM9 (atoms, then `gdb`, an index and 15 numbers)")
    if len(lines) < int(lines[0]) + 5:
        raise Unexpected(f"{name}: the record is incomplete")
    number = re.search(r"(\d+)\.xyz$", name)
    if number and int(number.group(1)) != int(words[1]):
        raise Unexpected(f"{name}: contains molecule {words[1]}")
    return int(words[1])


def records(path):
    """Index and text of every molecule, in the archive's order."""
    with tarfile.open(path, "r|*") as archive:
        for member in archive:
            if member.isfile() and member.name.endswith(".xyz"):
                text = archive.extractfile(member).read().decode("ascii")
                yield index_of(text, member.name), text if text.endswith("\n") else text + "\n"


def opened(path):
    if path.endswith(".xz"):
        return lzma.open(path + ".part", "wt", encoding="ascii", preset=6, newline="")
    if path.endswith(".gz"):
        return gzip.open(path + ".part", "wt", encoding="ascii", newline="")
    return open(path + ".part", "w", encoding="ascii", newline="")


class Tally:
    """Summarises the molecules that were kept."""

    def __init__(self):
        self.molecules = self.atoms = self.heavy = 0
        self.least, self.most, self.lowest, self.highest = 10**9, 0, float("inf"), float("-inf")
        self.elements = {}

    def add(self, text):
        lines = text.splitlines()
        symbols = [line.split()[0] for line in lines[2:2 + int(lines[0])]]
        self.molecules += 1
        self.atoms += len(symbols)
        self.least, self.most = min(self.least, len(symbols)), max(self.most, len(symbols))
        for symbol in set(symbols):
            self.elements[symbol] = self.elements.get(symbol, 0) + 1
        energy = float(lines[1].split()[U0].replace("*^", "e"))
        self.lowest, self.highest = min(self.lowest, energy), max(self.highest, energy)

    def __str__(self):
        holders = ", ".join(f"{symbol} in {count}" for symbol, count in sorted(self.elements.items()))
        return (f"{self.molecules} molecules, {self.atoms} atoms, {self.least} to {self.most} each; {holders}; "
                f"U0 {self.lowest:.6f} to {self.highest:.6f} hartree")


def convert(source, excluded, output):
    """Writes the molecules that are not excluded; the tally of them, the number read, and the indices left out."""
    tally, seen, dropped = Tally(), set(), set()
    with opened(output) as file:
        for index, text in records(source):
            if index in seen:
                raise Unexpected(f"{source}: molecule {index} occurs twice")
            seen.add(index)
            if index in excluded:
                dropped.add(index)
            else:
                tally.add(text)
                file.write(text)
    if not tally.molecules:
        raise Unexpected(f"{source}: no molecule is left")
    return tally, len(seen), dropped


def run(options):
    excluded = excluded_indices(options.excluded) if options.excluded else set()
    if options.published and options.excluded and len(excluded) != PUBLISHED_EXCLUDED:
        raise Unexpected(f"{options.excluded}: {len(excluded)} molecules, expected {PUBLISHED_EXCLUDED}")
    try:
        tally, read, dropped = convert(options.archive, excluded, options.output)
        if options.published and read != PUBLISHED:
            raise Unexpected(f"{options.archive}: {read} molecules, expected {PUBLISHED}")
        if missing := excluded - dropped:
            raise Unexpected(f"{options.excluded}: molecule {min(missing)} is not in the archive ({len(missing)} of these)")
        os.replace(options.output + ".part", options.output)
    finally:
        if os.path.exists(options.output + ".part"):
            os.remove(options.output + ".part")
    print(f"{options.archive}: {read} molecules, {len(dropped)} left out as listed")
    print(f"{options.output}: {tally}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("archive")
    parser.add_argument("--excluded", metavar="FILE", help="list of molecules to leave out")
    parser.add_argument("--output", metavar="FILE", required=True)
    parser.add_argument("--published", action="store_true", help="refuse numbers of molecules that differ from the published ones")
    try:
        run(parser.parse_args())
    except (Unexpected, tarfile.TarError, UnicodeDecodeError, EOFError, OSError, ValueError) as error:
        print(f"qm9_archive.py: error: {error}", file=sys.stderr)
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main())
