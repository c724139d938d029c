# SPDX-License-Identifier: BSD-3-Clause
"""Every configuration in inputs/ runs, on little data and few features, by the command that its first lines name."""
import re
from pathlib import Path

from program import DATA, ProgramTest, main, need

need("numpy")
import data  # noqa: E402

INPUTS = Path(DATA).parent
SMALL = {"data.train": 30, "data.test": 8, "soap.n-max": 2, "soap.l-max": 1}
# Of the keys above, those that a command does not take; and what else makes a file small.
OTHERS = {"qm9_100k.ini": {"soap.contraction": 12, "regression.preconditioner-columns": 20},
          "learning_curve_qm9.ini": {"soap.contraction": 12, "regression.preconditioner-columns": 20,
                                     "learning-curve.sizes": "15,30"},
          "search_radial.ini": {"validation.folds": 2, "soap.cutoff": 3, "radial-scaling.scale": "2,3",
                                "radial-scaling.exponent": "0,7"},
          "search_radial_qm9.ini": {"validation.folds": 2, "soap.contraction": 12, "radial-scaling.scale": "2,3",
                                    "radial-scaling.exponent": "5,7"},
          "search_kappa.ini": {"validation.folds": 2, "species.sigma-electronegativity": "0.5,1", "species.sigma-radius": 1},
          "weights.ini": {"validation.folds": 2},
          "weights_qm9.ini": {"validation.folds": 2, "soap.contraction": 12, "regression.regularization": 1e-6},
          "optimize.ini": {"data.structures": DATA / "crystals.xyz.xz", "optimize.iterations": 2}}


def command_of(path):
    named = re.search(r"^#.*soapstone ([a-z-]+) --config", path.read_text(encoding="utf-8"), re.MULTILINE)
    return named.group(1) if named else "train"  # by a job script


class Inputs(ProgramTest):
    def test_each_runs(self):
        frames = [frame.with_key("E_scf_Ha", frame.keys["energy"]) for frame in data.organics(60)]
        structures = self.write("in.xyz", data.text_of(frames))
        files = sorted(INPUTS.glob("*.ini"))
        self.assertGreaterEqual(len(files), 12)
        for path in files:
            with self.subTest(path.name):
                command = command_of(path)
                output = self.path(path.stem + {"train": ".h5", "optimize": ".txt"}.get(command, ".csv"))
                report = self.reported(command, {"config": path, "data.structures": structures, **SMALL,
                                                 **OTHERS.get(path.name, {}), "output": output}, 2)
                self.assertTrue(output.exists())
                self.assertEqual(report["effective_configuration"]["soap.n-max"], 2)


if __name__ == "__main__":
    main()
