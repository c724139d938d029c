# SPDX-License-Identifier: BSD-3-Clause
"""The command optimize: its optimum against evaluate and train, interrupted runs against whole ones, and a coupling that
made the energies and is approached again."""
import json
import os
import re
import signal
import subprocess
import time

from program import PROGRAM, ProgramTest, arguments, main, need

np, h5py = need("numpy", "h5py")
import data  # noqa: E402
from searches import Background, wait_for  # noqa: E402

SMALL = {"soap.n-max": 3, "soap.l-max": 2, "soap.cutoff": 4.5, "soap.gaussian-width": 0.5, "validation.folds": 2}


class OptimizeTest(ProgramTest):
    def setUp(self):
        super().setUp()
        self.input = self.write("in.xyz", data.text_of(data.crystals(60)))
        self.keys = {"data.structures": self.input, **SMALL, "kernel.zeta": 1, "species.channels": 2,
                     "species.normalize": "before", "regression.regularization": 1e-4, "optimize.iterations": 6,
                     "optimize.restart": 4, "output": self.path("coupling.txt")}

    def optimize(self, ranks=1, **keys):
        return self.reported("optimize", {**self.keys, **keys}, ranks)


class Optimum(OptimizeTest):
    def expect_optimum(self, report, folder_keys=None):
        """The optimum's configuration gives the reported errors, and trains."""
        ini = self.path("coupling.ini")
        again = self.reported("evaluate", {"config": ini, "validation.folds": 2})
        self.assertAlmostEqual(again["cv"]["rmse"] / report["cv"]["rmse"], 1, delta=1e-6)
        self.assertAlmostEqual(report["loss"] / (again["cv"]["rmse"]**2 * report["n_train"] / 2), 1, delta=2e-6)
        trained = self.execute(["train", "--config", str(ini), "--output", str(self.path("model.h5"))])
        self.assertNotIn("has no effect", trained.err)
        self.assertTrue(self.path("model.h5").exists())

    def test_u_at_zeta_1(self):
        report = self.optimize()
        history = report["objective"]
        self.assertTrue(all(b <= a for a, b in zip(history, history[1:])), history)
        self.assertLess(history[-1], 0.9 * history[0])
        self.assertEqual(len(report["elements"]), np.shape(report["u"])[1])
        self.assertEqual(np.shape(report["u"])[0], 2)
        u = np.loadtxt([line for line in self.path("coupling.txt").read_text(encoding="utf-8").splitlines()
                        if not line.startswith("#")][1:])
        self.assertTrue(np.array_equal(u, np.array(report["u"])))
        self.assertAlmostEqual(report["loss"] + 0.5e-6 * np.sum(u**2), history[-1], delta=1e-9 * history[-1])
        self.expect_optimum(report)

    def test_everything_at_zeta_2(self):
        report = self.optimize(**{
            "kernel.zeta": 2, "species.normalize": "after", "data.train": 24, "optimize.iterations": 3,
            "radial-scaling.exponent": 3,
            "optimize.parameters": "u, scale, exponent, rate, central-weight, sigma, regularization"})
        self.assertLess(report["objective"][-1], report["objective"][0])
        self.assertEqual(len(report["parameters"]), 6)
        self.expect_optimum(report)

    def test_everything_of_several_kernels(self):
        report = self.optimize(**{
            "kernel.zeta": None, "kernel.2.zeta": 1, "kernel.5.zeta": 2, "kernel.2.weight": 1, "kernel.5.weight": 2, "data.train": 24,
            "optimize.iterations": 2, "radial-scaling.exponent": 3, "kernel.5.radial-scaling.scale": 3,
            "optimize.parameters": "u, scale, exponent, rate, central-weight, sigma, weights, regularization"})
        self.assertEqual(len(report["parameters"]), 13)
        self.assertEqual(len(report["couplings"]), 2)
        self.assertEqual(sorted(file.name for file in self.path("").glob("coupling.*.txt")), ["coupling.2.txt", "coupling.5.txt"])
        self.expect_optimum(report)

    def test_a_parameter_that_ends_at_its_limit(self):
        """The exponent may be 1000 at most; the first step goes beyond. The other parameters find their optimum nevertheless."""
        report = self.optimize(**{"radial-scaling.exponent": 800, "radial-scaling.scale": 2.3, "optimize.parameters": "exponent, sigma",
                                  "optimize.iterations": 30, "optimize.restart": 0, "optimize.tolerance": 1e-3})
        self.assertTrue(report["converged"], report["reason"])
        self.assertLess(report["evaluations"], 30)
        self.assertLess(report["loss"], report["objective"][0])
        self.assertAlmostEqual(report["loss"] / report["objective"][-1], 1, delta=1e-9)
        self.assertTrue(990 < report["parameters"]["radial-scaling.exponent"] <= 1000)

    def test_refusals(self):
        for keys in ({"optimize.parameters": "v"}, {"optimize.parameters": "weights"},
                     {"optimize.parameters": "scale", "radial-scaling.exponent": 0}, {"soap.precision": "float32"}):
            self.run_program("optimize", {**self.keys, **keys}, code=2)


