# SPDX-License-Identifier: BSD-3-Clause
"""Training and prediction on one rank under valgrind: no invalid access, no use of what was never set, nothing lost.

valgrind.supp holds what Open MPI and the libraries below it do as they start and stop; nothing of ours is in it.
"""
import os
import subprocess
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "integration"))
from program import PROGRAM, TINY, ProgramTest, Run, arguments, main, need  # noqa: E402

need("numpy")
import data  # noqa: E402

VALGRIND = os.environ["SOAPSTONE_VALGRIND"]
SUPPRESSIONS = Path(__file__).with_name("valgrind.supp")
FOUND = 99


class Valgrind(ProgramTest):
    def watched(self, *command):
        line = [VALGRIND, "--quiet", f"--error-exitcode={FOUND}", "--leak-check=full", "--show-leak-kinds=definite",
                "--errors-for-leak-kinds=definite", "--num-callers=30", f"--suppressions={SUPPRESSIONS}", *command]
        done = subprocess.run(line, cwd=self.folder, stdin=subprocess.DEVNULL, capture_output=True, timeout=3000, check=False)
        return Run([str(word) for word in line], done.returncode, done.stdout.decode(), done.stderr.decode())

    def test_training_and_prediction(self):
        structures = self.write("in.xyz", data.text_of(data.organics(80)))
        model = self.path("m.h5")
        keys = {**TINY, "data.structures": structures, "data.train": 70, "data.test": 10, "regression.uncertainty": "committee", "output": model}
        run = self.watched(PROGRAM, *arguments("train", keys))
        self.assertEqual(run.code, 0, str(run))
        run = self.watched(PROGRAM, *arguments("predict", {"model": model, "data.structures": structures, "output": self.path("p.csv")}))
        self.assertEqual(run.code, 0, str(run))

    def test_faults_are_seen(self):
        self.assertEqual(self.watched(os.environ["SOAPSTONE_MEMORY_FAULTS"], "none").code, 0)
        for fault in ("leak", "unset", "overrun"):
            self.assertEqual(self.watched(os.environ["SOAPSTONE_MEMORY_FAULTS"], fault).code, FOUND, fault)


if __name__ == "__main__":
    main()
