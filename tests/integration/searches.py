# SPDX-License-Identifier: BSD-3-Clause
"""Runs that are interrupted, above all searches, and what they leave behind."""
import csv
import io
import os
import re
import signal
import subprocess
import time

from program import MPIEXEC, PROGRAM, ProgramTest, Run, arguments
import data

# As many ranks per group whatever the number of ranks: tables are equal to the byte.
SEARCH = {"soap.n-max": 3, "soap.l-max": 2, "soap.cutoff": "3,3.5,4", "radial-scaling.scale": "1.5:3:4",
          "radial-scaling.exponent": "0,5", "regression.regularization": "1e-7:1e-3:log3", "validation.folds": 5}
POINTS = 24


def is_rank(pid):
    """Whether a process runs the program itself (and not its launcher)."""
    try:
        return os.path.samefile(f"/proc/{pid}/exe", PROGRAM)
    except OSError:
        return False


def descendants(pid):
    found, parents = [], {pid}
    processes = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                with open(f"/proc/{entry}/stat", encoding="utf-8", errors="replace") as file:
                    processes[int(entry)] = int(file.read().rsplit(")", 1)[1].split()[1])
            except OSError:
                pass
    grew = True
    while grew:
        new = [child for child, parent in processes.items() if parent in parents and child not in parents]
        parents.update(new)
        found += new
        grew = bool(new)
    return found


def wait_for(condition, run, seconds=60):
    """Until the condition holds or the run has ended; true if it holds."""
    end = time.monotonic() + seconds
    while not condition():
        if not run.running() or time.monotonic() > end:
            return condition()
        time.sleep(0.002)
    return True


class Background:
    """A run of the program under way."""

    def __init__(self, keys, ranks, folder, command="search"):
        self.command = [PROGRAM] + arguments(command, keys)
        if ranks > 1:
            self.command = MPIEXEC + [str(ranks)] + self.command
        self.out, self.err = folder / "out.txt", folder / "err.txt"
        with open(self.out, "wb") as out, open(self.err, "wb") as err:
            self.process = subprocess.Popen(self.command, stdout=out, stderr=err, stdin=subprocess.DEVNULL, cwd=folder,
                                            start_new_session=True)

    def running(self):
        return self.process.poll() is None

    def ranks(self):
        """Process ids of the ranks, while they run."""
        return [pid for pid in [self.process.pid] + descendants(self.process.pid) if is_rank(pid)]

    def shown(self):
        """Points that the run has told of."""
        numbers = re.findall(r"^point (\d+) of", self.err.read_text(encoding="utf-8"), re.MULTILINE)
        return max(map(int, numbers), default=0)

    def signal(self, number):
        if self.running():
            self.process.send_signal(number)

    def wait(self, timeout=120):
        try:
            code = self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            raise AssertionError(f"no end after {timeout} s\n{self.result(-9)}") from None
        return self.result(code)

    def result(self, code):
        return Run(self.command, code, self.out.read_text(encoding="utf-8"), self.err.read_text(encoding="utf-8"))


class SearchTest(ProgramTest):
    """Searches over a few small molecules."""

    structures = 60

    def setUp(self):
        super().setUp()
        # H, C, N and O in every molecule: all folds have the same elements.
        frames = [frame for frame in data.organics(400) if set(frame.species) == {"H", "C", "N", "O"}]
        self.input = self.write("in.xyz", data.text_of(frames[:self.structures]))
        self.keys = {"data.structures": self.input, **SEARCH}

    def search(self, ranks=1, code=0, **keys):
        return self.run_program("search", {**self.keys, **keys}, ranks, code)

    def start(self, ranks=1, **keys):
        return Background({**self.keys, **keys}, ranks, self.folder)

    def table(self, name="search.csv"):
        return self.path(name).read_text(encoding="utf-8")

    def expect_same_tables(self, name, other="search.csv"):
        """Equal to the byte; shows the lines that are not."""
        lines, others = self.table(name).splitlines(), self.table(other).splitlines()
        self.assertEqual([pair for pair in zip(lines, others) if pair[0] != pair[1]], [])
        self.assertEqual(self.table(name), self.table(other))

    def rows(self, name="search.csv"):
        return list(csv.DictReader(io.StringIO(self.table(name))))

    def inspected(self, name="search.checkpoint.h5"):
        """Status and number of points in a checkpoint, as inspect tells them."""
        run = self.execute(["inspect", name])
        self.assertEqual(run.code, 0, str(run))
        status, points = re.search(r"search, (\w+) \(.*\): (\d+) of \d+ points", run.out).groups()
        return status, int(points)

    def wait_for(self, condition, run, seconds=60):
        return wait_for(condition, run, seconds)
