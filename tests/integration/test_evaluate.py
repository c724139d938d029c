# SPDX-License-Identifier: BSD-3-Clause
"""Cross-validation against models fitted again by numpy and scikit-learn, leaks, lists of regularisations, errors."""
from program import ProgramTest, main, need

np, _ = need("numpy", "sklearn")
import data  # noqa: E402
import oracle  # noqa: E402

ELEMENTS = ("H", "C", "N", "O")
ERRORS = ("mae", "rmse", "max_error", "mae_per_structure")


def errors_of(predicted, reference, atoms):
    """The errors of a report, eV."""
    total = np.abs(predicted - reference)
    return {"mae": np.mean(total / atoms), "rmse": np.sqrt(np.mean((total / atoms)**2)), "max_error": np.max(total / atoms),
            "mae_per_structure": np.mean(total)}


class Evaluate(ProgramTest):
    def setUp(self):
        super().setUp()
        # H, C, N and O in every molecule: all folds have the same elements, and compositions are determined.
        self.frames = [frame for frame in data.organics(700) if set(frame.species) == set(ELEMENTS)][:240]
        self.input = self.write("in.xyz", data.text_of(self.frames))
        self.keys = {"data.structures": self.input, "soap.n-max": 3, "soap.l-max": 2, "soap.cutoff": 4.0}

    def evaluate(self, ranks=1, **keys):
        """The report and the table of held-out predictions."""
        report = self.reported("evaluate", {**self.keys, "output": self.path("cv.csv"), **keys}, ranks)
        return report, data.Table(self.path("cv.csv").read_text(encoding="utf-8"))

    def kernel(self, **keys):
        self.run_program("kernel", {**self.keys, "output": self.path("k.h5"), **keys})
        return oracle.read_kernel(self.path("k.h5"))

    def refit(self, kernel, table, lambda_):
        """Every structure by a model fitted to the structures outside its fold, with a baseline of their own."""
        index, fold = table["index"].astype(int), table["fold"].astype(int)
        atoms, energies = data.sizes(self.frames), data.energies(self.frames)
        predicted = np.zeros(len(index))
        for one in range(fold.max() + 1):
            held, known = index[fold == one], index[fold != one]
            baseline = oracle.composition([self.frames[i] for i in known], energies[known] / atoms[known], ELEMENTS)
            per_atom = oracle.fractions(self.frames, ELEMENTS) @ baseline
            inner = kernel[np.ix_(known, known)]
            x = oracle.ridge(inner, energies[known] / atoms[known] - per_atom[known], lambda_ / np.mean(np.diag(inner)))
            predicted[fold == one] = atoms[held] * (kernel[np.ix_(held, known)] @ x + per_atom[held])
        return predicted

    def compare(self, kernel, report, table, regularization):
        """Table, errors, folds and spread with what numpy finds."""
        index, fold = table["index"].astype(int), table["fold"].astype(int)
        lambda_ = regularization * np.mean(np.diag(kernel)[index])
        self.assertAlmostEqual(report["lambda"] / lambda_, 1, delta=1e-12)
        atoms, energies = data.sizes(self.frames)[index], data.energies(self.frames)[index]
        np.testing.assert_array_equal(table["n_atoms"], atoms)
        np.testing.assert_allclose(table["reference"], energies, rtol=1e-14)
        expected = self.refit(kernel, table, lambda_)
        # Held-out energies are sums of -1e3 eV; what remains of them are errors of 1e-1.
        np.testing.assert_allclose(table["predicted"], expected, rtol=0, atol=1e-6)
        for key, value in errors_of(table["predicted"], energies, atoms).items():
            self.assertAlmostEqual(report["cv"][key] / value, 1, delta=1e-9, msg=key)
        if "folds" not in report["cv"]:
            return
        per_fold = [errors_of(*(column[fold == one] for column in (table["predicted"], energies, atoms)))
                    for one in range(fold.max() + 1)]
        for found, value in zip(report["cv"]["folds"], per_fold, strict=True):
            for key in ERRORS:
                self.assertAlmostEqual(found[key] / value[key], 1, delta=1e-9, msg=key)
        self.assertEqual([one["n"] for one in report["cv"]["folds"]], np.bincount(fold).tolist())
        for key in ("mae", "rmse"):
            spread = np.std([one[key] for one in per_fold], ddof=1)
            self.assertAlmostEqual(report["cv"]["spread"][key] / spread, 1, delta=1e-8)

    def test_equals_fitting_every_fold_on_any_ranks(self):
        kernel, tables = self.kernel(), []
        for ranks in (1, 2, 3):
            report, table = self.evaluate(ranks, **{"data.train": 200, "validation.folds": 7, "regression.regularization": 1e-6})
            self.compare(kernel, report, table, 1e-6)
            self.assertEqual((report["n_train"], report["n_folds"], report["cv"]["unit"]), (200, 7, "eV"))
            self.assertEqual(len(set(table["index"])), 200)
            self.assertTrue(np.all(np.diff(table["index"]) > 0))
            tables.append(table)
        for column in ("index", "fold"):
            np.testing.assert_array_equal(tables[0][column], tables[1][column])
            np.testing.assert_array_equal(tables[0][column], tables[2][column])

    def test_several_kernels_and_leave_one_out(self):
        keys = {"kernel.1.soap.cutoff": 3.0, "kernel.1.weight": 4, "kernel.2.zeta": 1}
        kernel = self.kernel(**keys)
        for method in ("inverse", "eigen"):
            report, table = self.evaluate(2, **keys, **{"data.train": 60, "validation.folds": "loo", "validation.method": method,
                                                        "regression.regularization": 1e-5})
            self.assertEqual((report["n_folds"], report["cv"]["method"]), (60, method))
            self.assertNotIn("folds", report["cv"])
            self.compare(kernel, report, table, 1e-5)

    def test_all_regularisations_at_once_equal_one_at_a_time(self):
        values = (1e-7, 1e-5, 1e-3)
        many = {"data.train": 150, "validation.folds": 5, "regression.regularization": "1e-7:1e-3:log3"}
        alone = [self.evaluate(1, **{**many, "regression.regularization": value}) for value in values]
        best = int(np.argmin([report["cv"]["mae"] for report, _ in alone]))
        for method in ("inverse", "eigen"):
            report, table = self.evaluate(2, **many, **{"validation.method": method})
            for found, value, (single, _) in zip(report["regularization"], values, alone, strict=True):
                self.assertEqual((found["regularization"], found["failure"]), (value, None))
                for key in ERRORS:
                    self.assertAlmostEqual(found[key] / single["cv"][key], 1, delta=1e-6)
                self.assertAlmostEqual(found["mae_std"] / single["cv"]["spread"]["mae"], 1, delta=1e-6)
            self.assertEqual(report["cv"]["regularization"], values[best])
            np.testing.assert_allclose(table["predicted"], alone[best][1]["predicted"], rtol=0, atol=1e-6)
        run = self.run_program("evaluate", {**self.keys, **many, "quiet": True})
        marked = [line for line in run.out.splitlines() if line.endswith("best")]
        self.assertEqual(len(marked), 1)
        self.assertAlmostEqual(float(marked[0].split()[1]), values[best])

    def test_nothing_of_a_fold_reaches_its_predictions(self):
        keys = {"data.train": 100, "validation.folds": 4, "regression.regularization": "1e-6,1e-4"}
        for ranks, method in ((1, "inverse"), (2, "eigen"), (3, "inverse")):
            keys["validation.method"] = method
            _, before = self.evaluate(ranks, **keys)
            held = set(before["index"][before["fold"] == 2].astype(int))
            frames = [frame.with_key("energy", 3 * frame.energy + 17) if i in held else frame
                      for i, frame in enumerate(self.frames)]
            # Which regularisation is best may change with the errors: look at one at a time.
            for value in ("1e-6", "1e-4"):
                one = {**keys, "regression.regularization": value}
                _, before = self.evaluate(ranks, **one)
                _, after = self.evaluate(ranks, **one, **{"data.structures": self.write("other.xyz", data.text_of(frames))})
                np.testing.assert_array_equal(before["fold"], after["fold"])
                same = before["predicted"] == after["predicted"]
                np.testing.assert_array_equal(same, before["fold"] == 2)

    def test_structures_are_those_that_train_uses(self):
        keys = {"data.train": 50, "data.test": 60, "data.seed": 3}
        _, table = self.evaluate(1, **keys)
        self.run_program("train", {**self.keys, **keys, "output": self.path("m.h5"), "soap.n-max": 3})
        drawn = data.ModelFile(self.path("m.h5")).drawn_from(self.frames)
        self.assertEqual(sorted(drawn), table["index"].astype(int).tolist())

    def test_errors(self):
        run = self.run_program("evaluate", {**self.keys, "data.train": 9, "validation.folds": 10}, code=2)
        self.assertIn("validation.folds", run.errors()[0])
        run = self.run_program("evaluate", {**self.keys, "validation.folds": 1}, code=2)
        self.assertIn("or loo", run.errors()[0])
        self.run_program("train", {**self.keys, "regression.regularization": "1e-8,1e-7"}, code=2)
        twice = self.write("twice.xyz", data.text_of(self.frames[:20] + self.frames[:1]))
        for ranks in (1, 2):
            run = self.run_program("evaluate", {**self.keys, "data.structures": twice, "regression.regularization": 0}, ranks,
                                   code=4)
            self.assertIn("not positive definite", run.errors()[0])
        report = self.reported("evaluate", {**self.keys, "data.structures": twice, "regression.regularization": "0,1e-4"})
        self.assertIn("not positive definite", report["regularization"][0]["failure"])
        self.assertEqual(report["cv"]["regularization"], 1e-4)
        self.assertTrue(any("not positive definite" in warning for warning in report["warnings"]))

    def test_plan(self):
        for method in ("inverse", "eigen"):
            keys = {**self.keys, "validation.method": method, "regression.regularization": "1e-8,1e-7"}
            for command, more in (("evaluate", {"dry-run": True}), ("plan", {"plan.command": "evaluate"})):
                plan = self.reported(command, {**keys, **more})["plan"]
                self.assertEqual((plan["command"], plan["solver"]), ("evaluate", method))
                self.assertIn("cross-validation", [stage["name"] for stage in plan["stages"]])
        matrix = 8 * 240**2
        self.assertEqual(plan["matrix_bytes"], matrix)
        tight = {**self.keys, "parallel.memory": 1e-3}
        self.assertEqual(self.run_program("evaluate", tight, code=6).errors(),
                         self.run_program("evaluate", {**tight, "dry-run": True}, code=6).errors())
        self.run_program("plan", {**self.keys, "regression.regularization": "1e-8,1e-7"}, code=2)


if __name__ == "__main__":
    main()
