# SPDX-License-Identifier: BSD-3-Clause
"""The scripts that go from data to tables and figures, each in a small form on data that ship with the project or that it makes."""
import json
import os
import subprocess
import sys
import unittest
from pathlib import Path

from program import PROGRAM, ProgramTest, main, need

need("numpy", "matplotlib", "h5py")
import data  # noqa: E402
import qm9  # noqa: E402

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts/reproduce"
LONG = "SOAPSTONE_LONG" in os.environ


class Reproduce(ProgramTest):
    def reproduce(self, name, *words, **settings):
        """Runs scripts/reproduce/<name>.sh; its standard output."""
        self.results = self.path(name)
        run = subprocess.run([SCRIPTS / f"{name}.sh", *words], capture_output=True, text=True, check=False, env={
            **os.environ, "SOAPSTONE": PROGRAM, "PYTHON": sys.executable, "RESULTS": str(self.results),
            "MPLCONFIGDIR": str(self.folder), "PYTHONDONTWRITEBYTECODE": "1", **settings})
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)
        return run.stdout

    def report(self, name):
        return json.loads((self.results / f"{name}.json").read_text(encoding="utf-8"))

    def expect_pictures(self, *names):
        for name in names:
            self.assertTrue((self.results / f"{name}.png").exists(), name)

    def curve(self, name):
        """{training structures: MAE}"""
        return {point["n_train"]: point["mae_mean"] for point in self.report(f"curve_{name}")["points"]}

    def test_planted(self):
        """From energies back to the coupling, the coupled model far better than standard SOAP on pairs of elements never seen."""
        self.reproduce("planted", COUNT="330", UNSEEN="40", OPTIMIZE="200", ITERATIONS="10", STARTS="1", SIZES="20,60", REPEATS="2",
                       TEST="40")
        mae = {name: self.report(f"{name}.unseen")["test"]["mae"] for name in ("standard", "truth")}
        self.assertLess(mae["truth"], 0.1 * mae["standard"])
        history = self.report("optimum")["objective"]
        self.assertLess(history[-1], history[0])
        self.expect_pictures("learning_curves", "map_optimum", "map_truth", "periodic_table", "history", "standard.unseen")

    @unittest.skipUnless(LONG, "minutes")
    def test_planted_in_full(self):
        """The coupling that made the energies is found again but for a mixing of its channels, and does what it does: with few
        crystals, and for pairs of elements that never met in training."""
        self.reproduce("planted")
        recovery = self.report("recovery")
        self.assertLess(recovery["unexplained_variance"], 1e-4)
        self.assertGreater(recovery["kappa_correlation_best_mixing"], 0.999)
        curves = {name: {point["n_train"]: point["mae_mean"] for point in self.report(f"{name}.curve")["points"]}
                  for name in ("standard", "optimised", "truth")}
        for size in (25, 50, 100):
            self.assertLess(curves["optimised"][size], 0.2 * curves["standard"][size])
        self.assertLess(curves["optimised"][100], 2 * curves["truth"][100] + 1e-4)
        unseen = {name: self.report(f"{name}.unseen")["test"]["mae"] for name in curves}
        self.assertLess(unseen["optimised"], 0.05 * unseen["standard"])

    def test_elpasolites(self):
        """Couplings of one and two channels, also at ζ = 2 from the optimum at ζ = 1, weights of five kernels, curves beside a
        published one, maps and clusters; a second call computes nothing."""
        frames = [frame.with_key("formation_energy_eV_per_atom", frame.energy / 10) for frame in data.shipped("crystals.xyz.xz")[:150]]
        file = self.write("crystals.xyz", data.text_of(frames))
        published = self.write("published.csv", "n_train,standard SOAP,d_J = 1\n20,0.4,0.7\n40,0.3,0.6\n")
        settings = {"OPTIMIZE": "80", "ITERATIONS": "3", "CHANNELS": "1 2", "SIZES": "20,40", "TEST": "20", "REPEATS": "2", "N_MAX": "3",
                    "L_MAX": "2", "SMALL_N_MAX": "2", "SMALL_L_MAX": "1", "SQUARE_ITERATIONS": "2", "WEIGHT_ITERATIONS": "2",
                    "PUBLISHED": str(published), "BASELINE": "mean"}
        table = self.reproduce("elpasolites", str(file), **settings)
        for text in ("standard SOAP", "d_J = 2", "d_J = 2, ζ = 2", "multiple kernels", "all kernels", "0.4"):
            self.assertIn(text, table)
        for name in ("1", "2", "standard", "several", "square", "sum"):
            self.assertEqual(sorted(self.curve(name)), [20, 40])
        for name in ("2", "square", "sum"):
            objective = self.report(f"optimum_{name}")["objective"]
            self.assertLess(objective[-1], objective[0])
        self.assertIn("normalised", self.report("clusters_2"))
        self.expect_pictures("learning_curves", "map_1", "map_2", "periodic_table_2", "history")
        again = self.reproduce("elpasolites", str(file), **settings)
        self.assertNotIn("==", again)

    def test_qm9(self):
        """Coupling and radial scaling optimised together, and used by the curve."""
        file = self.write("qm9.xyz", qm9.file_of(data.organics(220)))
        table = self.reproduce("qm9", str(file), OPTIMIZE="60", VALIDATE="50", TOTAL="200", ROUNDS="20:0.002:3 30:none:2",
                               FOLDS="2", CHANNELS="2", SMALL="3 2", LARGE="3 2", CONTRACTION="40", SIZES="20,50", TEST="30", REPEATS="2")
        self.assertIn("optimised together", table)
        first, optimum = self.report("optimum_1"), self.report("optimum_2")
        for found in (first, optimum):
            self.assertLess(found["objective"][-1], found["objective"][0])
        start = optimum["effective_configuration"]["soap.gaussian-width"]  # where the first round ended
        self.assertAlmostEqual(start, first["parameters"]["soap.gaussian-width"], delta=1e-9)
        used = self.report("curve_joint")["effective_configuration"]
        for key in ("radial-scaling.scale", "radial-scaling.exponent", "radial-scaling.rate", "soap.gaussian-width", "soap.central-weight"):
            self.assertAlmostEqual(used[key], optimum["parameters"][key], delta=1e-9 * abs(used[key]))
        self.assertEqual(self.report("curve_grids")["effective_configuration"]["radial-scaling.exponent"], 7)
        self.expect_pictures("learning_curves", "history")


if __name__ == "__main__":
    main()
