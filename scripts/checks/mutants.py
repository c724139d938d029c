#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Tests the tests: applies the mutants of tests/mutants/mutants.txt one at a time and runs the test that must fail.

It works on a copy of the sources with a separate build (--folder, default build/mutants) of only the test programs that are
named; with ccache most of it need not be compiled. Every test must pass without a mutant. Prints a table; exit code 1 if a
mutant survives, is no longer in the sources, or does not compile.
"""
import argparse
import pathlib
import shutil
import subprocess
import sys
import time
from typing import NamedTuple

ROOT = pathlib.Path(__file__).resolve().parents[2]


class Mutant(NamedTuple):
    name: str
    file: str
    text: str
    becomes: str
    test: str

    @property
    def target(self):
        """Tests of the program as a whole are named integration.NAME."""
        name = self.test.split(".")[0]
        return "soapstone" if name == "integration" else name


def read_list(path):
    lines = (line for line in path.read_text().splitlines() if line.strip() and not line.startswith("#"))
    return [Mutant(*(field.strip() for field in line.split(" | "))) for line in lines]


def copy_sources(to):
    """Copies the files that git knows, only where they differ, since time stamps decide what is built again."""
    names = subprocess.run(["git", "ls-files"], cwd=ROOT, check=True, capture_output=True, text=True).stdout.split("\n")
    for name in filter(None, names):
        source, copy = ROOT / name, to / name
        if not source.is_file() or (copy.exists() and copy.read_bytes() == source.read_bytes()):
            continue
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, copy)


def quietly(log, *command):
    with open(log, "ab") as out:
        return subprocess.run(command, stdout=out, stderr=subprocess.STDOUT).returncode == 0


def count(mutant, root):
    """How often the text of a mutant stands in its source, which must be once."""
    path = root / mutant.file
    return path.read_text().count(mutant.text) if path.is_file() else 0


class Workshop:
    def __init__(self, folder, jobs):
        self.source, self.build, self.log, self.jobs = folder, folder / "build", folder / "mutants.log", jobs
        folder.mkdir(parents=True, exist_ok=True)
        copy_sources(folder)
        self.log.unlink(missing_ok=True)
        configure = ["cmake", "-S", str(folder), "--preset", "release", "-B", str(self.build), "-DSOAPSTONE_WERROR=ON", "-DSOAPSTONE_UNITY=OFF"]
        if not quietly(self.log, *configure):
            sys.exit(f"the copy cannot be configured: {self.log}")

    def built(self, *targets):
        return quietly(self.log, "cmake", "--build", str(self.build), f"-j{self.jobs}", "--target", *targets)

    def passes(self, *tests):
        names = "|".join(test.replace(".", r"\.") for test in tests)
        return quietly(self.log, "ctest", "--test-dir", str(self.build), "--no-tests=error", "--output-on-failure",
                       "-R", f"^({names})$")

    def verdict(self, mutant):
        path = self.source / mutant.file
        if (found := count(mutant, self.source)) != 1:
            return f"its text is there {found} times"
        whole = path.read_text()
        path.write_text(whole.replace(mutant.text, mutant.becomes))
        try:
            if not self.built(mutant.target):
                return "does not compile"
            return "survived" if self.passes(mutant.test) else "killed"
        finally:
            path.write_text(whole)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--folder", type=pathlib.Path, default=ROOT / "build" / "mutants")
    parser.add_argument("--list", type=pathlib.Path, default=ROOT / "tests" / "mutants" / "mutants.txt")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--check", action="store_true", help="only find the mutants in the sources")
    parser.add_argument("names", nargs="*", help="mutants to try (default: all)")
    options = parser.parse_args()
    mutants = [m for m in read_list(options.list) if not options.names or m.name in options.names]
    if not mutants:
        sys.exit("no such mutant")
    if options.check:
        lost = [f"{m.name}: its text is {count(m, ROOT)} times in {m.file}" for m in mutants if count(m, ROOT) != 1]
        print("\n".join(lost) or f"{len(mutants)} mutants can be planted")
        return 1 if lost else 0
    workshop = Workshop(options.folder.resolve(), options.jobs)
    if not workshop.built(*sorted({m.target for m in mutants})):
        sys.exit(f"the sources do not compile: {workshop.log}")
    if not workshop.passes(*sorted({m.test for m in mutants})):
        sys.exit(f"a test fails without a mutant: {workshop.log}")
    verdicts = []
    print(f"{'mutant':22}{'test':28}{'s':>6}  verdict")
    for mutant in mutants:
        start = time.monotonic()
        verdicts.append(workshop.verdict(mutant))
        print(f"{mutant.name:22}{mutant.test:28}{time.monotonic() - start:6.0f}  {verdicts[-1]}", flush=True)
    killed = verdicts.count("killed")
    print(f"{killed} of {len(mutants)} killed")
    return 0 if killed == len(mutants) else 1


if __name__ == "__main__":
    sys.exit(main())
