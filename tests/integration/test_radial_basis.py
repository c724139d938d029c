# SPDX-License-Identifier: BSD-3-Clause
"""A radial basis that is chosen by its key, in everything that computes features or remembers how they are computed."""
import json

from program import main, need

np, h5py = need("numpy", "h5py")
import data  # noqa: E402
from searches import SearchTest  # noqa: E402

BASIS = {"soap.radial-basis": "polynomial"}


class RadialBasis(SearchTest):
    structures = 40

    def setUp(self):
        super().setUp()
        self.keys = {"data.structures": self.input, "soap.n-max": 4, "soap.l-max": 2, "soap.cutoff": 4,
                     "regression.regularization": 1e-6, "validation.folds": 5}

    def evaluated(self, **keys):
        return self.reported("evaluate", {**self.keys, **keys})["cv"]["mae"]

    def test_models_remember_it(self):
        keys = {**self.keys, "data.train": 30, "data.test": 10}
        del keys["validation.folds"]
        for basis, schema in (("gto", 1), ("polynomial", 3)):
            model = self.path(f"{basis}.h5")
            self.run_program("train", {**keys, "soap.radial-basis": basis, "output": model})
            with h5py.File(model, "r") as file:
                self.assertEqual(file.attrs["schema_version"], schema)
                self.assertEqual(file["kernels/1"].attrs.get("radial_basis"), b"polynomial" if schema == 3 else None)
            self.assertIn(f"soap.radial-basis {basis}", self.execute(["inspect", model]).out)
            self.run_program("predict", {"model": model, "data.structures": self.input, "output": self.path(f"{basis}.csv")}, 2)
        # The kernel of the training set in the same basis, times the coefficients, gives the predictions.
        self.run_program("kernel", {**{key: self.keys[key] for key in self.keys if key.startswith(("soap", "data"))}, **BASIS,
                                    "output": self.path("k.h5")})
        with h5py.File(self.path("k.h5"), "r") as file:
            kernel = file["kernel"][:]
        stored = data.ModelFile(self.path("polynomial.h5"))
        frames = data.parse(self.input.read_text(encoding="utf-8"))
        numbers = {"H": 1, "C": 6, "N": 7, "O": 8}
        expected = [len(frame.species) * (row @ stored.coefficients.ravel()) + sum(stored.baseline[numbers[z]] for z in frame.species)
                    for frame, row in zip(frames, kernel[:, stored.drawn_from(frames)])]
        found = data.Table(self.path("polynomial.csv").read_text(encoding="utf-8"))["predicted"]
        self.assertLess(np.abs(found - expected).max(), 1e-6)
        other = data.Table(self.path("gto.csv").read_text(encoding="utf-8"))["predicted"]
        self.assertGreater(np.abs(found - other).max(), 1e-3)

    def test_searches_take_it_as_an_axis(self):
        self.search(2, **{"soap.radial-basis": "gto,polynomial", "kernel.zeta": "1,2", "report": self.path("r.json")})
        report = json.loads(self.path("r.json").read_text(encoding="utf-8"))
        self.assertEqual(len(report["table"]), 4)
        self.assertGreaterEqual(report["throughput"]["environments_reused"], 0)
        errors = set()
        for row in report["table"]:
            point = {**row["keys"], "kernel.zeta": int(row["keys"]["kernel.zeta"])}
            self.assertAlmostEqual(row["mae"] / self.evaluated(**point), 1, delta=1e-8, msg=row["keys"])
            errors.add(row["mae"])
        self.assertEqual(len(errors), 4)

    def test_optimize_differentiates_it(self):
        parameters = ("scale,exponent,sigma,central-weight", {"optimize.iterations": 3, "validation.folds": 2})
        report = self.reported("optimize", {**self.keys, **BASIS, **parameters[1], "optimize.parameters": parameters[0],
                                            "output": self.path("optimum.txt")})
        self.assertLess(report["objective"][-1], report["objective"][0])
        again = self.reported("evaluate", {"config": self.path("optimum.ini"), "validation.folds": 2})
        self.assertAlmostEqual(again["cv"]["rmse"] / report["cv"]["rmse"], 1, delta=1e-6)

    def test_plans_and_misspelt_names(self):
        self.assertEqual(self.execute(["train", "--data.structures", str(self.input), "--soap.radial-basis", "polynomial",
                                       "--dry-run", "--output", "m.h5"]).code, 0)
        run = self.execute(["train", "--data.structures", str(self.input), "--soap.radial-basis", "polinomial", "--output", "m.h5"])
        self.assertEqual(run.code, 2)
        self.assertIn("did you mean 'polynomial'?", run.err)


if __name__ == "__main__":
    main()
