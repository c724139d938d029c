# SPDX-License-Identifier: BSD-3-Clause
"""Weights of kernels by the gradient of the cross-validation loss: against scipy, planted ones, and as train takes them."""
from program import ProgramTest, main, need

np, scipy, _ = need("numpy", "scipy", "h5py")
from scipy.optimize import minimize  # noqa: E402

import data  # noqa: E402
import oracle  # noqa: E402

ELEMENTS = ("H", "C", "N", "O")
KERNELS = {"kernel.1.soap.cutoff": 2.5, "kernel.2.soap.cutoff": 4.0, "kernel.4.soap.cutoff": 3.0, "kernel.4.zeta": 1}
NUMBERS = (1, 2, 4)


class Weights(ProgramTest):
    def setUp(self):
        super().setUp()
        self.frames = [frame for frame in data.organics(700) if set(frame.species) == set(ELEMENTS)][:120]
        self.input = self.write("in.xyz", data.text_of(self.frames))
        self.keys = {"data.structures": self.input, "soap.n-max": 4, "soap.l-max": 3}

    def optimize(self, ranks=1, **keys):
        """The report and the table of held-out predictions."""
        report = self.reported("evaluate", {**self.keys, **KERNELS, "validation.optimize-weights": "true",
                                            "output": self.path("cv.csv"), **keys}, ranks)
        return report, data.Table(self.path("cv.csv").read_text(encoding="utf-8"))

    def kernels(self):
        """K of each kernel alone, at weight 1."""
        found = []
        for number in NUMBERS:
            own = {key.split(".", 2)[2]: value for key, value in KERNELS.items() if key.startswith(f"kernel.{number}.")}
            own = {"kernel.zeta" if key == "zeta" else key: value for key, value in own.items()}
            self.run_program("kernel", {**self.keys, **own, "output": self.path("k.h5")})
            found.append(oracle.read_kernel(self.path("k.h5")))
        return found

    def loss(self, kernel, table, lambda_):
        """Sum of squared held-out errors per atom, every fold fitted again."""
        index, fold = table["index"].astype(int), table["fold"].astype(int)
        atoms = data.sizes(self.frames)
        per_atom = self.energies / atoms
        total = 0
        for one in range(fold.max() + 1):
            held, known = index[fold == one], index[fold != one]
            baseline = oracle.composition([self.frames[i] for i in known], per_atom[known], ELEMENTS)
            rest = per_atom - oracle.fractions(self.frames, ELEMENTS) @ baseline
            x = np.linalg.solve(kernel[np.ix_(known, known)] + lambda_ * np.eye(len(known)), rest[known])
            total += np.sum((rest[held] - kernel[np.ix_(held, known)] @ x)**2)
        return total

    @property
    def energies(self):
        return data.energies(self.frames)

    def check_against_scipy(self, free, ranks, **keys):
        report, table = self.optimize(ranks, **keys, **{"validation.folds": 5, "regression.regularization": 1e-5,
                                                        "validation.optimize-regularization": str(free).lower()})
        kernels = self.kernels()
        diagonals = np.array([np.mean(np.diag(one)) for one in kernels])
        start = np.array([one["given"] for one in report["weights"]])

        def value(logarithms):
            weights = np.exp(logarithms)
            lambda_ = 1e-5 * (start if free else weights) @ diagonals
            return np.log(self.loss(np.tensordot(weights, kernels, 1), table, lambda_))

        found = report["optimization"]
        self.assertAlmostEqual(found["loss_before"] / np.exp(value(np.log(start))), 1, delta=1e-6)
        best = minimize(value, np.log(start), method="L-BFGS-B", options={"maxiter": 200, "ftol": 1e-12, "gtol": 1e-7})
        self.assertLess(found["loss"], found["loss_before"] * (1 - 1e-3))
        self.assertLess(found["loss"], np.exp(best.fun) * (1 + 1e-3))
        # What is reported is the loss of what is reported.
        weights = np.array([one["weight"] for one in report["weights"]])
        regularization = report["cv"]["regularization"]
        lambda_ = regularization * weights @ diagonals
        again = self.loss(np.tensordot(weights, kernels, 1), table, lambda_)
        self.assertAlmostEqual(found["loss"] / again, 1, delta=1e-6)
        self.assertAlmostEqual(report["cv"]["rmse"]**2 * len(self.frames) / again, 1, delta=1e-6)
        self.assertAlmostEqual(weights @ diagonals / (start @ diagonals), 1, delta=1e-9)
        shares = [one["share"] for one in report["weights"]]
        np.testing.assert_allclose(shares, weights * diagonals / (weights @ diagonals), rtol=1e-9)
        if not free:
            self.assertEqual(regularization, 1e-5)
        self.assertEqual([one["kernel"] for one in report["weights"]], list(NUMBERS))

    def test_as_good_as_scipy(self):
        self.check_against_scipy(False, 1)

    def test_as_good_as_scipy_with_the_regularisation(self):
        self.check_against_scipy(True, 2, **{"kernel.2.weight": 30})

    def test_planted_weights(self):
        """Energies drawn from the Gaussian process of a planted sum of kernels: no worse than with the planted weights."""
        kernels, rng = self.kernels(), np.random.default_rng(1)
        atoms, noise = data.sizes(self.frames), 1e-3
        for planted in ((100, 1, 1), (1, 300, 1)):
            values, vectors = np.linalg.eigh(np.tensordot(planted, kernels, 1))
            per_atom = vectors @ (np.sqrt(np.maximum(values, 0)) * rng.normal(size=len(atoms)))
            per_atom += noise * np.std(per_atom) * rng.normal(size=len(atoms))
            frames = [frame.with_key("energy", f"{count * (value - 3):.12f}")
                      for frame, count, value in zip(self.frames, atoms, per_atom)]
            keys = {"data.structures": self.write("planted.xyz", data.text_of(frames)), "regression.regularization": 1e-6,
                    "validation.folds": 6}
            found = self.optimize(2, **keys)[0]["optimization"]
            weights = {f"kernel.{number}.weight": weight for number, weight in zip(NUMBERS, planted)}
            true = self.optimize(2, **keys, **weights)[0]["optimization"]
            self.assertLess(found["loss"], found["loss_before"])
            self.assertLess(found["loss"], true["loss_before"] * (1 + 1e-3))
            self.assertAlmostEqual(found["loss"] / true["loss"], 1, delta=0.02)

    def test_train_takes_what_was_found(self):
        report, _ = self.optimize(2, **{"data.train": 100, "data.seed": 3, "regression.regularization": "1e-7,1e-5",
                                        "validation.optimize-regularization": "true"})
        self.assertLessEqual(report["optimization"]["loss"], report["optimization"]["loss_before"])
        trained = self.reported("train", {"config": self.path("cv.best.ini"), "output": self.path("m.h5"), "soap.n-max": None,
                                          "soap.l-max": None, "soap.cutoff": None})
        keys = trained["effective_configuration"]
        for one in report["weights"]:
            self.assertAlmostEqual(keys[f"kernel.{one['kernel']}.weight"] / one["weight"], 1, delta=1e-9)
        self.assertAlmostEqual(keys["regression.regularization"] / report["cv"]["regularization"], 1, delta=1e-9)
        self.assertEqual((keys["kernel.4.zeta"], keys["data.train"], keys["data.seed"], keys["soap.n-max"]), (1, 100, 3, 4))
        # Cross-validation of the file gives what was reported.
        again = self.reported("evaluate", {"config": self.path("cv.best.ini")}, 1)
        self.assertAlmostEqual(again["cv"]["mae"] / report["cv"]["mae"], 1, delta=1e-5)

    def test_ranks_agree_and_the_table_is_shown(self):
        keys = {"validation.folds": 4, "regression.regularization": 1e-5}
        one, other = self.optimize(1, **keys)[0], self.optimize(3, **keys)[0]
        self.assertAlmostEqual(one["optimization"]["loss"] / other["optimization"]["loss"], 1, delta=1e-4)
        run = self.run_program("evaluate", {**self.keys, **KERNELS, **keys, "validation.optimize-weights": "true", "quiet": True})
        self.assertIn("share of the diagonal", run.out)
        self.assertTrue(self.path("evaluate.best.ini").exists())

    def test_errors(self):
        for keys, words in (({"kernel.1.zeta": 1}, "several kernels"),
                            ({**KERNELS, "kernel.2.weight": 0}, "expected a number > 0"),
                            ({**KERNELS, "validation.optimize-weights": "no", "validation.optimize-regularization": "yes"},
                             "optimize-weights = true as well")):
            run = self.run_program("evaluate", {**self.keys, "validation.optimize-weights": "true", **keys}, code=2)
            self.assertIn(words, run.errors()[0])

    def test_plan(self):
        report = self.reported("evaluate", {**self.keys, **KERNELS, "validation.optimize-weights": "true", "dry-run": True})
        self.assertIn("weights", [stage["name"] for stage in report["plan"]["stages"]])


if __name__ == "__main__":
    main()
