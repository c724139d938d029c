# SPDX-License-Identifier: BSD-3-Clause
"""The JSON report: every key that the interface promises, with its type and, where it can be known, its value."""
from program import ProgramTest, main, need

need("numpy")
import data  # noqa: E402  (needs numpy)

ERROR_KEYS = ("mae", "rmse", "max_error", "mae_per_structure")
TYPES = {"soap.n-max": int, "soap.l-max": int, "soap.cutoff": float, "soap.normalize": bool, "soap.body-order": int,
         "data.structures": list, "data.target": list, "data.target-unit": str, "data.seed": int, "kernel.zeta": int,
         "regression.regularization": float, "radial-scaling.exponent": float, "parallel.grid": str}


class Report(ProgramTest):
    def setUp(self):
        super().setUp()
        self.input = self.write("in.xyz", data.text_of(data.organics(40)))

    def train(self, ranks=1, **keys):
        return self.reported("train", {"data.structures": self.input, "data.train": 30, "data.test": 8,
                                       "output": self.path("m.h5"), **keys}, ranks)

    def check_common(self, report, command, ranks, grid):
        self.assertEqual(report["command"], command)
        self.assertIsInstance(report["version"], str)
        self.assertEqual((report["ranks"], report["grid"]), (ranks, grid))
        self.assertIsInstance(report["peak_memory_bytes"], int)
        self.assertTrue(1e6 < report["peak_memory_bytes"] < 1e11)
        self.assertIsInstance(report["effective_configuration"], dict)
        self.check_stages(report["stages"])

    def check_stages(self, stages):
        self.assertGreater(len(stages), 0)
        for stage in stages:
            self.assertIsInstance(stage["name"], str)
            seconds = stage["seconds"]
            # The mean is a sum over ranks divided: it may round past its bounds.
            self.assertTrue(0 <= seconds["min"] <= 1.000001 * seconds["mean"] <= 1.00001 * seconds["max"] < 1000, stage)
            self.assertTrue(stage["gflops"] is None or stage["gflops"] > 0, stage)

    def check_errors(self, errors):
        self.assertEqual(errors["unit"], "eV")
        for key in ERROR_KEYS:
            self.assertIsInstance(errors[key], float, key)
            self.assertGreaterEqual(errors[key], 0, key)
        self.assertLessEqual(errors["mae"], errors["rmse"])
        self.assertLessEqual(errors["rmse"], errors["max_error"])
        self.assertLess(errors["mae"], errors["mae_per_structure"])

    def test_train_on_one_and_three_ranks(self):
        for ranks, grid in ((1, "1x1"), (3, "1x3")):
            report = self.train(ranks)
            self.check_common(report, "train", ranks, grid)
            self.assertEqual((report["n_train"], report["n_test"]), (30, 8))
            for part in ("train", "test"):
                self.check_errors(report[part])
            self.assertLess(report["train"]["mae"], report["test"]["mae"])
            stages = {stage["name"]: stage for stage in report["stages"]}
            self.assertGreater(stages["kernel"]["gflops"], 0)
            self.assertGreater(stages["cholesky"]["gflops"], 0)

    def test_without_a_test_set_all_structures_train(self):
        report = self.train(**{"data.train": None, "data.test": None})
        self.assertEqual((report["n_train"], report["n_test"]), (40, 0))
        self.assertNotIn("test", report)

    def test_effective_configuration_has_the_given_values_and_the_defaults(self):
        found = self.train(**{"soap.gaussian-width": 0.4})["effective_configuration"]
        for key, kind in TYPES.items():
            self.assertIs(type(found[key]), kind, key)
        given = {"soap.n-max": 3, "soap.l-max": 2, "soap.cutoff": 4.0, "soap.gaussian-width": 0.4, "data.train": 30,
                 "data.test": 8, "data.structures": [str(self.input)]}
        defaults = {"soap.cutoff-width": 0.5, "soap.central-weight": 1.0, "soap.body-order": 3, "soap.normalize": True,
                    "radial-scaling.scale": 2.0, "radial-scaling.exponent": 7.0, "radial-scaling.rate": 1.0, "kernel.zeta": 2,
                    "regression.regularization": 1e-8, "data.baseline": "composition", "data.seed": 1,
                    "data.target-unit": "eV", "data.target-scope": "total", "species.coupling": "none"}
        for key, value in {**given, **defaults}.items():
            self.assertEqual(found[key], value, key)

    def test_the_effect_of_float32(self):
        self.assertIsNone(self.train()["float32_effect"])
        report = self.train(2, **{"soap.precision": "float32"})
        effect = report["float32_effect"]
        self.assertEqual(effect["structures"], 8)
        self.assertTrue(0 < effect["mean_ev"] <= effect["max_ev"] < 0.01 * report["test"]["mae_per_structure"], effect)

    def test_predict(self):
        self.train()
        report = self.reported("predict", {"model": self.path("m.h5"), "data.structures": self.input,
                                           "output": self.path("p.csv")}, 2)
        self.check_common(report, "predict", 2, "1x2")
        self.assertEqual((report["n_train"], report["n_test"]), (30, 40))
        self.check_errors(report["test"])

    def test_predict_knows_the_target_of_the_model(self):
        frames = [frame.without_key("energy").with_key("e_ha", repr(float(frame.keys["energy"]) / 27.211386245988))
                  for frame in data.organics(40)]
        keys = {"data.structures": self.write("ha.xyz", data.text_of(frames)), "data.target": "e_ha",
                "data.target-unit": "hartree"}
        self.train(**keys)
        report = self.reported("predict", {"model": self.path("m.h5"), "data.structures": keys["data.structures"],
                                           "output": self.path("p.csv")})
        expected = self.reported("predict", {"model": self.path("m.h5"), "output": self.path("q.csv"), **keys})
        self.assertEqual(report["test"], expected["test"])
        self.assertEqual(self.path("p.csv").read_text(encoding="utf-8"), self.path("q.csv").read_text(encoding="utf-8"))

    def test_predict_without_the_target_reports_no_errors(self):
        self.train()
        bare = self.write("bare.xyz", data.text_of([frame.without_key("energy") for frame in data.organics(5)]))
        report = self.reported("predict", {"model": self.path("m.h5"), "data.structures": bare, "output": self.path("p.csv")})
        self.assertNotIn("test", report)
        table = data.Table(self.path("p.csv").read_text(encoding="utf-8"))
        self.assertEqual([row[3:] for row in table.cells], [["", ""]] * 5)

    def test_kernel_and_features(self):
        for command, ranks, grid in (("kernel", 2, "1x2"), ("features", 3, "1x3")):
            report = self.reported(command, {"data.structures": self.input, "output": self.path("out.h5")}, ranks)
            self.check_common(report, command, ranks, grid)

    def test_the_seed_draws_the_split(self):
        drawn = []
        for seed in (1, 1, 2):
            self.train(**{"data.seed": seed})
            drawn.append(data.ModelFile(self.path("m.h5")).drawn_from(data.organics(40)))
        self.assertEqual(drawn[0], drawn[1])
        self.assertNotEqual(set(drawn[0]), set(drawn[2]))


if __name__ == "__main__":
    main()
