# SPDX-License-Identifier: BSD-3-Clause
"""Training, then predicting from the model file, on several numbers of ranks."""
import unittest
from functools import lru_cache

from program import ProgramTest, main, need

np, h5py = need("numpy", "h5py")
import data  # noqa: E402  (needs numpy)


class RoundTrip:
    """A data set, trained once per number of ranks; subclasses say which."""
    training_ranks, predicting_ranks = (1, 2, 3, 4, 6), (1, 2, 3, 4)
    n_train, n_test = 50, 14
    keys = {}

    @classmethod
    def setUpClass(cls):
        cls.case = ProgramTest()
        cls.case.setUp()
        cls.input = cls.case.write("all.xyz", data.text_of(cls.frames()))
        cls.reports = {ranks: cls.train(ranks) for ranks in cls.training_ranks}
        cls.models = {ranks: data.ModelFile(cls.model(ranks)) for ranks in cls.training_ranks}
        drawn = cls.models[1].drawn_from(cls.frames())
        cls.tests = [frame for index, frame in enumerate(cls.frames()) if index not in set(drawn)]
        cls.case.write("test.xyz", data.text_of(cls.tests))

    @classmethod
    def tearDownClass(cls):
        cls.case.doCleanups()

    @classmethod
    def model(cls, ranks):
        return cls.case.path(f"model{ranks}.h5")

    @classmethod
    def train(cls, ranks):
        return cls.case.reported("train", {**cls.keys, "data.structures": cls.input, "data.train": cls.n_train,
                                           "data.test": cls.n_test, "parallel.block-size": 8, "output": cls.model(ranks)}, ranks)

    @classmethod
    @lru_cache(maxsize=None)
    def predict(cls, trained_on, ranks):
        """Predictions for the test structures and the report, computed once."""
        output = cls.case.path("predictions.csv")
        report = cls.case.reported("predict", {"model": cls.model(trained_on), "data.structures": cls.case.path("test.xyz"),
                                               "output": output}, ranks)
        return data.Table(output.read_text(encoding="utf-8")), report

    def test_splits_and_baselines_are_identical_on_any_number_of_ranks(self):
        first = self.models[1]
        self.assertEqual(len(first.structures), self.n_train)
        for model in self.models.values():
            self.assertEqual([s.tobytes() for s in model.structures], [s.tobytes() for s in first.structures])
            self.assertEqual(model.species.tobytes(), first.species.tobytes())
            self.assertEqual(model.baseline, first.baseline)

    # One rank factorises by LAPACK, several by ScaLAPACK: the last bits differ, and kernels that are close to
    # singular, as of these crystals, make more of it in coefficients, though not in predictions.
    def test_coefficients_are_equal_to_rounding_on_any_number_of_ranks(self):
        first = self.models[1].coefficients
        self.assertEqual(first.shape, (1, self.n_train))
        for ranks, model in self.models.items():
            self.assertLess(np.abs(model.coefficients - first).max(), 1e-8 * np.abs(first).max(), f"{ranks} ranks")

    def test_predictions_are_the_same_on_any_number_of_ranks(self):
        expected = self.predict(1, 1)[0]["predicted"]
        for trained_on in self.training_ranks:
            for ranks in self.predicting_ranks:
                with self.subTest(trained_on=trained_on, ranks=ranks):
                    found = self.predict(trained_on, ranks)[0]["predicted"]
                    self.assertLess(np.abs(found - expected).max(), 1e-9)

    def test_predictions_have_the_errors_that_training_reported(self):
        atoms = data.sizes(self.tests)
        for ranks in self.training_ranks:
            table, report = self.predict(ranks, 1)
            per_atom = np.abs(table["error"]) / atoms
            reported = self.reports[ranks]["test"]
            self.assertAlmostEqual(reported["mae"], per_atom.mean(), delta=1e-10)
            self.assertAlmostEqual(reported["rmse"], np.sqrt((per_atom**2).mean()), delta=1e-10)
            self.assertAlmostEqual(reported["max_error"], per_atom.max(), delta=1e-10)
            self.assertAlmostEqual(reported["mae_per_structure"], np.abs(table["error"]).mean(), delta=1e-9)
            for key in ("mae", "rmse", "max_error", "mae_per_structure"):
                self.assertAlmostEqual(reported[key], report["test"][key], delta=1e-9)

    def test_the_model_learns(self):
        table = self.predict(1, 1)[0]
        self.assertLess(np.abs(table["error"]).mean(), 0.7 * np.abs(table["reference"] - self.composition()).mean())

    def composition(self):
        """What the baseline alone would predict."""
        numbers = {"H": 1, "C": 6, "N": 7, "O": 8, "F": 9, "Na": 11, "Mg": 12, "Cl": 17, "K": 19}
        return np.array([sum(self.models[1].baseline[numbers[s]] for s in frame.species) for frame in self.tests])

    def test_columns_of_predictions(self):
        table = self.predict(1, 1)[0]
        self.assertEqual(table.columns, ["index", "n_atoms", "predicted", "reference", "error"])
        self.assertEqual(table["index"].tolist(), list(range(self.n_test)))
        self.assertEqual(table["n_atoms"].tolist(), data.sizes(self.tests).tolist())
        self.assertEqual(table["reference"].tolist(), data.energies(self.tests).tolist())
        self.assertEqual((table["predicted"] - table["reference"]).tolist(), table["error"].tolist())

    def test_the_model_tells_how_it_was_made(self):
        configuration = self.models[1].configuration
        self.assertEqual(configuration["soap.n-max"], "3")
        self.assertEqual(configuration["kernel.zeta"], str(self.keys.get("kernel.zeta", 2)))
        self.assertEqual(configuration["data.train"], str(self.n_train))
        with h5py.File(self.model(1), "r") as file:
            self.assertGreaterEqual(file.attrs["schema_version"], 1)


class Organics(RoundTrip, unittest.TestCase):
    @staticmethod
    def frames():
        return data.organics(64)


class CubicKernel(RoundTrip, unittest.TestCase):
    """A power at which there is no compact form: predictions go through the training set."""
    training_ranks, predicting_ranks = (1, 4), (1, 3)
    n_train, n_test = 30, 10
    keys = {"kernel.zeta": 3}

    @staticmethod
    def frames():
        return data.organics(40)


class Crystals(RoundTrip, unittest.TestCase):
    training_ranks, predicting_ranks = (1, 3, 6), (1, 2)
    n_train, n_test = 27, 8
    keys = {"regression.regularization": 1e-6}  # some ideal cells are the same crystal twice

    @staticmethod
    def frames():
        return data.crystals(35)


if __name__ == "__main__":
    main()
