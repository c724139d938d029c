# SPDX-License-Identifier: BSD-3-Clause
"""One rank throws in the midst of a command: all ranks are gone within seconds, one of them has said why, with the right exit
code, and no file is left behind. See failing_rank.cpp. SOAPSTONE_FAULT_CASES: runs per command, ranks and kind of fault;
SOAPSTONE_FAULT_COMMAND: of one command alone."""
import collections
import csv
import json
import os
import re
import subprocess
import sys
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "integration"))
from program import MPIEXEC, PROGRAM, Run, figure, main, need  # noqa: E402

need("numpy")
from small_runs import COMMANDS, SmallRuns  # noqa: E402

LIBRARY = os.environ["SOAPSTONE_FAILING_RANK"]
CASES = int(os.environ.get("SOAPSTONE_FAULT_CASES", "1"))
LONG = CASES > 1
CODES = {"mpi": 1, "memory": 6, "data": 3, "numerical": 4, "io": 5}
# A point that lacks memory or has no solution is told as failed, and the search goes on.
FAILED_POINTS = {("search", "memory"): "out of memory", ("search", "numerical"): "a fault on purpose"}
STAGE = re.compile(r"(\S.{23}) (?:\d+\.\d s|\d+ s|\d+ min \d\d s)(?:  .*)?")  # the line at its end
GOLDEN = (5**0.5 - 1) / 2  # whose multiples are spread evenly over all calls, however many runs there are
ONLY = os.environ.get("SOAPSTONE_FAULT_COMMAND", "").replace("_", " ")
LIMIT = 30.0  # seconds from the fault to the end of all ranks; 3 of them are the patience of run_agreed

CHOSEN = [name for name in COMMANDS if ONLY in ("", name)]
# What a later run of the same command goes on from.
MAY_STAY = {"c.h5", "c.h5.lock", "s.checkpoint.h5", "s.checkpoint.h5.previous", "s.checkpoint.h5.parts", "s.checkpoint.h5.lock",
            "o.checkpoint.h5", "o.checkpoint.h5.previous", "o.checkpoint.h5.lock"}


class OneRank(SmallRuns):
    """Runs of which one rank is not like the others."""

    def setUp(self):
        super().setUp()
        self.wrong, self.places, self.runs, self.slowest, self.known_calls = [], collections.Counter(), 0, 0.0, {}

    def run_with(self, name, ranks, rank, kind, at, **more):
        """A run whose rank throws at its call number `at`. Returns it and its seconds from there on (None: it had fewer calls)."""
        command = MPIEXEC + [str(ranks), "env", f"LD_PRELOAD={LIBRARY}", f"SOAPSTONE_FAIL={rank} {kind} {at} {self.path('count')}",
                             PROGRAM] + self.line(name, **more)
        fault = self.path("count.fault")
        fault.unlink(missing_ok=True)
        done = subprocess.run(command, cwd=self.path("run"), stdin=subprocess.DEVNULL, capture_output=True, timeout=300, check=False)
        seconds = time.time() - fault.stat().st_mtime if fault.exists() else None
        return Run(command, done.returncode, done.stdout.decode(), done.stderr.decode()), seconds

    def run_to_fault(self, name, ranks, rank, kind, at, **more):
        """As run_with, of a call that is reached, earlier if need be: how many calls a rank of a search makes is not the same in
        each run, since it takes the next point when it is free. Returns the call, too."""
        while True:
            run, seconds = self.run_with(name, ranks, rank, kind, at, **more)
            if seconds is not None:
                return run, seconds, at
            self.assertGreater(at, 1, str(run))
            at = (at + 1) // 2

    def calls(self, name, ranks, rank, kind):
        case = (name, ranks, rank, kind if kind in ("memory", "hang") else "mpi")
        if case not in self.known_calls:
            run, _ = self.run_with(*case, 0)
            self.assertEqual(run.code, 0, str(run))
            # The last three calls of MPI are those of the end itself, when all is done and said.
            calls = int(self.path("count").read_text(encoding="utf-8", errors="replace").splitlines()[0])
            self.known_calls[case] = calls - (0 if kind == "memory" else 3)
        return self.known_calls[case]

    def is_whole(self, file):
        """Returns whether the text is what a run that ends well leaves, to its last line."""
        if ".h5" in file.suffixes:
            return self.execute(["inspect", file]).code == 0
        text = file.read_text(encoding="utf-8")
        if file.suffix == ".json":
            try:
                return "command" in json.loads(text)
            except json.JSONDecodeError:
                return False
        lines = text.splitlines()
        if file.suffix == ".csv":
            return len(lines) > 1 and text.endswith("\n") and len({len(row) for row in csv.reader(lines)}) == 1
        return len(lines) > 1 and text.endswith("\n")

    def left_behind(self):
        """Files that nobody asked for, and outputs that are not whole."""
        for file in self.path("run").iterdir():
            if file.is_dir() or file.suffix == ".lock":
                known = file.name in MAY_STAY
            else:
                known = file.name in MAY_STAY or (not file.name.startswith(".") and file.suffix in (".csv", ".h5", ".json", ".txt", ".ini"))
                if known and not self.is_whole(file):
                    yield f"not whole: {file.name}"
            if not known:
                yield f"left behind: {file.name}"


