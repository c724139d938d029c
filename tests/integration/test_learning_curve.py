# SPDX-License-Identifier: BSD-3-Clause
"""Learning curves against trainings of their own, sizes, several targets, elements that small training sets lack."""
import csv

from program import ProgramTest, main, need

np = need("numpy")
import data  # noqa: E402

POINT_KEYS = ("n_train", "mae_mean", "mae_std", "rmse_mean", "mae_per_structure_mean", "repeats", "values")


class LearningCurve(ProgramTest):
    def setUp(self):
        super().setUp()
        # H, C, N and O in every molecule: all splits have the same elements.
        self.frames = [frame for frame in data.organics(300) if set(frame.species) == {"H", "C", "N", "O"}][:60]
        self.input = self.write("in.xyz", data.text_of(self.frames))
        self.keys = {"data.structures": self.input, "data.test": 15, "soap.n-max": 3, "soap.l-max": 2, "soap.cutoff": 4.0}

    def curve(self, ranks=1, **keys):
        return self.reported("learning-curve", {**self.keys, **keys}, ranks)

    def train(self, n, regularization, **keys):
        return self.reported("train", {**self.keys, "data.train": n, "regression.regularization": regularization,
                                       "output": self.path("m.h5"), "regression.solver": "cholesky", **keys})

    def test_points_equal_separate_trainings(self):
        """One λ for all sizes: that of the largest. A training of its own gets it relative to its own mean diagonal."""
        sizes = (9, 20, 41)
        for ranks in (1, 3):
            report = self.curve(ranks, **{"learning-curve.sizes": "41,9,20", "learning-curve.repeats": 1,
                                          "regression.regularization": 1e-4})
            self.assertEqual([point["n_train"] for point in report["points"]], list(sizes))
            self.assertEqual((report["n_train"], report["n_test"]), (41, 15))
            for n, point in zip(sizes, report["points"]):
                guess = self.train(n, 1e-4)["lambda"]
                alone = self.train(n, repr(1e-4 * report["lambda"][0] / guess))
                self.assertAlmostEqual(alone["lambda"] / report["lambda"][0], 1, delta=1e-12)
                for key in ("mae", "rmse", "mae_per_structure"):
                    self.assertLess(abs(point["values"][0][key] - alone["test"][key]), 1e-9 * alone["test"][key], key)
                    self.assertEqual(point[f"{key}_mean"], point["values"][0][key])

    def test_repeats_are_averaged(self):
        report = self.curve(**{"data.train": 40, "learning-curve.sizes": "10:40:log3", "output": self.path("c.csv")})
        self.assertEqual([point["n_train"] for point in report["points"]], [10, 20, 40])
        for point in report["points"]:
            for key in POINT_KEYS:
                self.assertIn(key, point)
            mae = np.array([value["mae"] for value in point["values"]])
            self.assertEqual((point["repeats"], len(mae)), (3, 3))
            self.assertEqual(len(set(mae)), 3)
            self.assertAlmostEqual(point["mae_mean"] / mae.mean(), 1, delta=1e-12)
            self.assertAlmostEqual(point["mae_std"] / mae.std(ddof=1), 1, delta=1e-9)
        with open(self.path("c.csv"), encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        self.assertEqual([int(row["n_train"]) for row in rows], [10, 20, 40])
        for row, point in zip(rows, report["points"]):
            for key in ("mae_mean", "mae_std", "rmse_mean", "mae_per_structure_mean"):
                self.assertAlmostEqual(float(row[key]), point[key], delta=1e-9 * point[key])
            self.assertAlmostEqual(float(row["mae_2"]), point["values"][1]["mae"], delta=1e-9)

    def test_defaults_and_the_table(self):
        run = self.run_program("learning-curve", {**self.keys, "report": self.path("r.json")})
        rows = [line.split() for line in run.out.splitlines() if line.startswith("energy")]
        self.assertEqual([int(row[1]) for row in rows], [1, 3, 6, 11, 23, 45])
        self.assertIn("meV/atom", run.out)

    def test_several_targets(self):
        frames = [frame.with_key("other", repr(2 * frame.energy)) for frame in self.frames]
        self.input = self.keys["data.structures"] = self.write("two.xyz", data.text_of(frames))
        report = self.curve(2, **{"data.target": ["energy", "other"], "learning-curve.sizes": "8,30",
                                  "learning-curve.repeats": 2})
        for point in report["points"]:
            self.assertAlmostEqual(point["targets"]["other"]["mae_mean"] / point["mae_mean"], 2, delta=1e-6)
            self.assertEqual(point["targets"]["energy"]["mae_mean"], point["mae_mean"])

    def test_structures_with_elements_that_a_size_lacks_do_not_count(self):
        fluorine = [frame for frame in data.organics(500) if "F" in frame.species][:8]
        self.keys["data.structures"] = self.write("f.xyz", data.text_of(self.frames[:40] + fluorine))
        report = self.curve(**{"learning-curve.sizes": "1,33", "learning-curve.repeats": 2})
        small, large = report["points"]
        self.assertGreater(sum(value["left_out"] for value in small["values"]), 0)
        self.assertEqual([value["left_out"] for value in large["values"]], [0, 0])
        for point in report["points"]:
            for value in point["values"]:
                self.assertEqual(value["count"] + value["left_out"], 15)
        self.assertTrue(any("n_train = 1:" in text and "F" in text for text in report["warnings"]), report["warnings"])
        # An element without a reference would be off by hundreds of eV.
        self.assertLess(max(value["max_error"] for value in large["values"]), 5)

    def test_wrong_sizes_and_no_test_set(self):
        for keys, words in (({"learning-curve.sizes": "10,46"}, "learning-curve.sizes goes up to 46"),
                            ({"learning-curve.sizes": "10,10"}, "learning-curve.sizes"),
                            ({"learning-curve.sizes": "0,10"}, "integers >= 1"),
                            ({"learning-curve.repeats": 0}, "learning-curve.repeats"),
                            ({"data.test": 0}, "set data.test"), ({"data.test": 61}, "data.test")):
            run = self.run_program("learning-curve", {**self.keys, **keys}, code=2)
            self.assertIn(words, run.err)


if __name__ == "__main__":
    main()
