# SPDX-License-Identifier: BSD-3-Clause
"""Targets of structures that are held out or not drawn reach nothing that is fitted: changing them changes no bit of it."""
import fractions

from program import TINY, ProgramTest, figure, main, need

np, h5py = need("numpy", "h5py")
import data  # noqa: E402

FITTED = {**TINY, "regression.regularization": 1e-6}


class Leakage(ProgramTest):
    def setUp(self):
        super().setUp()
        self.frames = data.organics(40)
        self.input = self.write("in.xyz", data.text_of(self.frames))

    def changed(self, indices, value=lambda energy: 1e3 - 7 * energy):
        """The same file, with other energies of some structures, at the same place."""
        touched = set(indices)
        frames = [frame.with_key("energy", repr(value(frame.energy))) if i in touched else frame for i, frame in enumerate(self.frames)]
        return self.write("in.xyz", data.text_of(frames))

    def restore(self):
        self.write("in.xyz", data.text_of(self.frames))

    def others(self, drawn):
        rest = sorted(set(range(len(self.frames))) - set(int(i) for i in drawn))
        self.assertGreater(len(rest), 5)
        return rest

    def contents(self, path):
        """Every data set and attribute of a file but its provenance, which tells test errors."""
        found = {}

        def take(name, item):
            if name.startswith("provenance"):
                return
            for key, value in item.attrs.items():
                found[f"{name}@{key}"] = np.asarray(value).tobytes()
            if isinstance(item, h5py.Dataset):
                found[name] = item[()].tobytes()

        with h5py.File(path, "r") as file:
            file.visititems(take)
        self.assertGreater(len(found), 20)
        return found

    def expect_no_leak(self, command, keys, ranks=1):
        """Twice with other energies of what is not drawn: all fitted numbers of the report and all files are the same. What is
        drawn is what `evaluate` predicts with the same keys."""
        drawn = {"data.structures": self.input, "data.train": 24, "data.seed": 5}
        self.run_program("evaluate", {**FITTED, **drawn, "validation.folds": 3, "output": self.path("drawn.csv")})
        rest = self.others(data.Table(self.path("drawn.csv").read_text(encoding="utf-8"))["index"])
        results = []
        for value in (None, lambda energy: 1e3 - 7 * energy, lambda energy: 0.0):
            self.restore()
            if value is not None:
                self.changed(rest, value)
            output = self.path("output.csv")
            checkpoint = {"checkpoint": self.path("checkpoint.h5")} if command != "evaluate" else {}
            report = self.reported(command, {**FITTED, **drawn, **keys, **checkpoint, "output": output}, ranks)
            for name in ("checkpoint.h5", "checkpoint.h5.previous"):
                self.path(name).unlink(missing_ok=True)
            texts = {path.name: path.read_bytes() for path in self.folder.iterdir() if path.suffix in (".csv", ".ini", ".txt")}
            results.append((texts, {key: report[key] for key in ("cv", "best", "objective", "u", "points", "regularization", "weights") if key in report}))
        self.assertGreater(len(results[0][1]), 0)
        self.assertEqual(results[1], results[0])
        self.assertEqual(results[2], results[0])
        figure("leakage_cases", 1)

    def test_no_file_is_read_twice(self):
        """Under another name its structures would be learnt and held out at once."""
        self.path("link.xyz").symlink_to(self.input)
        self.path("hard.xyz").hardlink_to(self.input)
        for command, key in (("train", "data.structures"), ("evaluate", "data.structures"), ("kernel", "against")):
            for names in ([self.input, "link.xyz"], ["hard.xyz", self.input], ["in.xyz", "./in.xyz"], [self.folder, self.input]):
                for ranks in (1, 3) if command == "train" else (1,):
                    keys = {"data.structures": self.input, "output": self.path("out"), key: names}
                    error = self.run_program(command, keys, ranks, code=2).errors()[0]
                    self.assertIn("is the same file as", error)
                    for name in names:
                        self.assertIn(str(name), error)
                    figure("files_twice_refused", 1)

    def test_train(self):
        for keys, ranks in (({}, 1), ({}, 3), ({"data.baseline": "mean", "regression.solver": "primal", "kernel.zeta": 1}, 1),
                            ({"regression.solver": "cg", "soap.contraction": 20}, 2), ({"species.coupling": "gaussian"}, 1),
                            ({"kernel.1.soap.cutoff": 2.5, "kernel.2.soap.cutoff": 4.0, "soap.contraction": 12}, 1)):
            with self.subTest(keys=keys, ranks=ranks):
                self.expect_the_same_model({"data.train": 20, **keys}, ranks)

    def expect_the_same_model(self, keys, ranks):
        self.restore()
        line = {**FITTED, "data.structures": self.input, "data.test": 8, "output": self.path("m.h5"), **keys}
        before = self.reported("train", line, ranks)
        whole = self.contents(self.path("m.h5"))
        self.changed(self.others(data.ModelFile(self.path("m.h5")).drawn_from(self.frames)))
        after = self.reported("train", line, ranks)
        self.assertEqual(self.contents(self.path("m.h5")), whole)
        for key in ("train", "lambda", "backward_error"):
            self.assertEqual(after[key], before[key])
        self.assertNotEqual(after["test"], before["test"])  # the change was one
        figure("leakage_cases", 1)

    def test_committee(self):
        self.frames = data.organics(84)
        self.expect_the_same_model({"data.train": 70, "regression.uncertainty": "committee"}, 2)

    def test_predict(self):
        model = self.path("m.h5")
        self.run_program("train", {**FITTED, "data.structures": self.input, "data.train": 20, "output": model})
        predicted = []
        for change in (False, True):
            if change:
                self.changed(range(40))
            self.run_program("predict", {"model": model, "data.structures": self.input, "output": self.path("p.csv")})
            table = data.Table(self.path("p.csv").read_text(encoding="utf-8"))
            predicted.append([row[table.columns.index("predicted")] for row in table.cells])
        self.assertEqual(predicted[0], predicted[1])
        figure("leakage_cases", 1)

    def test_a_fold_predicts_itself_from_the_others_alone(self):
        """Energies of one fold changed: its own predictions are the same to the bit, those of the others are not."""
        for keys, ranks in (({"validation.folds": 4}, 1), ({"validation.folds": 4, "validation.method": "eigen"}, 3),
                            ({"validation.folds": "loo"}, 2)):
            with self.subTest(keys=keys):
                self.restore()
                line = {**FITTED, **keys, "data.structures": self.input, "output": self.path("cv.csv")}

                def rows():
                    self.run_program("evaluate", line, ranks)
                    table = data.Table(self.path("cv.csv").read_text(encoding="utf-8"))
                    at = [table.columns.index(name) for name in ("index", "fold", "predicted")]
                    return {row[at[0]]: (row[at[1]], row[at[2]]) for row in table.cells}

                before = rows()
                held = {index for index, (fold, _) in before.items() if fold == before["0"][0]}
                self.changed(map(int, held))
                after = rows()
                self.assertEqual({index for index in before if after[index] == before[index]}, held)
                figure("leakage_cases", 1)

    def test_evaluate(self):
        self.expect_no_leak("evaluate", {"validation.folds": 3})
        self.expect_no_leak("evaluate", {"validation.folds": "loo", "regression.regularization": "1e-8:1e-5:log4"}, ranks=2)

    def test_weights(self):
        self.expect_no_leak("evaluate", {"validation.folds": 3, "validation.optimize-weights": "true", "kernel.1.soap.cutoff": 2.5,
                                         "kernel.2.soap.cutoff": 4.0, "kernel.2.weight": 3})

    CURVE = {**FITTED, "learning-curve.sizes": "10,20", "learning-curve.repeats": 1}
    SOLVERS = ({}, {"regression.solver": "cg", "soap.contraction": 20})

    def drawn(self, n_train, n_test, **keys):
        """Which structures `train` draws for training: the same as a learning curve of that size."""
        self.restore()
        self.run_program("train", {**FITTED, "data.structures": self.input, "data.train": n_train, "data.test": n_test,
                                   "output": self.path("m.h5"), **keys})
        return {int(i) for i in data.ModelFile(self.path("m.h5")).drawn_from(self.frames)}

    def points(self, **keys):
        return self.reported("learning-curve", {**self.CURVE, "data.structures": self.input, **keys})["points"]

    def test_learning_curve(self):
        """It shows errors alone. The error of a single test structure is an exact difference (references within a factor of two of
        the prediction: Sterbenz' lemma), which tells the prediction to the last bit, whatever the reference."""
        for keys in (*self.SOLVERS, {"data.seed": 2}):
            with self.subTest(keys=keys):
                (test,) = set(range(40)) - self.drawn(39, 1, **keys)
                predicted = []
                for factor in (0.8, 1.25, 1.5):
                    self.changed([test], lambda energy, factor=factor: factor * energy)
                    reference = fractions.Fraction(factor * self.frames[test].energy)
                    errors = [point["values"][0]["mae_per_structure"] for point in self.points(**{**keys, "data.test": 1})]
                    side = 1 if factor < 1 else -1  # of the prediction, in magnitude
                    predicted.append([abs(reference) + side * fractions.Fraction(error) for error in errors])
                    for value in predicted[-1]:
                        self.assertTrue(abs(reference) / 2 <= value <= 2 * abs(reference))
                self.assertEqual(predicted[1], predicted[0])
                self.assertEqual(predicted[2], predicted[0])
                self.assertNotEqual(predicted[0][0], predicted[0][1])
                figure("leakage_cases", 1)

    def test_a_smaller_size_knows_nothing_of_the_rest(self):
        """Targets that only the larger size has leave the errors of the smaller one as they are, to the bit."""
        for keys in self.SOLVERS:
            with self.subTest(keys=keys):
                small, large = self.drawn(10, 8, **keys), self.drawn(20, 8, **keys)
                self.assertLess(small, large)
                before = self.points(**{**keys, "data.test": 8})
                self.changed(large - small)
                after = self.points(**{**keys, "data.test": 8})
                self.assertEqual(after[0], before[0])
                self.assertNotEqual(after[1], before[1])
                figure("leakage_cases", 1)

    def test_search(self):
        self.expect_no_leak("search", {"soap.cutoff": "3,4", "regression.regularization": "1e-8,1e-5", "validation.folds": 2})
        self.expect_no_leak("search", {"search.strategy": "halving", "search.least-structures": 8, "soap.cutoff": "3,3.5,4",
                                       "validation.folds": 2}, ranks=3)

    def test_optimize(self):
        self.expect_no_leak("optimize", {"optimize.parameters": "scale,regularization", "optimize.iterations": 2, "validation.folds": 2})

    def test_what_has_no_targets(self):
        for command in ("kernel", "features"):
            files = []
            for change in (False, True):
                self.restore()
                if change:
                    self.changed(range(40))
                self.run_program(command, {"data.structures": self.input, "output": self.path("o.h5")})
                files.append(self.path("o.h5").read_bytes())
            self.assertEqual(files[0], files[1])
            figure("leakage_cases", 1)


if __name__ == "__main__":
    main()
