# SPDX-License-Identifier: BSD-3-Clause
"""A solve that goes wrong (wrong_solution.c) is noticed: the backward error is told in the run, the report and the model, and above
30 there is no model, but exit code 4. So is a preconditioner that goes wrong, by the true residual of the iterative solver."""
import json
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
PRIMAL = {"regression.solver": "primal", "soap.contraction": 6, "regression.regularization": 1e-4}


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

    def limit(self, keys, ranks):
        """Backward errors as it is, largest accepted, refused: of faults that grow."""
        clean = self.accepted(self.run_with(0, "train", {**keys, "output": "m.h5"}, ranks))
        self.assertLess(clean, 1.0)
        below, above = clean, []
        for power in range(-15, -5):
            run = self.run_with(10.0**power, "train", {**keys, "output": "m.h5"}, ranks)
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
        return clean, below, above

    def test_the_limit(self):
        for keys, ranks in (({}, 1), ({}, 3), (PRIMAL, 2)):
            with self.subTest(keys=keys, ranks=ranks):
                clean, below, above = self.limit(keys, ranks)
                figure("backward_error", clean)
                figure("backward_error_accepted", below)
                figure("backward_error_refused", above[0])

    def test_primal_coefficients_that_rounding_has_taken(self):
        """Though the primal equations are solved: with a lambda so tiny, refinement does not restore the coefficients."""
        keys = {**PRIMAL, "regression.regularization": 1e-15, "output": "m.h5"}
        run = self.run_with(0, "train", keys, 1)
        self.assertEqual(run.code, 4, str(run))
        self.assertRegex(run.errors()[0], r"relative residual is \S+ \(limit 0\.1;")
        self.assertFalse(self.path("m.h5").exists())

    def test_the_iterative_solver(self):
        """A wrong preconditioner takes more iterations, or leads nowhere: to the same predictions, or to exit code 4."""
        keys = {"regression.solver": "cg", "soap.contraction": 20, "regression.regularization": 1e-4, "data.test": 6, "output": "m.h5"}
        refused, clean = 0, None
        for ranks in (1, 2):
            for amount in (0, 1e-9, 1e-6, 1e-3, 1e-1, 1, 10):
                run = self.run_with(amount, "train", keys, ranks)
                if run.code != 0:
                    self.assertGreater(amount, 1e-7, str(run))
                    self.assertEqual(run.code, 4, str(run))
                    self.assertRegex(run.errors()[0], "the iterative solve (is not accurate|broke down)")
                    self.assertFalse(self.path("m.h5").exists())
                    refused += 1
                    continue
                with h5py.File(self.path("m.h5"), "r") as file:
                    residual = float(file["training"].attrs["residual"])
                    self.assertNotIn("backward_error", file["training"].attrs)
                self.assertLessEqual(residual, 0.1)
                self.assertAlmostEqual(float(re.search(r"; relative residual ([0-9.e+-]+)", run.err)[1]) / residual, 1, delta=0.06)
                report = json.loads(self.path("r.json").read_text(encoding="utf-8"))
                self.assertEqual((report["residual"], report["backward_error"]), (residual, None))
                converged = report["solver"]["targets"][0]["converged"]
                self.assertEqual(converged, "without converging" not in run.err, str(run))
                if amount == 0:
                    clean = report["test"]["mae"]
                if converged:
                    self.assertLessEqual(residual, 1e-2)
                    self.assertAlmostEqual(report["test"]["mae"] / clean, 1, delta=1e-2)
        self.assertGreater(refused, 1)
        figure("iterative_solutions_refused", refused)

    def test_a_learning_curve(self):
        keys = {"learning-curve.sizes": "8,16", "learning-curve.repeats": 1, "data.test": 5, "output": "c.csv"}
        self.assertGreater(self.refused(self.run_with(1e-6, "learning-curve", keys, 2), "c.csv"), LIMIT)


    def test_cross_validation(self):
        """Cross-validation by inverses and by eigenvectors tells the error in the run and the report, and is refused."""
        for method in ("inverse", "eigen"):
            run = self.run_with(0, "evaluate", {"validation.folds": 3, "validation.method": method, "output": "c.csv"}, 2)
            self.assertEqual(run.code, 0, str(run))
            told = float(re.search(r"backward error ([0-9.e+-]+)", run.err)[1])
            self.assertTrue(0 < told < 1, str(run))
            report = json.loads(self.path("r.json").read_text(encoding="utf-8"))
            self.assertAlmostEqual(told / report["backward_error"], 1, delta=0.06)
            self.assertEqual(report["regularization"][0]["backward_error"], report["backward_error"])
            wrong = self.run_with(1e-3, "evaluate", {"validation.folds": 3, "validation.method": method, "output": "c.csv"}, 2)
            self.assertGreater(self.refused(wrong, "c.csv"), LIMIT)

    def test_search_and_optimize(self):
        keys = {"validation.folds": 3}
        run = self.run_with(0, "search", {**keys, "soap.cutoff": "3,4", "output": "c.csv"}, 2)
        self.assertEqual(run.code, 0, str(run))
        table = json.loads(self.path("r.json").read_text(encoding="utf-8"))["table"]
        self.assertTrue(all(0 < row["backward_error"] < 1 for row in table), table)
        run = self.run_with(0, "optimize", {**keys, "optimize.parameters": "scale", "optimize.iterations": 1, "output": "o.txt"}, 2)
        self.assertEqual(run.code, 0, str(run))
        found = json.loads(self.path("r.json").read_text(encoding="utf-8"))["backward_error"]
        self.assertTrue(0 < found < 1)
        self.assertRegex(run.err, r"backward error at the optimum [0-9.e+-]+")


if __name__ == "__main__":
    if not LIBRARY:
        sys.exit("SOAPSTONE_WRONG_SOLUTION_LIBRARY is not set")
    main()
