# SPDX-License-Identifier: BSD-3-Clause
"""Training, prediction and cross-validation warn of compositions that do not determine the energies of the elements, and such
structures play no part in the choice of hyperparameters."""
import random

from program import TINY, ProgramTest, main, need

need("numpy")
import data  # noqa: E402

FREE = {"H": -13.6, "O": -2042.0, "C": -1035.0, "Na": -4400.0, "Cl": -12500.0}
CV = {**TINY, "regression.regularization": 1e-5}


def frame(species, seed, spacing=1.3):
    """Returns atoms in a row with some noise. The energy is that of free atoms and a small part that the kernel can learn."""
    draw = random.Random(seed)
    rows = [f"{name} {spacing * i + draw.uniform(-0.1, 0.1):.6f} {draw.uniform(-0.1, 0.1):.6f} 0" for i, name in enumerate(species)]
    first = float(rows[0].split()[1])
    energy = sum(FREE[name] for name in species) + 0.2 * first * len(species)
    return data.Frame([str(len(species)), f'Properties=species:S:1:pos:R:3 energy={energy!r}', *rows])


def frames(formulas, each, seed=1):
    return [frame(list(one), seed + 100 * i + k) for i, one in enumerate(formulas) for k in range(each)]


WATER, PEROXIDE, METHANE = "OHH", "HOOH", "HCHHH"


