# SPDX-License-Identifier: BSD-3-Clause
"""Plans: their memory against the measured peak of the runs they plan, their report, and what they refuse."""
from program import main, need

need("numpy")
import data  # noqa: E402
from peaks import MIB, Peaks  # noqa: E402

STAGE_KEYS = ("name", "seconds", "bytes")


class Plan(Peaks):
    def setUp(self):
        super().setUp()
        self.small = {"data.structures": self.write("small.xyz", data.text_of(data.organics(120))), "data.train": 90, "data.test": 20,
                      "soap.n-max": 4, "soap.l-max": 3, "soap.cutoff": 4.0}

    def test_peak_of_wide_features_on_one_rank(self):
        plan = self.check_peak(1, 380, **{"data.train": 220, "data.test": 70, "soap.n-max": 12, "soap.l-max": 9,
                                          "soap.cutoff": 5.0})
        self.assertEqual(plan["solver"], "cholesky")

    def test_peak_of_gathered_rows_on_two_ranks(self):
        plan = self.check_peak(2, 450, **{"data.train": 220, "data.test": 8, "soap.n-max": 12, "soap.l-max": 9,
                                          "soap.cutoff": 5.0})
        self.assertGreater(plan["gathered_bytes"], 200 * MIB)

    def test_peak_with_zeta_1(self):
        self.check_peak(2, 200, **{"data.train": 2300, "data.test": 100, "soap.n-max": 10, "soap.l-max": 8,
                                   "soap.cutoff": 5.0, "kernel.zeta": 1, "regression.solver": "cholesky"})

    def test_peak_of_the_radial_spectrum(self):
        for solver, ranks in (("cholesky", 1), ("primal", 2)):
            plan = self.check_peak(ranks, 40, **{"data.train": 2300, "data.test": 100, "soap.body-order": 2,
                                                 "soap.n-max": 8, "regression.solver": solver})
            self.assertEqual(plan["solver"], solver)

    def test_peak_with_a_contraction(self):
        self.check_peak(1, 150, **{"data.train": 500, "data.test": 100, "soap.n-max": 8, "soap.l-max": 6,
                                   "soap.contraction": 100, "soap.contraction-method": "pca"})

    def test_peak_of_kernel_and_features(self):
        few = {"data.structures": self.write("few.xyz", data.text_of(data.organics(150))), "soap.cutoff": 5.0}
        self.check_peak(1, 150, "kernel", **few, **{"soap.n-max": 12, "soap.l-max": 9})
        self.check_peak(2, 200, "features", **few, **{"soap.n-max": 12, "soap.l-max": 9})

    def test_peak_of_a_search_that_shares_densities(self):
        keys = {"data.train": 500, "data.test": 100, "soap.n-max": 10, "soap.l-max": 8, "soap.contraction": 60,
                "validation.folds": 5, "species.coupling": "gaussian", "regression.regularization": "1e-7,1e-5"}
        alone = self.check_peak(1, 40, "evaluate", **keys)
        plan = self.check_peak(1, 250, "search", **keys, **{"species.sigma-radius": "0.5,1"})
        self.assertGreater(plan["peak_memory_bytes"], alone["peak_memory_bytes"] + 100 * MIB)

    def test_dry_run_reports_stages_and_writes_nothing_else(self):
        for command, stage in (("train", "cholesky"), ("learning-curve", "cholesky"), ("kernel", "kernel"),
                               ("features", "features"), ("optimize", "gradient")):
            keys = {key: value for key, value in self.small.items()
                    if command in ("train", "learning-curve") or key not in ("data.train", "data.test")}
            report = self.reported(command, {**keys, "dry-run": True}, 2)
            plan = report["plan"]
            self.assertEqual((report["command"], plan["command"], plan["ranks"], plan["grid"]), (command, command, 2, "1x2"))
            self.assertTrue(plan["fits"])
            stages = {one["name"]: one for one in plan["stages"]}
            self.assertIn(stage, stages)
            for one in plan["stages"]:
                for key in STAGE_KEYS:
                    self.assertIn(key, one)
            self.assertEqual(plan["peak_memory_bytes"], max(one["bytes"] for one in plan["stages"]))
            self.assertAlmostEqual(plan["seconds"], sum(one["seconds"] for one in plan["stages"]), delta=1e-9)
            self.assertGreater(plan["calibration"]["tile_gflops"], 0)
        self.assertEqual(sorted(path.name for path in self.folder.iterdir()), ["report.json", "small.xyz"])

    def test_predict_needs_no_targets(self):
        self.run_program("train", {**self.small, "output": self.path("m.h5")})
        bare = self.write("bare.xyz", data.text_of([frame.without_key("energy") for frame in data.organics(9)]))
        run = self.run_program("predict", {"model": self.path("m.h5"), "data.structures": bare, "dry-run": True})
        self.assertIn("predict", run.out)

    def test_a_dry_run_wants_the_targets_of_the_run_and_plan_does_not(self):
        bare = self.write("bare.xyz", data.text_of([frame.without_key("energy") for frame in data.organics(9)]))
        keys = {**self.small, "data.structures": bare, "data.train": 6, "data.test": 3}
        self.run_program("plan", keys)
        for command in ("train", "evaluate"):
            run = self.run_program(command, {**keys, "dry-run": True}, code=3)
            self.assertIn("expected the target 'energy'", run.errors()[0])

    def test_other_ranks(self):
        keys = {**self.small, "plan.ranks": 6, "plan.ranks-per-node": 4, "plan.memory-per-node": 64}
        report = self.reported("plan", keys)
        plan = report["plan"]
        self.assertEqual((plan["command"], plan["ranks"], plan["grid"], plan["nodes"]), ("train", 6, "2x3", 2))
        self.assertAlmostEqual(plan["available_bytes_per_rank"] + plan["program_bytes"], 16 * 2**30, delta=1)
        curve = self.reported("plan", {**keys, "plan.command": "learning-curve", "learning-curve.repeats": 2})["plan"]
        self.assertEqual(curve["command"], "learning-curve")

    def test_plan_of_an_optimisation(self):
        """`plan` and `optimize --dry-run` say the same, time grows with the iterations, and both refuse what cannot be optimised."""
        keys = {**self.small, "species.elements": "H,C,N,O,F", "species.channels": 2, "validation.folds": 3,
                "optimize.parameters": "u,scale,regularization", "optimize.iterations": 9}
        plan = self.reported("plan", {**keys, "plan.command": "optimize"})["plan"]
        dry = self.reported("optimize", {**keys, "dry-run": True})["plan"]
        same = ("command", "n_train", "n_folds", "variables", "iterations", "ranks", "grid")
        self.assertEqual([plan[key] for key in same], [dry[key] for key in same])
        self.assertEqual((plan["command"], plan["n_train"], plan["n_folds"], plan["iterations"]), ("optimize", 90, 3, 9))
        self.assertEqual(plan["variables"], 2 * 5 + 2)  # u of two channels, r0 and λ
        self.assertEqual([one["name"] for one in plan["stages"]], [one["name"] for one in dry["stages"]])
        often = self.reported("plan", {**keys, "plan.command": "optimize", "optimize.iterations": 900, "plan.ranks": 6})["plan"]
        self.assertEqual((often["ranks"], often["grid"]), (6, "2x3"))
        self.assertGreater(often["seconds"], plan["seconds"])
        contracted = self.reported("plan", {**keys, "plan.command": "optimize", "soap.contraction": 20})["plan"]
        self.assertEqual([one["name"] for one in contracted["stages"]][-2:], ["gradient", "refit"])
        for bad, words in (({"optimize.parameters": "weights"}, "there is only one kernel"),
                           ({"optimize.parameters": "skale"}, "did you mean 'scale'?"), ({"soap.precision": "float32"}, "features in float64")):
            errors = [self.run_program(command, {**keys, **more, **bad}, code=2).errors()
                      for command, more in (("plan", {"plan.command": "optimize"}), ("optimize", {"dry-run": True}), ("optimize", {}))]
            self.assertIn(words, errors[0][0])
            self.assertEqual(errors[0], errors[1])
            self.assertEqual(errors[0], errors[2])

    def test_what_does_not_fit_is_refused_alike_by_plan_and_train(self):
        keys = {**self.small, "soap.n-max": 12, "soap.l-max": 9, "regression.solver": "cholesky"}
        run = self.run_program("plan", {**keys, "plan.ranks": 2, "plan.ranks-per-node": 2, "plan.memory-per-node": 0.3},
                               code=6)
        self.assertIn("It needs at least", run.err)
        self.assertIn("cholesky", run.out)
        trained = self.run_program("train", {**keys, "parallel.memory": 0.1, "output": self.path("m.h5")}, code=6)
        planned = self.run_program("train", {**keys, "parallel.memory": 0.1, "dry-run": True}, code=6)
        self.assertEqual(trained.errors(), planned.errors())
        self.assertFalse(self.path("m.h5").exists())


if __name__ == "__main__":
    main()
