#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Selects a part of the tests with a label and the targets that it needs: scripts/checks/test_slice.py BUILD LABEL I/N

BUILD: a configured build folder. The part is every N-th test from the I-th on, with all numbers of ranks except 6. Prints the names of
the targets on one line and on the next a regular expression for ctest -R."""
import json
import re
import subprocess
import sys
from pathlib import Path


def labelled(build, label):
    """(name, words of command and environment) of each test."""
    listing = subprocess.run(["ctest", "--test-dir", build, "--show-only=json-v1"], capture_output=True, text=True, check=True)
    for test in json.loads(listing.stdout)["tests"]:
        properties = {entry["name"]: entry["value"] for entry in test["properties"]}
        if label in properties.get("LABELS", []) and not test["name"].endswith(".6"):
            yield test["name"], test.get("command", []) + properties.get("ENVIRONMENT", [])


def main():
    build, label, part = sys.argv[1:]
    first, count = (int(number) for number in part.split("/"))
    families = {}  # tests of the same program on other numbers of ranks
    for name, words in labelled(build, label):
        families.setdefault(re.sub(r"\.\d+$", "", name), []).append((name, words))
    chosen = [test for family in list(families.values())[first - 1::count] for test in family]
    program = re.compile(re.escape(str(Path(build).resolve())) + r"/(?:bin|tests)/(\w+)$")
    targets = {found[1] for _, words in chosen for word in words if (found := program.search(word))}
    print(*sorted(targets))
    print("^(" + "|".join(re.escape(name) for name, _ in chosen) + ")$")


if __name__ == "__main__":
    main()
