# SPDX-License-Identifier: BSD-3-Clause
"""Every kind of picture from small real reports: PNG and SVG with the texts that belong there; wrong input is an error in one line."""
import json
import os
import subprocess
import sys
from pathlib import Path

from program import PROGRAM, ProgramTest, main, need

np, _, _ = need("numpy", "matplotlib", "h5py")
import data  # noqa: E402

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"
SMALL = {"soap.n-max": 3, "soap.l-max": 2, "soap.cutoff": 4.0}


class PictureTest(ProgramTest):
    def script(self, name, *words, code=0, **environment):
        run = subprocess.run([sys.executable, "-B", SCRIPTS / name, *map(str, words)], cwd=self.folder, capture_output=True, text=True,
                             env={**os.environ, "MPLCONFIGDIR": str(self.folder), **environment}, check=False)
        self.assertEqual(run.returncode, code, run.stdout + run.stderr)
        self.assertNotIn("Traceback", run.stderr)
        return run

    def expect_picture(self, kind, files, *texts, **options):
        words = [word for key, value in options.items() for word in (f"--{key}", value)]
        self.script("plot.py", kind, *files, "--output", f"drawn-{kind}", *words)
        png = self.path(f"drawn-{kind}.png").read_bytes()
        self.assertEqual(png[:8], b"\x89PNG\r\n\x1a\n")
        self.assertGreater(len(png), 5000)
        svg = self.path(f"drawn-{kind}.svg").read_text(encoding="utf-8")
        for text in texts:
            self.assertIn(text, svg)

    def expect_error(self, words, *texts):
        run = self.script("plot.py", *words, code=3)
        self.assertEqual(len(run.stderr.splitlines()), 1, run.stderr)
        for text in texts:
            self.assertIn(text, run.stderr)


