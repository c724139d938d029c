# SPDX-License-Identifier: BSD-3-Clause
"""Contracted features: trained, stored, predicted with, written; against the uncontracted program and numpy."""
import unittest

from program import ProgramTest, main, need

np, h5py = need("numpy", "h5py")
import data  # noqa: E402
import oracle  # noqa: E402

CONFIGURATION = 2
N_TRAIN, N_TEST = 40, 10
METHODS = ("pca", "density")


class Contraction(ProgramTest):
    def setUp(self):
        super().setUp()
        self.frames = data.organics(N_TRAIN + N_TEST)
        self.input = self.write("all.xyz", data.text_of(self.frames))

    def train(self, model, ranks=1, **keys):
        return self.reported("train", {"data.structures": self.input, "data.train": N_TRAIN, "data.test": N_TEST,
                                       "output": self.path(model), "parallel.block-size": 8, **keys}, ranks)

    def features(self, **keys):
        self.run_program("features", {"data.structures": self.input, "output": self.path("features.h5"), **keys})
        return oracle.read_features(self.path("features.h5"))

    def full_width(self):
        return self.features()[0].shape[1]

    def predict(self, model, ranks=1):
        self.run_program("predict", {"model": self.path(model), "data.structures": self.input, "output": self.path("p.csv")}, ranks)
        return data.Table(self.path("p.csv").read_text(encoding="utf-8"))["predicted"]

    def test_the_model_file_holds_the_contraction(self):
        for method in METHODS:
            with self.subTest(method):
                keys = {"soap.contraction": 30, "soap.contraction-method": method}
                report = self.train("one.h5", **keys)
                expected = self.predict("one.h5")
                errors = np.abs(expected - data.energies(self.frames)) / data.sizes(self.frames)
                drawn = data.ModelFile(self.path("one.h5")).drawn_from(self.frames)
                tested = np.setdiff1d(np.arange(len(self.frames)), drawn)
                self.assertAlmostEqual(report["test"]["mae"], errors[tested].mean(), delta=1e-9)
                for ranks in (2, 3):
                    self.train("many.h5", ranks, **keys)
                    self.assertLess(np.abs(self.predict("many.h5", ranks) - expected).max(), 1e-7)
                contraction, = report["contractions"]
                self.assertEqual(contraction["method"], method)
                self.assertEqual(contraction["features_before"], self.full_width())
                self.assertLessEqual(contraction["features"], 30)
                self.assertGreater(contraction["residual_variance"], 0)
                self.assertIn("contracted to", self.execute(["inspect", self.path("one.h5")]).out)

    def test_the_same_contraction_on_any_number_of_ranks(self):
        for method, name in (("pca", "reduction/matrix"), ("density", "density_contraction/matrices")):
            found = []
            for ranks in (1, 2, 3):
                self.train("m.h5", ranks, **{"soap.contraction": 0.01, "soap.contraction-method": method})
                with h5py.File(self.path("m.h5"), "r") as file:
                    found.append(file[f"kernels/1/{name}"][:].tobytes())
            self.assertEqual(found, found[:1] * 3)

    def test_keeping_every_feature_changes_nothing(self):
        width = self.full_width()
        self.train("plain.h5")
        expected = self.predict("plain.h5")
        for method in METHODS:
            self.train("full.h5", **{"soap.contraction": width, "soap.contraction-method": method})
            self.assertLess(np.abs(self.predict("full.h5") - expected).max(), 1e-5, method)

    def test_principal_components_are_those_of_numpy(self):
        """Fitted on all environments: projections on the leading eigenvectors of X^T X, up to signs."""
        rows = np.vstack(self.features())
        values, vectors = np.linalg.eigh(rows.T @ rows)
        expected = rows @ vectors[:, ::-1][:, :12]
        found = np.vstack(self.features(**{"soap.contraction": 12, "soap.contraction-method": "pca"}))
        self.assertEqual(found.shape, expected.shape)
        signs = np.sign((found * expected).sum(axis=0))
        self.assertLess(np.abs(found * signs - expected).max(), 1e-6)

    def test_a_residual_variance_is_met_with_as_few_as_possible(self):
        rows = np.vstack(self.features())
        values = np.linalg.eigvalsh(rows.T @ rows)[::-1]
        left = 1 - np.cumsum(values) / values.sum()
        for allowed in (0.1, 1e-3):
            found = np.vstack(self.features(**{"soap.contraction": allowed, "soap.contraction-method": "pca"}))
            self.assertEqual(found.shape[1], 1 + np.argmax(left <= allowed))

    def test_the_kernel_is_that_of_the_contracted_features(self):
        for method in METHODS:
            keys = {"soap.contraction": 25, "soap.contraction-method": method}
            rows = self.features(**keys)
            for ranks in (1, 3):
                self.run_program("kernel", {"data.structures": self.input, "output": self.path("k.h5"), **keys}, ranks)
                difference = oracle.read_kernel(self.path("k.h5")) - oracle.kernel(rows, rows, 2)
                self.assertLess(np.abs(difference).max(), 1e-12)

    def test_more_features_than_there_are(self):
        for method in METHODS:
            for ranks in (1, 2):
                run = self.run_program("train", {"data.structures": self.input, "soap.contraction": 100000,
                                                 "soap.contraction-method": method}, ranks, code=CONFIGURATION)
                error, = run.errors()
                self.assertIn("soap.contraction = 100000", error)
                self.assertIn(str(self.full_width()), error)

    def test_a_sample_too_small_for_the_width_is_told(self):
        report = self.train("m.h5", **{"soap.contraction": 60, "soap.contraction-method": "pca",
                                       "soap.contraction-sample": 2})
        self.assertLess(report["contractions"][0]["features"], 60)
        self.assertTrue(any("soap.contraction-sample" in warning for warning in report["warnings"]), report["warnings"])

    def test_kernels_of_their_own_contractions(self):
        keys = {"kernel.1.soap.contraction": 20, "kernel.2.soap.cutoff": 3, "kernel.2.zeta": 1, "kernel.3.soap.contraction": 15,
                "kernel.3.soap.contraction-method": "pca"}
        report = self.train("m.h5", 2, **keys)
        first, second, third = report["contractions"]
        self.assertEqual((first["method"], second, third["method"]), ("density", None, "pca"))
        expected = self.predict("m.h5", 1)
        self.assertLess(np.abs(self.predict("m.h5", 3) - expected).max(), 1e-7)


if __name__ == "__main__":
    main()
