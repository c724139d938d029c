# SPDX-License-Identifier: BSD-3-Clause
"""The program under mpi_ledger.cpp: all that it makes of MPI and HDF5 is freed, all ranks call the same collectives, and
delays at random change no bit of a result. SOAPSTONE_LONG: every command on every number of ranks, 20 repeats."""
import json
import os
import re
import subprocess
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "integration"))
from program import MPIEXEC, PROGRAM, Run, figure, main, need  # noqa: E402

np, h5py = need("numpy", "h5py")
import data  # noqa: E402
from small_runs import COMMANDS, SmallRuns  # noqa: E402

LIBRARY, FAULTS = os.environ["SOAPSTONE_MPI_LEDGER"], os.environ["SOAPSTONE_LEDGER_FAULTS"]
LONG = "SOAPSTONE_LONG" in os.environ
LAST = re.compile(r"^ledger: (\d+) complaints; (\d+) objects made, (\d+) of other libraries open; (\d+) collective calls$", re.MULTILINE)

SHORT = [("train", 1), ("train", 2), ("train", 4), ("predict", 3), ("predict", 4), ("search", 1), ("search", 3), ("search", 4),
         ("optimize", 2), ("optimize", 3), ("kernel", 4), ("train cg", 3), ("train primal", 4)]


class Ledger(SmallRuns):
    def watched(self, line, ranks, **environment):
        """A run under the ledger; it, and the four numbers of the ledger's last line."""
        command = MPIEXEC + [str(ranks), "env", f"LD_PRELOAD={LIBRARY}", *(f"{k}={v}" for k, v in environment.items()), *line]
        done = subprocess.run(command, cwd=self.path("run"), stdin=subprocess.DEVNULL, capture_output=True, timeout=120, check=False)
        run = Run(command, done.returncode, done.stdout.decode(), done.stderr.decode())
        found = LAST.search(run.err)
        self.assertIsNotNone(found, str(run))
        return run, [int(number) for number in found.groups()]

    def command(self, name, ranks, **environment):
        run, numbers = self.watched([PROGRAM, *self.line(name)], ranks, **environment)
        self.assertEqual(run.code, 0, str(run))
        return run, numbers


class Faults(Ledger):
    """The ledger sees what it is there for."""

    def test_leaks(self):
        of_mpi = ("communicators", "groups", "datatypes", "requests", "operations", "windows")
        for fault, what in (*((kind, kind) for kind in of_mpi), ("HDF5", "HDF5 objects"), ("spaces", "HDF5 data spaces"),
                            ("lists", "HDF5 property lists"), ("types", "HDF5 objects")):
            with self.subTest(what=what):
                run, (complaints, _, _, _) = self.watched([FAULTS, fault], 2)
                self.assertEqual(complaints, 2, str(run)) # one per rank
                self.assertRegex(run.err, rf"(?m)^ledger: rank 1: 1 {what} not (freed|closed)")

    def test_open_files(self):
        run, (complaints, _, _, _) = self.watched([FAULTS, "file"], 2)
        self.assertEqual(complaints, 2, str(run))
        self.assertRegex(run.err, r"(?m)^ledger: rank 1: file not closed: .*/lost\.txt$")

    def test_mismatches(self):
        for what in ("one_more", "another_root"):
            with self.subTest(what=what):
                run, (complaints, _, _, _) = self.watched([FAULTS, what], 3)
                self.assertEqual(complaints, 1, str(run))
                self.assertIn("different collectives on a communicator of 3 ranks", run.err)

    def test_nothing_wrong(self):
        run, (complaints, made, _, calls) = self.watched([FAULTS, "none"], 3)
        self.assertEqual((complaints, made), (0, 3), str(run))
        self.assertEqual(calls, 9, str(run))  # dup, free, barrier on each


class Program(Ledger):
    def test_all_is_freed_and_all_ranks_agree(self):
        cases = [(name, ranks) for name in COMMANDS for ranks in (1, 2, 3, 4)] if LONG else SHORT
        total = 0
        for name, ranks in cases:
            with self.subTest(command=name, ranks=ranks):
                run, (complaints, made, others, calls) = self.command(name, ranks)
                self.assertEqual(complaints, 0, str(run))
                self.assertEqual(others, 0, str(run))
                self.assertGreater(made, 0)
                self.assertGreater(calls, 10)
                total += calls
        figure("ledger_runs", len(cases))
        figure("collective_calls", total)


class Delays(Ledger):
    """Equal to the bit, whatever the timing."""
    SHORT_CASES = (("kernel", 3, 4), ("train", 4, 4), ("evaluate", 3, 3), ("learning-curve", 2, 3), ("search", 4, 3), ("optimize", 2, 3))
    LONG_CASES = tuple((name, ranks, 20) for name, ranks in (
        ("kernel", 3), ("kernel", 4), ("train", 2), ("train", 3), ("train", 4), ("train cg", 3), ("train primal", 4), ("evaluate", 2),
        ("evaluate", 4), ("learning-curve", 3), ("search", 3), ("search", 4), ("optimize", 2), ("optimize", 4)))

    def kept(self, name, ranks, seed):
        self.command(name, ranks, SOAPSTONE_LEDGER_DELAY=f"{seed} 2000")
        files = {path.name: path.read_bytes() for path in self.path("run").iterdir()
                 if path.is_file() and path.suffix not in (".lock", ".previous")}  # how often a checkpoint was written is a matter of time
        report = json.loads(files.pop("r.json", b"{}"))
        return {name: self.timeless(name, content) for name, content in files.items()}, without_times(report)

    def timeless(self, name, content):
        if name.endswith(".checkpoint.h5"):
            return checkpoint_without_times(self.path("run") / name)
        if not name.endswith(".h5") or name == "k.h5":
            return content
        model = data.ModelFile(self.path("run") / name)
        return model.coefficients.tobytes(), sorted(model.configuration.items()), model.lambda_, model.baseline

    def test_repeats(self):
        runs = 0
        for name, ranks, repeats in self.LONG_CASES if LONG else self.SHORT_CASES:
            with self.subTest(command=name, ranks=ranks):
                first = self.kept(name, ranks, 1)
                self.assertTrue(first[0])
                for seed in range(2, repeats + 1):
                    self.assertEqual(self.kept(name, ranks, seed), first)
                runs += repeats
        figure("equal_runs", runs)


def checkpoint_without_times(path):
    """Every data set of a checkpoint but the seconds that its points took."""
    found = {}

    def take(name, item):
        if isinstance(item, h5py.Dataset) and "seconds" not in name:
            value = np.asarray(item[()])
            found[name] = value.tolist() if value.dtype.hasobject else value.tobytes()

    with h5py.File(path, "r") as file:
        file.visititems(take)
    return found


def without_times(value):
    """A report without what is measured of the machine: seconds, rates, idle ranks, memory."""
    if isinstance(value, dict):
        return {key: without_times(item) for key, item in value.items()
                if not re.search("seconds|gflops|per_second|per_hour|idle_share|memory|warnings|time", key)}
    return [without_times(item) for item in value] if isinstance(value, list) else value


if __name__ == "__main__":
    main()
