# SPDX-License-Identifier: BSD-3-Clause
"""Whatever the number of ranks and the shape of their grid: the same errors and predictions, to 1e-9 eV. SOAPSTONE_MAE_FILE: errors of
another build of the program (another MPI), of the same cases, which must agree as well; they are written there if the file does not
exist. SOAPSTONE_LONG: 18 configurations with every solver on 1 to 6 ranks."""
import itertools
import json
import os
import unittest
from pathlib import Path

from program import ProgramTest, figure, main, need

np = need("numpy")
import data  # noqa: E402

TOLERANCE = 1e-9  # eV
GRIDS = ((1, "1x1"), (2, "1x2"), (2, "2x1"), (3, "3x1"), (4, "2x2"), (4, "1x4"), (6, "2x3"), (6, "3x2"), (6, "2x2"))
CASES = {
    "train": GRIDS,
    "train cg": GRIDS[::3],
    "train primal": GRIDS[::3],
    "train primal near": ((1, "1x1"), (2, "1x2"), (3, "3x1"), (5, "1x5")),
    "train cholesky few": GRIDS[::3],
    "train cg few": GRIDS[::3],
    "evaluate": GRIDS[1::3],
    "evaluate few": GRIDS[1::3],
}
# Kernel matrices of twelve features are singular: what they predict with is 1 / regularization times as large as predictions, and so is
# its rounding.
FEW = {"kernel.zeta": 1, "soap.contraction": 12, "regression.regularization": 1e-8}
KEYS = {
    "train": {"data.test": 30},
    # A weak preconditioner takes many iterations, of which rounding makes more or fewer: what the tolerance leaves must not show.
    "train cg": {"data.test": 30, "regression.solver": "cg", "soap.contraction": 12, "soap.contraction-method": "pca",
                 "regression.regularization": 1e-5, "regression.preconditioner-columns": 20},
    # Twelve features, and a small regularisation: without refinement errors would differ by 6e-8 eV at 1e-7 already.
    "train primal": {"data.test": 30, "regression.solver": "primal", "soap.contraction": 12, "regression.regularization": 1e-8},
    # The residual before refinement is rounding about 1e-6: a refinement that depended on it would be made on some ranks only.
    "train primal near": {"data.train": 40, "data.test": 30, "kernel.zeta": 1, "regression.solver": "primal", "soap.n-max": 3,
                          "soap.l-max": 2, "regression.regularization": 1e-7},
    "train cholesky few": {**FEW, "data.test": 30, "regression.solver": "cholesky"},
    "train cg few": {**FEW, "data.test": 30, "regression.solver": "cg"},
    "evaluate": {"validation.folds": 5},
    "evaluate few": {**FEW, "validation.folds": 5, "validation.method": "eigen"},
}


class Grids(ProgramTest):
    def trained(self, name, keys, ranks):
        """The MAE and the predictions of a run, those of a model for all of the input."""
        output = self.path("out.csv")
        command = name.split()[0]
        report = self.reported(command, {"data.structures": self.input, "data.train": 90, "soap.n-max": 4, "soap.l-max": 3,
                                         "soap.cutoff": 4.0, "regression.regularization": 1e-7, "parallel.block-size": 8,
                                         "output": output if command == "evaluate" else self.path("m.h5"), **keys}, ranks)
        if command == "train":
            self.run_program("predict", {"model": self.path("m.h5"), "data.structures": self.input, "output": output})
        mae = report["cv" if command == "evaluate" else "test"]["mae"]
        return mae, data.Table(output.read_text(encoding="utf-8"))["predicted"]

    def differences(self, name, runs):
        """MAEs, and the largest difference of a prediction from that of the first run."""
        found = [self.trained(name, keys, ranks) for ranks, keys in runs]
        maes, predictions = [mae for mae, _ in found], [values for _, values in found]
        return maes, max(np.abs(values - predictions[0]).max() for values in predictions)

    def test_errors_and_predictions_are_equal(self):
        self.input = self.write("in.xyz", data.text_of(data.organics(120)))
        found, spread, moved = {}, {}, {}
        for name, grids in CASES.items():
            found[name], moved[name] = self.differences(name, [(ranks, {**KEYS[name], "parallel.grid": grid}) for ranks, grid in grids])
            spread[name] = max(found[name]) - min(found[name])
        print("MAE, eV:", found)
        print("largest difference of a prediction, eV:", moved)
        figure("grid_runs", sum(map(len, CASES.values())))
        figure("grid_mae_difference", max(spread.values()))
        figure("grid_prediction_difference", max(moved.values()))
        for name in CASES:
            self.assertLess(spread[name], TOLERANCE, name)
            self.assertLess(moved[name], TOLERANCE, name)
        self.compare(found)

    @unittest.skipUnless("SOAPSTONE_LONG" in os.environ, "long")
    def test_all_solvers_on_all_ranks(self):
        sets = {"organics": data.organics(120), "crystals": data.crystals(60), "few atoms": [f for f in data.organics(900) if len(f.species) < 10]}
        worst = {}
        for (kind, frames), zeta, regularization in itertools.product(sets.items(), (1, 2), (1e-4, 1e-6, 1e-8)):
            self.input = self.write("in.xyz", data.text_of(frames))
            train = len(frames) * 3 // 4
            for solver in ("cholesky", "primal", "cg"):
                keys = {"data.train": train, "data.test": len(frames) - train, "kernel.zeta": zeta, "regression.solver": solver,
                        "regression.regularization": regularization, "soap.contraction": 16, "soap.contraction-method": "pca",
                        "regression.preconditioner-columns": 40 if solver == "cg" else None,
                        "regression.max-iterations": 2000 if solver == "cg" else None}
                name = f"train {kind}, zeta {zeta}, {regularization:g}, {solver}"
                maes, moved = self.differences(name, [(ranks, keys) for ranks in range(1, 7)])
                worst[name] = max(maes) - min(maes), moved
                print(f"{name}: MAE {worst[name][0]:.1e}, predictions {moved:.1e} eV", flush=True)
        figure("solver_runs", 6 * len(worst))
        figure("solver_mae_difference", max(mae for mae, _ in worst.values()))
        figure("solver_prediction_difference", max(moved for _, moved in worst.values()))
        for name, (mae, moved) in worst.items():
            with self.subTest(name):
                # A weak preconditioner leaves more than rounding: the iteration stops where predictions hardly change any more.
                left = 1e-16 / float(name.split(", ")[2]) if "zeta 2" in name and name.endswith("cg") else 0
                self.assertLess(mae, max(TOLERANCE, left))
                self.assertLess(moved, max(TOLERANCE, 100 * left))

    def compare(self, found):
        if "SOAPSTONE_MAE_FILE" not in os.environ:
            return
        path = Path(os.environ["SOAPSTONE_MAE_FILE"])
        if not path.exists():
            path.write_text(json.dumps(found), encoding="utf-8")
            return
        other = json.loads(path.read_text(encoding="utf-8"))
        difference = max(abs(one - two) for name in found for one in found[name] for two in other[name])
        figure("other_mpi_mae_difference", difference)
        self.assertLess(difference, TOLERANCE)


if __name__ == "__main__":
    main()
