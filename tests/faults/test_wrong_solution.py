# SPDX-License-Identifier: BSD-3-Clause
"""A solve that goes wrong (wrong_solution.c) is noticed: the backward error is told in the run, the report and the model, and above
30 there is no model, but exit code 4."""
import os
import re
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "integration"))
from program import MPIEXEC, PROGRAM, TINY, ProgramTest, Run, arguments, figure, main, need  # noqa: E402

_, h5py = need("numpy", "h5py")
import data  # noqa: E402

LIBRARY = os.environ.get("SOAPSTONE_WRONG_SOLUTION_LIBRARY", "")
LIMIT = 30.0


class WrongSolution(ProgramTest):
    def setUp(self):
        super().setUp()
        self.keys = {**TINY, "regression.regularization": 1e-6, "data.structures": self.write("in.xyz", data.text_of(data.organics(24)))}

    def run_with(self, amount, command, keys, ranks):
        line = MPIEXEC + [str(ranks), "env", f"LD_PRELOAD={LIBRARY}", f"SOAPSTONE_WRONG_SOLUTION={amount}", PROGRAM,
                          *arguments(command, {**self.keys, **keys, "report": self.path("r.json")})]
        for name in ("m.h5", "r.json", "c.csv"):
            self.path(name).unlink(missing_ok=True)
        done = subprocess.run(line, cwd=self.folder, stdin=subprocess.DEVNULL, capture_output=True, timeout=120, check=False)
        return Run(line, done.returncode, done.stdout.decode(), done.stderr.decode())

    def refused(self, run, output):
        """The backward error of a run that was refused as it should be."""
        self.assertEqual(run.code, 4, str(run))
        self.assertEqual(len(run.errors()), 1, str(run))
        self.assertFalse(self.path(output).exists())
        return float(re.search(r"backward error ([0-9.e+-]+) \(limit 30\)", run.errors()[0])[1])

    def accepted(self, run):
        """The backward error that an accepted run tells, in all places the same."""
        self.assertEqual(run.code, 0, str(run))
        told = float(re.search(r"backward error ([0-9.e+-]+)", run.err)[1])
        with h5py.File(self.path("m.h5"), "r") as file:
            stored = float(file["training"].attrs["backward_error"])
        self.assertAlmostEqual(told / stored, 1, delta=0.06)  # two digits
        self.assertRegex(self.path("r.json").read_text(encoding="utf-8"), rf'"backward_error": {re.escape(repr(stored))[:8]}')
        return stored

    def test_the_limit(self):
        for ranks in (1, 3):
            clean = self.accepted(self.run_with(0, "train", {"output": "m.h5"}, ranks))
            self.assertLess(clean, 1.0)
            below, above = clean, []
            for power in range(-15, -5):
                run = self.run_with(10.0**power, "train", {"output": "m.h5"}, ranks)
                if run.code == 0:
                    self.assertEqual(above, [], str(run))
                    below = self.accepted(run)
                    self.assertLessEqual(below, LIMIT)
                else:
                    above.append(self.refused(run, "m.h5"))
                    self.assertGreater(above[-1], LIMIT)
            self.assertGreater(below, 3 * clean)  # a fault that is seen but tolerated
            self.assertGreater(len(above), 3)
            self.assertGreater(above[-1] / above[0], 100)
        figure("backward_error", clean)
        figure("backward_error_accepted", below)
        figure("backward_error_refused", above[0])

    def test_a_learning_curve(self):
        keys = {"learning-curve.sizes": "8,16", "learning-curve.repeats": 1, "data.test": 5, "output": "c.csv"}
        self.assertGreater(self.refused(self.run_with(1e-6, "learning-curve", keys, 2), "c.csv"), LIMIT)


if __name__ == "__main__":
    if not LIBRARY:
        sys.exit("SOAPSTONE_WRONG_SOLUTION_LIBRARY is not set")
    main()