class FailingRank(OneRank):
    def complaints(self, name, run, seconds, kind):
        goes_on = run.code == 0 and (name, kind) in FAILED_POINTS
        if goes_on:
            if FAILED_POINTS[name, kind] not in (self.path("run") / "s.csv").read_text(encoding="utf-8"):
                yield "a point failed without a word"
        elif run.code != CODES[kind]:
            yield f"exit code {run.code}"
        if len(run.errors()) != (0 if goes_on else 1):
            yield f"{len(run.errors())} messages"
        if seconds > LIMIT and not goes_on:
            yield f"{seconds:.1f} s"
        yield from self.left_behind()

    def try_call(self, name, ranks, rank, kind, at):
        """Fails in one call; returns the stages that were done before."""
        run, seconds, at = self.run_to_fault(name, ranks, rank, kind, at)
        self.runs += 1
        self.slowest = max(self.slowest, seconds if run.code else 0.0)
        done = [match[1].strip() for match in map(STAGE.fullmatch, run.err.splitlines()) if match]
        self.places[f"{name} after {done[-1] if done else 'the start'}"] += 1
        for complaint in self.complaints(name, run, seconds, kind):
            self.wrong.append(f"{complaint}: {name}, rank {rank} of {ranks}, {kind} call {at}\n{run}")
        return done

    def try_command(self, name, ranks, rank, kind, cases):
        most = self.calls(name, ranks, rank, kind)
        for _ in range(cases):
            self.try_call(name, ranks, rank, kind, 1 + int((most - 1) * ((self.runs + 1) * GOLDEN % 1)))

    def stage_calls(self, name, kind):
        """The stages of a run on two ranks, in their order, and the calls of rank 0 from the end of the one before to its own end."""
        run, _ = self.run_with(name, 2, 0, kind, 0)
        self.assertEqual(run.code, 0, str(run))
        stages, before = [], 0
        for line in self.path("count").read_text(encoding="utf-8").splitlines()[1:]:
            count, text = line.split(" ", 1)
            if match := STAGE.fullmatch(text):
                stages.append((match[1].strip(), range(before + 1, int(count) + 1)))
                before = int(count)
        return stages

    def try_every_stage(self, name):
        """Rank 0 fails in the midst of each stage, by a call of MPI and for want of memory."""
        hit, names = set(), set()
        for kind in ("mpi", "memory"):
            stages = self.stage_calls(name, kind)
            for i, (stage, calls) in enumerate(stages):
                names.add(stage)
                if calls:
                    done = self.try_call(name, 2, 0, kind, calls[len(calls) // 2])
                    if done == [before for before, _ in stages[:i]]:
                        hit.add(stage)
        print(f"{name}: failed in each of {', '.join(sorted(names)) or 'no stages'}")
        self.assertEqual(names - hit, set(), f"stages of {name} in which nothing failed")
        return names

    def finish(self):
        print(f"{self.runs} runs, {len(self.wrong)} wrong, slowest {self.slowest:.1f} s; places: "
              + ", ".join(f"{place} {count}" for place, count in sorted(self.places.items())))
        figure("injected_failures", self.runs)
        figure("injected_failure_seconds", self.slowest)
        self.assertEqual(self.wrong, [], "\n".join(self.wrong))

    @unittest.skipIf(LONG, "the long form has them all")
    def test_some(self):
        for i, (name, ranks) in enumerate((("train", 3), ("predict", 2), ("search", 2), ("evaluate", 3), ("kernel", 4), ("optimize", 2))):
            for kind in ("mpi", "memory", ("data", "numerical", "io")[i % 3]):
                self.try_command(name, ranks, (0, ranks // 2, ranks - 1)[i % 3], kind, 1)
        self.finish()

    @unittest.skipUnless(LONG, "hours")
    def test_all(self):
        self.assertTrue(CHOSEN)
        for name in CHOSEN:
            for ranks in (2, 3, 4, 6):
                for rank in sorted({0, ranks // 2, ranks - 1}):
                    for kind in CODES:
                        self.try_command(name, ranks, rank, kind, CASES)
            stages = self.try_every_stage(name)
            if name not in ("search", "inspect"):  # whose points have their stages to themselves, and which has none
                self.assertGreater(len(stages), 1)
        self.finish()


class LeftBehind(OneRank):
    """Faults for which the other tests look are seen where they are planted."""

    def complaints_of(self, name, content):
        file = self.path("run") / name
        file.write_bytes(content)
        found = list(self.left_behind())
        file.unlink()
        return found

    def test_a_file_that_is_half_written_is_seen(self):
        model = self.path("model.h5").read_bytes()
        whole = {"m.h5": model, "c.h5": model, "r.json": b'{"command": "train", "n_train": 24}\n',
                 "p.csv": b"index,n_atoms,predicted\n0,3,-1.5\n", "o.txt": b"H C\n0.5 0.25\n", "o.ini": b"[soap]\ncutoff = 4\n"}
        for name, content in whole.items():
            self.assertEqual(self.complaints_of(name, content), [])
            for size in (0, len(content) // 2, len(content) - 2):
                self.assertEqual(self.complaints_of(name, content[:size]), [f"not whole: {name}"])
        for name in (".m.h5.1.tmp", "core", "x.lock", "m.tmp"):
            self.assertEqual(self.complaints_of(name, model), [f"left behind: {name}"])


class HungRank(OneRank):
    """A rank that never comes back is named by the others, with the stage, and the run ends with exit code 1."""

    def expect_named(self, name, ranks, rank, share):
        at = 1 + int((self.calls(name, ranks, rank, "hang") - 1) * share)
        run, seconds, _ = self.run_to_fault(name, ranks, rank, "hang", at, **{"parallel.watchdog": 1})
        self.assertEqual(run.code, 1, str(run))
        self.assertEqual(len(run.errors()), 1, str(run))
        self.assertRegex(run.errors()[0], rf"rank {rank} has not responded, and ranks? .* waited for 1\.0 s in the stage '[a-z -]+'")
        self.assertLess(seconds, LIMIT)
        for complaint in self.left_behind():
            self.fail(f"{complaint}\n{run}")

    def test_some(self):
        # In a search of as many groups as points, too, where ranks wait for others that may work for as long as they like.
        cases = ([("train", 3, 1, 0.5), ("search", 4, 3, 0.15), ("search", 4, 3, 0.5), ("search", 2, 1, 0.8), ("search", 2, 0, 0.6),
                  ("kernel", 2, 0, 0.7), ("optimize", 4, 0, 0.15)]
                 if not LONG else [(name, ranks, rank, share) for name in CHOSEN if name != "inspect"  # by rank 0 alone, unwatched
                                   for ranks in (2, 4) for rank in (0, ranks - 1) for share in (0.15, 0.5, 0.9)])
        for case in cases:
            with self.subTest(case=case):
                self.expect_named(*case)
        figure("hung_ranks_named", len(cases))

    def test_a_rank_that_is_slow_is_waited_for(self):
        run, _ = self.run_with("train", 3, 1, "pause", 20, **{"parallel.watchdog": 5})
        self.assertEqual(run.code, 0, str(run))


if __name__ == "__main__":
    main()
