# SPDX-License-Identifier: BSD-3-Clause
"""Whatever the number of ranks and the shape of their grid: the same errors, to 1e-9 eV. SOAPSTONE_MAE_FILE: errors of another build
of the program (another MPI), of the same cases, which must agree as well; they are written there if the file does not exist."""
import json
import os
from pathlib import Path

from program import ProgramTest, figure, main, need

need("numpy")
import data  # noqa: E402

TOLERANCE = 1e-9  # eV
GRIDS = ((1, "1x1"), (2, "1x2"), (2, "2x1"), (3, "3x1"), (4, "2x2"), (4, "1x4"), (6, "2x3"), (6, "3x2"), (6, "2x2"))
CASES = {
    "train": GRIDS,
    "train cg": GRIDS[::3],
    "train primal": GRIDS[::3],
    "evaluate": GRIDS[1::3],
}
KEYS = {
    "train": {"data.test": 30},
    "train cg": {"data.test": 30, "regression.solver": "cg", "soap.contraction": 12, "soap.contraction-method": "pca",
                 "regression.regularization": 1e-5, "regression.tolerance": 1e-11},
    # Twelve features, and a small regularisation: without refinement errors would differ by 6e-8 eV at 1e-7 already.
    "train primal": {"data.test": 30, "regression.solver": "primal", "soap.contraction": 12, "regression.regularization": 1e-8},
    "evaluate": {"validation.folds": 5},
}


class Grids(ProgramTest):
    def error(self, name, ranks, grid):
        report = self.reported(name.split()[0], {"data.structures": self.input, "data.train": 90, "soap.n-max": 4, "soap.l-max": 3,
                                                 "soap.cutoff": 4.0, "regression.regularization": 1e-7, "parallel.grid": grid,
                                                 "parallel.block-size": 8, "output": self.path("out.csv" if name == "evaluate" else "m.h5"),
                                                 **KEYS[name]}, ranks)
        return report["cv" if name == "evaluate" else "test"]["mae"]

    def test_errors_are_equal(self):
        self.input = self.write("in.xyz", data.text_of(data.organics(120)))
        found, spread = {}, {}
        for name, grids in CASES.items():
            found[name] = [self.error(name, ranks, grid) for ranks, grid in grids]
            spread[name] = max(found[name]) - min(found[name])
        print("MAE, eV:", found)
        figure("grid_runs", sum(map(len, CASES.values())))
        figure("grid_mae_difference", max(spread.values()))
        for name, value in spread.items():
            self.assertLess(value, TOLERANCE, name)
        self.compare(found)

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