class Compositions(ProgramTest):
    def warnings(self, report):
        return [text for text in report["warnings"] if "composition" in text or "told apart" in text or "left out" in text]

    def fit(self, structures, code=0, command="train", **keys):
        return self.reported(command, {"data.structures": self.write("in.xyz", data.text_of(structures)), **CV,
                                       "output": self.path("model.h5" if command == "train" else "out.csv"), **keys}, code=code)

    def predict(self, structures):
        report = self.reported("predict", {"model": self.path("model.h5"), "output": self.path("p.csv"),
                                           "data.structures": self.write("new.xyz", data.text_of(structures))})
        return report, data.Table(self.path("p.csv").read_text(encoding="utf-8"))

    def test_one_stoichiometry(self):
        trained = self.warnings(self.fit(frames([WATER, WATER * 2], 4)))
        self.assertEqual(len(trained), 1, trained)
        for words in ("the energies of H O cannot be told apart", "every training structure has the composition H2O or a multiple of it",
                      "data.baseline = atoms"):
            self.assertIn(words, trained[0])
        report, _ = self.predict(frames([WATER, WATER * 3], 2, seed=7))
        self.assertEqual((self.warnings(report), report["n_undetermined_compositions"]), ([], 0))
        report, table = self.predict(frames([WATER, PEROXIDE, "OO"], 1, seed=7))
        self.assertEqual(report["n_undetermined_compositions"], 2)
        warned = self.warnings(report)
        self.assertEqual(len(warned), 1, warned)
        for words in ("2 of 3 structures have compositions", "H2O or a multiple", "new.xyz, frame 1", "new.xyz, frame 2", "1.79 atoms"):
            self.assertIn(words, warned[0])  # |(0, 2) . (1, -2)| / sqrt 5
        self.assertLess(abs(table["error"][0]), 1)
        self.assertGreater(abs(table["error"][1:]).min(), 100)

    def test_what_determines_the_elements_is_silent(self):
        atoms = {"data.baseline": "atoms", "data.atom-energy": "H:-13.6,O:-2042"}
        for name, structures, keys in (("isolated atoms", frames([WATER], 6) + frames(["H"], 1), {}), ("given", frames([WATER], 6), atoms),
                                       ("another composition", frames([WATER], 5) + frames([PEROXIDE], 1), {}),
                                       ("mean", frames([WATER], 6), {"data.baseline": "mean"})):
            with self.subTest(name):
                self.assertEqual(self.warnings(self.fit(structures, **keys)), [])
                report, table = self.predict(frames([PEROXIDE], 1, seed=9))
                self.assertEqual(self.warnings(report), [])
                if name != "mean":
                    self.assertLess(abs(table["error"]).max(), 3)

    def test_elements_that_always_occur_together(self):
        salts = frames([["Na", "Cl"], ["Na", "Cl", "O", "H", "H"], ["O", "H"]], 4)
        trained = self.warnings(self.fit(salts))
        self.assertIn("the energies of Na Cl cannot be told apart: in every training structure the numbers of atoms obey Na = Cl", trained[0])
        report, _ = self.predict(frames([["Na", "O", "H"]], 1) + frames([["Na", "Cl", "O", "H"]], 1))
        self.assertIn("1 of 2 structures", self.warnings(report)[0])

    def test_the_test_set_leaves_them_out(self):
        """Draws with a seed that leaves the training set one stoichiometry only, if there is one among these."""
        for seed in range(1, 20):
            report = self.fit(frames([WATER], 9) + frames([PEROXIDE], 1), **{"data.train": 8, "data.test": 2, "data.seed": seed})
            if report["n_test_skipped"]:
                break
        self.assertEqual((report["n_test"], report["n_test_skipped"]), (1, 1))
        self.assertTrue(any("1 of 2 test structures are left out" in text for text in report["warnings"]), report["warnings"])
        self.assertLess(report["test"]["mae"], 0.5)

    lone = frames([WATER, PEROXIDE], 8) + frames([METHANE], 1)

    def test_a_fold_with_the_only_structures_of_an_element(self):
        """The held-out error of the left-out structure would be that of a guessed baseline, hundreds of eV."""
        sane = self.fit(frames([WATER, PEROXIDE], 8), command="evaluate", **{"validation.folds": 4})
        self.assertEqual(sane["n_left_out"], 0)
        for ranks in (1, 2):
            report = self.reported("evaluate", {"data.structures": self.write("in.xyz", data.text_of(self.lone)), **CV,
                                                "validation.folds": 4, "output": self.path("out.csv")}, ranks)
            self.assertEqual(report["n_left_out"], 1)
            self.assertTrue(any("1 of 17 structures are left out of the cross-validation errors" in text and "do not contain C" in text
                                for text in report["warnings"]), report["warnings"])
            self.assertLess(report["cv"]["max_error"], 1)
            self.assertEqual(report["cv"]["count"], 16)
            table = data.Table(self.path("out.csv").read_text(encoding="utf-8"))
            self.assertEqual(len(table["error"]), 16)
            self.assertNotIn(16, table["index"])

    def test_a_fold_with_the_only_other_composition(self):
        report = self.fit(frames([WATER], 12) + frames([PEROXIDE], 1), command="evaluate", **{"validation.folds": 3})
        self.assertEqual(report["n_left_out"], 1)
        self.assertLess(report["cv"]["max_error"], 1)
        self.assertTrue(any("do not determine the baseline" in text for text in report["warnings"]), report["warnings"])

    def test_where_nothing_is_left_there_is_no_error_of_zero(self):
        run = self.run_program("evaluate", {"data.structures": self.write("in.xyz", data.text_of(frames(["OO", "HH"], 1))), **CV,
                                            "validation.folds": 2}, code=3)
        self.assertIn("cross-validation has no errors to average", run.err)

    def test_search_optimize_and_weights_leave_them_out(self):
        lone = {"data.structures": self.write("in.xyz", data.text_of(self.lone)), "validation.folds": 4, "regression.regularization": 1e-5,
                "soap.n-max": 3, "soap.l-max": 2}
        search = self.reported("search", {**lone, "soap.cutoff": "3,4", "output": self.path("s.csv")}, 2)
        self.assertLess(max(row["max_error"] for row in search["table"]), 1)
        self.assertTrue(any("1 of 17 structures are left out" in text for text in search["warnings"]), search["warnings"])
        optimum = self.reported("optimize", {**lone, "soap.cutoff": 4, "optimize.iterations": 3, "output": self.path("u.txt")}, 2)
        self.assertEqual((optimum["n_left_out"], optimum["cv"]["count"]), (1, 16))
        self.assertLess(optimum["objective"][0], 16)  # (800 eV / 5)² / 2 with the methane
        weights = self.reported("evaluate", {**lone, "soap.cutoff": 4, "kernel.1.zeta": 1, "kernel.2.zeta": 2, "output": self.path("w.csv"),
                                             "validation.optimize-weights": "yes"}, 2)
        self.assertEqual(weights["cv"]["count"], 16)
        self.assertLess(weights["cv"]["max_error"], 1)

    def test_learning_curve(self):
        report = self.fit(frames([WATER], 30) + frames([PEROXIDE], 4), command="learning-curve",
                          **{"data.train": 24, "data.test": 10, "learning-curve.sizes": "6,12,24"})
        self.assertGreater(sum(one["left_out"] for point in report["points"] for one in point["values"]), 0)
        self.assertLess(max(point["mae_mean"] for point in report["points"]), 1)
        self.assertTrue(any("whose baseline the training structures do not determine" in text for text in report["warnings"]))


if __name__ == "__main__":
    main()