class Molecules(PictureTest):
    def setUp(self):
        super().setUp()
        frames = [frame for frame in data.organics(300) if set(frame.species) == {"H", "C", "N", "O"}][:60]
        self.input = self.write("in.xyz", data.text_of(frames))
        self.keys = {"data.structures": self.input, **SMALL}

    def make(self, command, name, **keys):
        self.run_program(command, {**self.keys, "report": self.path(f"{name}.json"), **keys})
        return self.path(f"{name}.json")

    def test_learning_curves(self):
        keys = {"data.test": 15, "learning-curve.sizes": "10,20,40"}
        a = self.make("learning-curve", "a", output=self.path("a.csv"), **keys)
        b = self.make("learning-curve", "b", **keys, **{"radial-scaling.exponent": 0})
        published = self.write("published.csv", "# eV\nn_train,scaled\n10,0.05\n40,\n20,0.04\n")
        self.expect_picture("learning-curve", [f"scaled={a}", f"plain SOAP={b}"], ">training structures<", ">MAE (meV/atom)<", ">scaled<",
                            ">plain SOAP<", ">scaled, published<", ">40<", reference=published)
        self.expect_picture("learning-curve", [self.path("a.csv")], ">MAE (eV/atom)<", unit="eV")
        report = json.loads(a.read_text(encoding="utf-8"))
        del report["points"][1]["mae_mean"]
        self.expect_error(["learning-curve", self.write("c.json", json.dumps(report))], "c.json", "points[1].mae_mean")
        table = self.script("plotting/curve_table.py", "--published", published, f"scaled={a}").stdout
        self.assertIn("| N | scaled | scaled, published |", table)
        self.assertIn(f"{1e3 * report['points'][0]['mae_mean']:.2f} ±", table)

    def test_predictions_and_stages(self):
        report = self.make("train", "train", output=self.path("m.h5"), **{"data.train": 40})
        self.run_program("predict", {"model": self.path("m.h5"), "data.structures": self.input, "output": self.path("p.csv")})
        predicted = self.path("p.csv")
        self.expect_picture("parity", [predicted], ">reference (eV/atom)<", ">predicted (eV/atom)<", ">error (meV/atom)<", "60 structures")
        self.expect_picture("parity", [predicted], ">reference beyond composition (eV/atom)<", structures=self.input)
        self.expect_picture("errors", [predicted], ">MAE (meV/atom)<", ">atoms per structure<", ">H<", ">N<", structures=self.input)
        self.expect_picture("stages", [report], ">features<", ">kernel<", "seconds, 1 rank")
        self.expect_picture("stages", [f"one={report}", f"two={report}"], ">one<", ">two<", ">seconds (slowest rank)<")
        other = self.write("other.xyz", data.text_of(data.organics(300)[240:]))
        self.expect_error(["errors", predicted, "--structures", other], "other.xyz", "n_atoms")
        self.expect_error(["parity", self.write("q.csv", "index,n_atoms,predicted\n0,3,1\n")], "q.csv", "reference")
        text = predicted.read_text(encoding="utf-8").splitlines()
        self.expect_error(["parity", self.write("n.csv", "\n".join([text[0], "0,3,nan,1,0"]))], "n.csv", "predicted, row 1")

    def test_calibration(self):
        frames = self.write("many.xyz", data.text_of(data.organics(180)))
        self.run_program("train", {"data.structures": frames, "data.train": 80, "regression.uncertainty": "committee", "output": self.path("m.h5")})
        self.run_program("predict", {"model": self.path("m.h5"), "data.structures": frames, "output": self.path("p.csv")})
        self.expect_picture("calibration", [self.path("p.csv")], ">error bar (meV/atom)<", ">|error| (meV/atom)<", ">normal distribution<",
                            "180 predictions")
        self.script("plot.py", self.path("p.csv"))
        self.assertTrue(self.path("p.calibration.svg").exists() and self.path("p.parity.svg").exists())
        self.expect_error(["calibration", self.write("q.csv", "index,n_atoms,predicted,reference,error\n0,3,1,1,0\n")], "q.csv", "uncertainty")

    def test_search_and_regularization(self):
        search = self.make("search", "search", output=self.path("s.csv"), **{
            "data.train": 30, "radial-scaling.scale": "1.5,2,3", "radial-scaling.exponent": "2,4", "validation.folds": 3,
            "regression.regularization": "1e-8,1e-5"})
        best = 1000 * json.loads(search.read_text(encoding="utf-8"))["best"]["mae"]
        for source in (search, self.path("s.csv")):
            self.expect_picture("search", [source], ">MAE (meV/atom); darker = larger<", f"smallest error: {best:.4g}", "regularisation")
        self.expect_picture("search", [search], "exponent", ">MAE (meV/atom)", x="radial-scaling.exponent", y="regression.regularization")
        self.expect_error(["search", search, "--x", "soap.cutoff"], "search.json", "soap.cutoff")
        held_out = self.make("evaluate", "cv", output=self.path("cv.csv"), **{"regression.regularization": "1e-8,1e-5", "validation.folds": 3})
        self.expect_picture("regularization", [held_out], ">held-out error (meV/atom)<", ">MAE<")
        self.expect_picture("regularization", [f"one={held_out}", f"two={held_out}"], ">one, MAE<", ">two, RMSE<")
        self.expect_error(["search", held_out], "cv.json", "command")
        self.script("plot.py", held_out)
        self.assertTrue(self.path("cv.regularization.svg").exists())
        self.expect_error([held_out, "--output", "x"], "options need the name of the picture")
        self.expect_error(["regularisation", held_out], "neither a picture nor a file", "regularization")

    def test_wide_searches_have_plain_numbers_beside_their_colours(self):
        rows = [f"0,40,{i},{scale},{exponent},1e-8,{error},{error}," for i, (scale, exponent, error) in
                enumerate([(1, 2, 0.007), (1, 4, 0.02), (2, 2, 0.035), (2, 4, 0.04)])]
        table = self.write("wide.csv", "\n".join(
            ["rung,structures,point,radial-scaling.scale,radial-scaling.exponent,lambda,mae,rmse,error", *rows]) + "\n")
        self.expect_picture("search", [table], ">10<", ">20<")

    def test_weights_are_drawn_by_evaluation(self):
        report = self.make("evaluate", "weights", output=self.path("w.csv"), **{
            "kernel.1.soap.cutoff": 3, "kernel.2.soap.cutoff": 4, "validation.optimize-weights": "true", "validation.folds": 3})
        self.expect_picture("history", [report], ">evaluation of the objective<")

    def test_data_check(self):
        report = self.path("check.json")
        self.execute(["inspect", self.input, "--report", report])
        self.expect_picture("data-check", [report], ">atoms per structure<", ">closest atoms / sum of radii<", ">frame in the files<", ">C<",
                            "60 structures", "no forces")
        self.script("plot.py", report)
        self.assertTrue(self.path("check.data-check.svg").exists())
        self.expect_error(["data-check", self.make("train", "train", output=self.path("m.h5"))], "train.json", "inspect")
        self.run_program("inspect", {"file": None, "report": self.path("model.json"), "data.structures": self.write(
            "atoms.xyz", "1\nenergy=-1\nH 0 0 0\n1\nenergy=-2\nO 0 0 0\n")})
        self.expect_picture("data-check", [self.path("model.json")], "no neighbours")

    def test_matrices(self):
        self.run_program("kernel", {**self.keys, "output": self.path("k.h5")})
        self.expect_picture("kernel", [self.path("k.h5")], ">normalised kernel<", ">eigenvalue number<")
        self.run_program("features", {**self.keys, "output": self.path("f.h5")})
        self.expect_picture("features", [self.path("f.h5")], "principal component 1", ">O<", structures=self.input)
        self.expect_error(["kernel", self.path("f.h5")], "f.h5", "/kernel")


