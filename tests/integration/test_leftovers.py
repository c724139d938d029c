# SPDX-License-Identifier: BSD-3-Clause
"""A run that fails before its first result leaves no file, and does not prevent the corrected one."""
import os
import shutil

from program import ProgramTest, main, need

need("numpy")
import data  # noqa: E402

SMALL = {"soap.n-max": 2, "soap.l-max": 1, "soap.cutoff": 3}
OUTPUT = {"output": "out.h5"}
SEARCH = {"soap.gaussian-width": "0.3,0.4", "output": "out.csv"}
MANY_FOLDS, FEW_FOLDS = {"validation.folds": 10}, {"validation.folds": 2}
TOO_MANY = {"data.train": 50}
CONTRACTED = {"soap.contraction": 4, "soap.contraction-method": "pca", "regression.regularization": 1e-6}
DUPLICATES = "twice.xyz"  # without regularisation no kernel matrix is positive definite

# Each row has the command, the keys of both runs, those of the run that fails, its exit code, and those of the corrected run.
CASES = (
    ("search", SEARCH, MANY_FOLDS, 2, FEW_FOLDS),
    ("search", {**SEARCH, "search.groups": 1}, MANY_FOLDS, 2, FEW_FOLDS),  # in every point
    ("search", {**SEARCH, **FEW_FOLDS, "data.structures": DUPLICATES}, {"regression.regularization": 0}, 4, {}),
    ("search", {**SEARCH, **FEW_FOLDS}, {"soap.gaussian-width": "0.3,-1"}, 2, {}),
    ("search", {**SEARCH, **FEW_FOLDS}, {"data.train": 4, "search.strategy": "halving", "search.groups": 7}, 2, {}),
    ("search", {**SEARCH, **FEW_FOLDS, "checkpoint": "c.h5"}, {"data.select": "kind=none"}, None, {}),
    ("optimize", {"output": "u.txt", **FEW_FOLDS}, MANY_FOLDS, 2, FEW_FOLDS),
    ("optimize", {"output": "u.txt", **FEW_FOLDS, "data.structures": DUPLICATES}, {"regression.regularization": 1e-300}, 4, {}),
    ("evaluate", {"output": "out.csv"}, MANY_FOLDS, 2, FEW_FOLDS),
    ("evaluate", {"output": "out.csv", **FEW_FOLDS, "data.structures": DUPLICATES}, {"regression.regularization": 0}, 4, {}),
    ("evaluate", {"output": "out.csv", "kernel.1.zeta": 1, "kernel.2.zeta": 2, "validation.optimize-weights": "yes"}, MANY_FOLDS, 2, FEW_FOLDS),
    ("train", OUTPUT, TOO_MANY, 2, {}),
    ("train", {**OUTPUT, "checkpoint": "c.h5"}, TOO_MANY, 2, {}),
    ("train", {**OUTPUT, "checkpoint": "c.h5", "data.structures": DUPLICATES}, {"regression.regularization": 0}, 4, {}),
    ("train", {**OUTPUT, "checkpoint": "c.h5", "regression.solver": "cg", **CONTRACTED}, {"regression.regularization": 0}, 2, {}),
    ("train", {**OUTPUT, "checkpoint": "c.h5", "regression.solver": "primal", **CONTRACTED}, {"soap.contraction": 4000}, 2, {}),
    ("learning-curve", {"output": "out.csv", "data.test": 3}, TOO_MANY, 2, {"data.train": 5}),
    ("learning-curve", {"output": "out.csv", "data.test": 3, "data.train": 8, "data.structures": DUPLICATES},
     {"regression.regularization": 0, "kernel.zeta": 1}, 4, {}),
    ("kernel", OUTPUT, {"species.elements": "H"}, 3, {}),
    ("features", OUTPUT, {"species.elements": "H"}, 3, {}),
)


class Leftovers(ProgramTest):
    def files(self):
        return sorted(os.path.relpath(os.path.join(folder, name), self.folder) for folder, _, names in os.walk(self.folder) for name in names)

    def run_in_folder(self, command, keys, ranks=1):
        line = [command]
        for key, value in keys.items():
            line += [f"--{key}", str(value)]
        return self.execute(line, ranks)

    def test_commands(self):
        frames = [frame for frame in data.organics(60) if set(frame.species) <= {"H", "C", "O"}][:8]
        self.assertEqual(len(frames), 8)
        for number, (command, both, wrong, code, right) in enumerate(CASES):
            ranks = 1 + number % 2
            with self.subTest(command=command, both=both, wrong=wrong):
                for name in self.files():
                    self.path(name).unlink()
                shutil.rmtree(self.path("out.checkpoint.h5.parts"), ignore_errors=True)
                self.write("in.xyz", data.text_of(frames))
                self.write(DUPLICATES, data.text_of(frames * 2))
                before = self.files()
                keys = {"data.structures": "in.xyz", **SMALL, **both}
                run = self.run_in_folder(command, {**keys, **wrong, "report": "r.json"}, ranks)
                if code is None:
                    self.assertNotEqual(run.code, 0, str(run))
                else:
                    self.assertEqual(run.code, code, str(run))
                self.assertEqual([name for name in self.files() if name != "c.h5" or code != 4], before, str(run))
                run = self.run_in_folder(command, {**keys, **right}, ranks)
                self.assertEqual(run.code, 0, str(run))


if __name__ == "__main__":
    main()
