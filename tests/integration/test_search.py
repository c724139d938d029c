# SPDX-License-Identifier: BSD-3-Clause
"""Searches against evaluations of their own, strategies, failing points, checkpoints of other searches, files written."""
import json
import shutil
import signal

from program import main, need

np = need("numpy")
import data  # noqa: E402
from searches import POINTS, SearchTest  # noqa: E402

ERRORS = ("mae", "rmse", "max_error", "mae_per_structure")


class Search(SearchTest):
    def report(self, ranks=1, **keys):
        self.search(ranks, report=self.path("r.json"), **keys)
        return json.loads(self.path("r.json").read_text(encoding="utf-8"))

    def test_points_equal_separate_evaluations(self):
        small = {"soap.cutoff": "3,4", "radial-scaling.scale": "1.5,2"}
        report = self.report(2, **small)
        self.assertEqual(len(report["table"]), 2 * 2 * 2 * 3)
        for row in report["table"]:
            keys = {**self.keys, **row["keys"], "report": self.path("e.json")}
            self.run_program("evaluate", keys)
            alone = json.loads(self.path("e.json").read_text(encoding="utf-8"))["cv"]
            for error in ERRORS:
                self.assertAlmostEqual(row[error] / alone[error], 1, delta=1e-8, msg=f"{error} of {row['keys']}")
        best = min(report["table"], key=lambda row: row["mae"])
        self.assertEqual(report["best"], best)

    def test_points_that_differ_in_species_share_their_densities(self):
        keys = {"soap.cutoff": 3, "radial-scaling.scale": 2, "radial-scaling.exponent": "0,5", "regression.regularization": 1e-5,
                "species.coupling": "gaussian", "species.sigma-electronegativity": "0.3,1", "kernel.zeta": "1,2"}
        report = self.report(2, **keys)
        self.assertEqual(len(report["table"]), 8)
        reused = report["throughput"]["environments_reused"]
        self.assertGreaterEqual(reused, (8 - 2 * 2) * self.structures)  # both groups may compute both densities
        self.assertGreater(report["throughput"]["environments_bytes"], 0)
        for row in report["table"][::3]:
            point = {**row["keys"], "kernel.zeta": int(row["keys"]["kernel.zeta"])}
            self.run_program("evaluate", {**self.keys, **keys, **point, "report": self.path("e.json")})
            alone = json.loads(self.path("e.json").read_text(encoding="utf-8"))["cv"]
            for error in ERRORS:
                self.assertAlmostEqual(row[error] / alone[error], 1, delta=1e-8, msg=f"{error} of {row['keys']}")

    def test_points_that_differ_in_weights_share_their_kernels(self):
        keys = {"soap.cutoff": "3,4", "radial-scaling.scale": 2, "radial-scaling.exponent": 5, "kernel.1.weight": "1,10",
                "kernel.2.weight": "1:100:log3", "kernel.2.soap.cutoff": 2.5, "regression.regularization": 1e-5}
        report = self.report(1, **keys)
        self.assertEqual(len(report["table"]), 12)
        self.assertEqual(report["throughput"]["kernels_assembled"], 4)
        for row in report["table"][::3]:
            alone = self.path("e.json")
            self.run_program("evaluate", {**self.keys, **keys, **row["keys"], "report": alone})
            cv = json.loads(alone.read_text(encoding="utf-8"))["cv"]
            for error in ERRORS:
                self.assertAlmostEqual(row[error] / cv[error], 1, delta=1e-7, msg=f"{error} of {row['keys']}")
        self.search(3, output=self.path("three.csv"), **keys)
        self.assertEqual(self.table("three.csv"), self.table())

    def test_the_same_table_on_any_number_of_ranks(self):
        self.search(1)
        whole = self.table()
        for ranks in (2, 3):
            self.search(ranks, output=self.path(f"r{ranks}.csv"))
            self.assertEqual(self.table(f"r{ranks}.csv"), whole)
        self.search(3, output=self.path("one.csv"), **{"search.groups": 1})
        for mine, one in zip(self.rows(), self.rows("one.csv")):
            self.assertAlmostEqual(float(mine["mae"]) / float(one["mae"]), 1, delta=1e-6)

    def test_every_combination_is_there_once(self):
        report = self.report()
        rows = self.rows()
        self.assertEqual(len(rows), POINTS * 3)
        self.assertEqual(len({(row["soap.cutoff"], row["radial-scaling.scale"], row["radial-scaling.exponent"],
                               row["regression.regularization"]) for row in rows}), POINTS * 3)
        for row, other in zip(rows, report["table"]):
            self.assertAlmostEqual(float(row["mae"]), other["mae"], delta=1e-11)
            self.assertEqual(float(row["soap.cutoff"]), other["keys"]["soap.cutoff"])
        self.assertEqual(report["throughput"]["points"], POINTS)

    def test_train_takes_the_best_configuration(self):
        report = self.report()
        model = self.path("m.h5")
        train = self.execute(["train", "--config", "search.best.ini", "--output", model, "--report", self.path("t.json")])
        self.assertEqual(train.code, 0, str(train))
        configuration = data.ModelFile(model).configuration
        for key, value in report["best"]["keys"].items():
            self.assertAlmostEqual(float(configuration[key]), value, delta=1e-12 * abs(value))
        self.assertEqual(configuration["soap.n-max"], "3")
        trained = json.loads(self.path("t.json").read_text(encoding="utf-8"))
        self.assertEqual(trained["n_train"], self.structures)

    def test_a_random_sample_is_part_of_the_grid(self):
        self.search(2, **{"search.strategy": "random", "search.samples": 7, "output": self.path("some.csv")})
        self.search()
        some, whole = self.table("some.csv").splitlines(), self.table().splitlines()
        self.assertEqual(len(some), 1 + 7 * 3)
        self.assertLessEqual(set(some), set(whole))

    def test_successive_halving(self):
        report = self.report(2, **{"search.strategy": "halving", "search.halving-factor": 2,
                                   "search.least-structures": 15})
        self.assertEqual([(rung["points"], rung["n_structures"]) for rung in report["rungs"]],
                         [(24, 15), (12, 30), (6, 60)])
        rows = report["table"]
        for rung, count in ((1, 24), (2, 12), (3, 6)):
            self.assertEqual(len({row["point"] for row in rows if row["rung"] == rung}), count)
        # Those that went on are the better half.
        for rung, count in ((1, 12), (2, 6)):
            scores = {}
            for row in rows:
                if row["rung"] == rung:
                    scores[row["point"]] = min(row["mae"], scores.get(row["point"], np.inf))
            best = sorted(scores, key=scores.get)[:count]
            self.assertEqual(set(best), {row["point"] for row in rows if row["rung"] == rung + 1})
        self.assertEqual(report["best"]["rung"], 3)
        self.assertEqual(report["best"]["mae"], min(row["mae"] for row in rows if row["rung"] == 3))

    def test_points_that_fail_are_in_the_table(self):
        """A cutoff shorter than its width makes no sense; the other points do."""
        report = self.report(2, **{"soap.cutoff": "4,0.4", "radial-scaling.scale": 2, "radial-scaling.exponent": 5})
        good = [row for row in report["table"] if row["error"] is None]
        bad = [row for row in report["table"] if row["error"] is not None]
        self.assertEqual((len(good), len(bad)), (3, 3))
        for row in bad:
            self.assertIn("soap.cutoff-width", row["error"])
            self.assertIsNone(row["mae"])
        self.assertEqual(report["best"]["keys"]["soap.cutoff"], 4)

    def test_when_all_points_fail_the_search_does(self):
        run = self.search(code=4, **{"soap.n-max": 1, "soap.l-max": 0, "kernel.zeta": 1, "soap.cutoff": "3,4",
                                     "radial-scaling.scale": 2, "regression.regularization": 0})
        self.assertIn("no point of the search could be evaluated", run.err)
        self.assertEqual(len(run.errors()), 1, str(run))