class Elements(PictureTest):
    def test_maps(self):
        source = self.write("in.xyz", data.text_of(data.crystals(60)))
        report = self.path("optimum.json")
        self.run_program("optimize", {
            "data.structures": source, **SMALL, "kernel.zeta": 1, "species.channels": 2, "species.normalize": "before", "validation.folds": 2,
            "regression.regularization": 1e-4, "optimize.iterations": 4, "output": self.path("u.txt"), "report": report})
        self.expect_picture("history", [report], ">L-BFGS iteration<", ">objective (eV²)<")
        for file in (report, self.path("u.txt")):
            self.expect_picture("element-map", [file], "principal axis 1", ">alkali metals<", ">Na<", ">Cl<")
            self.expect_picture("periodic-table", [file], "principal axis 2", ">Na<", ">Ne<", "weight u")
        self.expect_error(["element-map", self.write("bad.txt", "H O\n1 2\n3\n")], "bad.txt", "'u'")
        self.expect_error(["element-map", self.path("none.json")], "none.json")
        self.expect_error(["history", self.write("x.json", "{")], "x.json", "not JSON")

    def test_numbers_of_a_known_coupling(self):
        """Two groups of unit columns: distances are chords of their angles, however the channels are turned."""
        angles = np.array([0.0, 0.1, 0.2, np.pi / 2, np.pi / 2 + 0.1, np.pi / 2 + 0.2])
        u = np.array([np.cos(angles), np.sin(angles)])
        turn = np.array([[0.6, -0.8], [0.8, 0.6]])
        for matrix in (u, turn @ u):
            text = "Li Na K F Cl Br\n" + "\n".join(" ".join(map(repr, row.tolist())) for row in matrix)
            self.script("plot.py", "clusters", self.write("u.txt", text), "--output", "numbers.json")
            result = json.loads(self.path("numbers.json").read_text(encoding="utf-8"))["normalised"]
            gap = np.abs(angles[:, None] - angles)
            chord = 2 * np.sin(gap / 2)
            alike = np.arange(6)[:, None] // 3 == np.arange(6) // 3
            expected = chord[alike & (gap > 0)].mean() / chord[~alike].mean()
            self.assertAlmostEqual(result["within_over_between"], expected, delta=1e-6)
            self.assertEqual((result["nearest_in_group"], result["neighbours_in_group"], result["neighbours"]), (6, 12, 12))
        self.write("truth.txt", "F Cl Br Li Na K\n" + "\n".join(" ".join(map(repr, np.roll(row, 3).tolist())) for row in u))
        self.script("plot.py", "recovery", "u.txt", "--truth", "truth.txt", "--output", "recovery.json")
        recovery = json.loads(self.path("recovery.json").read_text(encoding="utf-8"))
        self.assertLess(recovery["misalignment"], 1e-9)
        self.assertAlmostEqual(recovery["kappa_correlation"], 1, delta=1e-9)


if __name__ == "__main__":
    main()