class Contracted(OptimizeTest):
    """A contraction is fitted at the start and held fixed; whoever trains with the optimum's configuration fits it there."""

    def expect(self, **keys):
        keys = {"optimize.iterations": 4, "optimize.restart": 2, "optimize.regularizer": 0, **keys}
        start = {key: value for key, value in {**self.keys, **keys}.items() if not key.startswith("optimize") and key != "output"}
        before = self.reported("evaluate", {**start, "species.coupling": "gaussian"})
        whole = self.optimize(**keys)
        history = whole["objective"]
        self.assertAlmostEqual(history[0] / (before["cv"]["rmse"]**2 * whole["n_train"] / 2), 1, delta=2e-6)
        self.assertTrue(all(b <= a for a, b in zip(history, history[1:])), history)
        self.assertLess(history[-1], 0.95 * history[0])
        self.assertLess(whole["contraction"][0]["features"], whole["contraction"][0]["features_before"])
        ini = self.path("coupling.ini")
        again = self.reported("evaluate", {"config": ini, "validation.folds": 2})
        self.assertAlmostEqual(whole["loss_refitted"] / (again["cv"]["rmse"]**2 * whole["n_train"] / 2), 1, delta=2e-6)
        self.assertAlmostEqual(whole["rmse_refitted"] / again["cv"]["rmse"], 1, delta=1e-6)
        self.assertGreater(abs(whole["loss"] / whole["loss_refitted"] - 1), 1e-6)  # another contraction
        self.run_program("train", {"config": ini, "soap.n-max": None, "soap.l-max": None, "soap.cutoff": None,
                                   "output": self.path("model.h5")})
        self.assertIn("contracted to 1", self.execute(["inspect", str(self.path("model.h5"))]).out)
        part = self.path("part.h5")
        self.optimize(checkpoint=part, **{**keys, "optimize.iterations": 3})
        resumed = self.optimize(checkpoint=part, **keys)
        self.assertEqual((resumed["objective"], resumed["loss_refitted"]), (history, whole["loss_refitted"]))

    def test_of_the_density(self):
        self.expect(**{"soap.contraction": 12, "kernel.zeta": 2, "optimize.parameters": "u,scale,sigma"})

    def test_of_the_features(self):
        self.expect(**{"soap.contraction": 12, "soap.contraction-method": "pca", "optimize.parameters": "u,scale,regularization"})


