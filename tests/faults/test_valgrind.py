# SPDX-License-Identifier: BSD-3-Clause
"""Training and prediction under valgrind, on one rank and on two: no invalid access, no use of what was never set, nothing lost.

valgrind.supp holds what Open MPI and the libraries below it do as they start and stop; nothing of ours is in it.
"""
import os
import subprocess
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "integration"))
from program import MPIEXEC, PROGRAM, TINY, ProgramTest, Run, arguments, figure, main, need  # noqa: E402

need("numpy")
import data  # noqa: E402

FAULTS = os.environ["SOAPSTONE_MEMORY_FAULTS"]
FOUND = 99
VALGRIND = [os.environ["SOAPSTONE_VALGRIND"], "--quiet", f"--error-exitcode={FOUND}", "--leak-check=full", "--show-leak-kinds=definite",
            "--errors-for-leak-kinds=definite", "--num-callers=40", "--keep-debuginfo=yes",
            f"--suppressions={Path(__file__).with_name('valgrind.supp')}"]


class Valgrind(ProgramTest):
    def watched(self, ranks, *command):
        line = [*(MPIEXEC + [str(ranks)] if ranks > 1 else []), *VALGRIND, *map(str, command)]
        done = subprocess.run(line, cwd=self.folder, stdin=subprocess.DEVNULL, capture_output=True, timeout=900, check=False)
        return Run(line, done.returncode, done.stdout.decode(), done.stderr.decode())

    def clean(self, ranks, command, keys):
        run = self.watched(ranks, PROGRAM, *arguments(command, keys))
        self.assertEqual(run.code, 0, str(run))

    def train_and_predict(self, ranks):
        structures = self.write("in.xyz", data.text_of(data.organics(80)))
        model = self.path("m.h5")
        self.clean(ranks, "train", {**TINY, "data.structures": structures, "data.train": 70, "data.test": 10, "output": model,
                                    "regression.uncertainty": "committee", "report": self.path("r.json")})
        self.clean(ranks, "predict", {"model": model, "data.structures": structures, "output": self.path("p.csv")})
        self.assertEqual(len(self.path("p.csv").read_text(encoding="utf-8").splitlines()), 81)
        figure("runs_under_valgrind", 2)

    def test_one_rank(self):
        self.train_and_predict(1)

    def test_two_ranks(self):
        self.train_and_predict(2)

    def test_faults_are_seen(self):
        for ranks in (1, 2):
            run = self.watched(ranks, FAULTS, "none")
            self.assertEqual(run.code, 0, str(run))
            for fault in ("leak", "unset", "overrun"):
                run = self.watched(ranks, FAULTS, fault, ranks - 1)
                self.assertEqual(run.code, FOUND, str(run))
                self.assertIn(f"{fault}() (", run.err)


if __name__ == "__main__":
    main()