class Checkpoints(SearchTest):
    small = {"soap.cutoff": "3,4", "radial-scaling.scale": 2, "radial-scaling.exponent": 5}

    def test_another_search_is_refused_with_the_keys_that_differ(self):
        self.search(**self.small)
        run = self.search(2, code=2, **{**self.small, "soap.cutoff": "3,5", "validation.folds": 4})
        self.assertEqual(len(run.errors()), 1, str(run))
        for words in ("soap.cutoff: 3,4 in the checkpoint, now 3,5", "validation.folds: 5 in the checkpoint, now 4"):
            self.assertIn(words, run.err)
        self.assertNotIn("soap.n-max", run.err)

    def test_other_data_are_refused_the_same_data_elsewhere_are_not(self):
        self.search(**self.small)
        shutil.copy(self.input, self.path("copy.xyz"))
        again = self.search(**{**self.small, "data.structures": self.path("copy.xyz")})
        self.assertIn("finished points in the checkpoint: 2", again.err)
        frames = data.parse(self.input.read_text(encoding="utf-8"))
        frames[3] = frames[3].with_key("energy", repr(frames[3].energy + 1e-9))
        self.write("other.xyz", data.text_of(frames))
        run = self.search(code=2, **{**self.small, "data.structures": self.path("other.xyz")})
        self.assertIn("data.structures: 60 structures, contents", run.err)

    def test_a_second_job_is_refused(self):
        first = self.start()
        self.assertTrue(self.wait_for(self.path("search.checkpoint.h5.parts").exists, first))
        first.signal(signal.SIGSTOP)
        try:
            run = self.search(2, code=5, output=self.path("b.csv"), checkpoint=self.path("search.checkpoint.h5"))
        finally:
            first.signal(signal.SIGCONT)
        self.assertIn(f"is in use by process {first.process.pid} on host", run.err)
        self.assertEqual(first.wait().code, 0)

    def test_a_damaged_checkpoint_goes_back_to_the_one_before(self):
        self.search(**self.small)
        whole = self.table()
        path = self.path("search.checkpoint.h5")
        path.write_bytes(path.read_bytes()[:-2000])
        run = self.search(**self.small)
        self.assertIn("resuming from", run.err)
        self.assertEqual(self.table(), whole)
        path.write_bytes(b"nonsense")
        self.path("search.checkpoint.h5.previous").write_bytes(b"nonsense")
        self.search(code=5, **self.small)
        self.assertEqual(path.read_bytes(), b"nonsense")

    def test_inspect_shows_a_search(self):
        self.search()
        run = self.execute(["inspect", "search.checkpoint.h5"])
        self.assertEqual(run.code, 0, str(run))
        for words in ("search, finished", "24 of 24 points", "soap.cutoff: 3 3.5 4", "best so far: mae"):
            self.assertIn(words, run.out)


if __name__ == "__main__":
    main()