class Ranks(OptimizeTest):
    """Any number of ranks goes the same way, also when it takes over from another, or from one that was killed."""

    def setUp(self):
        super().setUp()
        self.keys |= {"kernel.zeta": 2, "optimize.restart": 0, "optimize.iterations": 3, "optimize.parameters": "u,scale"}

    def expect_same(self, histories, expected):
        np.testing.assert_allclose(histories, expected, rtol=1e-6)

    def test_of_any_number(self):
        for name, keys in (("whole", {}), ("contracted", {"kernel.zeta": 1, "soap.contraction": 12})):
            alone = self.optimize(**keys, checkpoint=self.path(f"{name}1.h5"))
            for ranks in (2, 3):
                found = self.optimize(ranks, **keys, checkpoint=self.path(f"{name}{ranks}.h5"))
                self.assertEqual(found["ranks"], ranks)
                self.expect_same(found["objective"], alone["objective"])
                self.expect_same(found["u"], alone["u"])

    def test_that_changes_at_a_restart(self):
        whole = self.optimize(checkpoint=self.path("whole.h5"))
        for ranks, iterations in ((2, 1), (3, 2), (1, 3)):
            found = self.optimize(ranks, **{"optimize.iterations": iterations})
            self.expect_same(found["objective"], whole["objective"][:iterations + 1])

    def test_one_of_which_is_killed(self):
        whole = self.optimize(checkpoint=self.path("whole.h5"))
        run = Background({**self.keys, "optimize.iterations": 1000}, 2, self.folder, "optimize")
        told = lambda: run.err.read_text(encoding="utf-8").count(", evaluation ")
        self.assertTrue(wait_for(lambda: told() >= 2, run), run.err.read_text(encoding="utf-8"))
        os.kill(run.ranks()[-1], signal.SIGKILL)
        self.assertNotEqual(run.wait().code, 0)
        evaluations = told()
        again = self.run_program("optimize", {**self.keys, "report": self.path("report.json")}, 3)
        known = re.search(r"resuming after 0 iterations in finished cycles and (\d+) evaluations", again.err)
        self.assertIsNotNone(known, again.err)
        self.assertGreaterEqual(int(known[1]), evaluations - 1)  # told of before it is written
        self.expect_same(json.loads(self.path("report.json").read_text(encoding="utf-8"))["objective"], whole["objective"])

    def test_one_of_which_is_told_to_stop(self):
        whole = self.optimize(2, checkpoint=self.path("whole.h5"))
        run = Background({**self.keys, "optimize.iterations": 1000}, 2, self.folder, "optimize")
        self.assertTrue(wait_for(lambda: ", evaluation " in run.err.read_text(encoding="utf-8"), run), run.err.read_text(encoding="utf-8"))
        os.kill(run.ranks()[-1], signal.SIGUSR1)
        ended = run.wait()
        self.assertEqual(ended.code, 75, str(ended))
        self.assertIn("stopped by SIGUSR1", ended.err)
        again = self.optimize(2)
        self.assertEqual((again["objective"], again["u"]), (whole["objective"], whole["u"]))


class Interrupted(OptimizeTest):
    def test_more_iterations_go_on_as_one_run(self):
        whole = self.optimize()["objective"]
        first = self.path("first.checkpoint.h5")
        part = self.optimize(checkpoint=first, **{"optimize.iterations": 2})["objective"]
        self.assertEqual(part, whole[:3])
        seen = self.execute(["inspect", str(first)]).out
        self.assertRegex(seen, r"optimisation, finished .*: \d+ evaluations of \d+ variables")
        self.assertIn(f"at best {min(part):.8g}", seen)
        self.assertEqual(self.optimize(checkpoint=first)["objective"], whole)

    def test_fewer_iterations_than_are_done_compute_nothing(self):
        whole = self.optimize()
        for iterations in (1, 5):
            run = self.run_program("optimize", {**self.keys, "optimize.iterations": iterations, "report": self.path("report.json")})
            report = json.loads(self.path("report.json").read_text(encoding="utf-8"))
            self.assertNotIn(", evaluation ", run.err)
            self.assertEqual(report["objective"], whole["objective"][:max(iterations, 4) + 1])  # a cycle is not undone
            self.assertAlmostEqual(report["loss"] + 0.5e-6 * np.sum(np.square(report["u"])), report["objective"][-1],
                                   delta=1e-9 * report["objective"][-1])
        self.assertEqual(self.optimize()["objective"], whole["objective"])

    def test_another_optimisation_is_refused(self):
        self.optimize(**{"optimize.iterations": 1})
        run = self.run_program("optimize", {**self.keys, "regression.regularization": 1e-3}, code=2)
        self.assertIn("regression.regularization", run.err)

    def test_signals(self):
        whole = self.optimize()
        checkpoint = self.path("stopped.h5")
        keys = {**self.keys, "checkpoint": checkpoint}
        with open(self.path("err.txt"), "wb") as err:
            command = [PROGRAM] + arguments("optimize", keys)
            process = subprocess.Popen(command, stdout=err, stderr=err, stdin=subprocess.DEVNULL, cwd=self.folder,
                                       start_new_session=True)
            while process.poll() is None and not checkpoint.exists():
                time.sleep(0.005)
            if process.poll() is None:
                os.kill(process.pid, signal.SIGUSR1)
            code = process.wait(60)
        self.assertEqual(code, 75, self.path("err.txt").read_text(encoding="utf-8"))
        with h5py.File(checkpoint) as file:
            self.assertEqual(file.attrs["status"].decode(), "stopped")
        report = self.optimize(checkpoint=checkpoint)
        self.assertEqual(report["objective"], whole["objective"])
        self.assertEqual(report["u"], whole["u"])


def misalignment(u, truth):
    """Square of the sine of the largest angle between the spaces that the rows span."""
    cosines = np.linalg.svd(np.linalg.qr(truth.T)[0].T @ np.linalg.qr(u.T)[0], compute_uv=False)
    return 1 - cosines.min()**2


class PlantedTruth(OptimizeTest):
    """Energies that a linear model of features with a known coupling gives: from a disturbed one, the optimum comes closer to the two combinations of
    elements, up to an invertible matrix, which changes no model that is linear in the spectrum."""

    def write_coupling(self, name, elements, u):
        lines = [" ".join(elements)] + [" ".join(map(str, row)) for row in u]
        return self.write(name, "\n".join(lines) + "\n")

    def test_the_coupling_is_approached_from_near_it(self):
        frames = data.shipped("crystals.xyz.xz")
        elements = sorted({symbol for frame in frames for symbol in frame.species})
        groups = [{"F", "Cl", "Br", "O"}, {"Li", "Na", "K", "Cs"}]
        truth = np.array([[1.0 if e in groups[0] else 0.2 if e in groups[1] else 0.5 for e in elements],
                          [0.0 if e in groups[0] else 1.0 if e in groups[1] else -0.7 for e in elements]])
        random = np.random.default_rng(1)
        coupling = self.write_coupling("truth.txt", elements, truth)
        disturbed = truth + 0.25 * random.normal(size=truth.shape)
        start = self.write_coupling("start.txt", elements, disturbed)
        features = {key: value for key, value in SMALL.items() if key.startswith("soap")}
        features |= {"soap.normalize": "false", "radial-scaling.scale": 3}
        self.run_program("features", {"data.structures": self.write("all.xyz", data.text_of(frames)), **features,
                                      "species.coupling": coupling, "output": self.path("features.h5")})
        with h5py.File(self.path("features.h5")) as file:
            rows, owner = file["/features"][:], file["/environment_structure"][:]
        weights = random.normal(size=rows.shape[1])
        energies = np.bincount(owner, rows @ weights)
        planted = [frame.with_key("energy", repr(float(energy))) for frame, energy in zip(frames, energies)]
        report = self.optimize(**{
            "data.structures": self.write("planted.xyz", data.text_of(planted)), **features, "species.coupling": start, "optimize.iterations": 120,
            "optimize.restart": 0, "regression.regularization": 1e-6, "data.baseline": "none", "optimize.regularizer": 0})
        self.assertLess(report["objective"][-1], 5e-3 * report["objective"][0])
        found = np.array(report["u"])
        found = found[:, [report["elements"].index(e) for e in elements]]
        before, after = misalignment(disturbed, truth), misalignment(found, truth)
        self.assertLess(after, 0.5 * before, (before, after))


if __name__ == "__main__":
    main()
