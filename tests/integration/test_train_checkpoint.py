# SPDX-License-Identifier: BSD-3-Clause
"""Training runs that are signalled and killed go on from their checkpoint, with the coefficients of an undisturbed run."""
import os
import re
import signal
import time

from program import ProgramTest, main, need

np, _ = need("numpy", "h5py")
import data  # noqa: E402
from searches import Background, wait_for  # noqa: E402


class Interrupted(ProgramTest):
    def setUp(self):
        super().setUp()
        self.input = self.write("in.xyz", data.text_of(data.organics(700)))

    def start(self, keys, ranks):
        return Background({**keys, "output": self.path("m.h5")}, ranks, self.folder, "train")

    def model(self, name="m.h5"):
        return data.ModelFile(self.path(name))

    def train(self, keys, ranks, name="m.h5", code=0):
        return self.run_program("train", {"soap.n-max": None, "soap.l-max": None, "soap.cutoff": None, **keys,
                                          "output": self.path(name), "report": self.path("report.json")}, ranks, code)

    def same_model(self, name, other="m.h5"):
        """Equal to the bit in all that predictions are made of."""
        one, two = self.model(name), self.model(other)
        np.testing.assert_array_equal(one.coefficients, two.coefficients)
        self.assertEqual((one.lambda_, one.baseline), (two.lambda_, two.baseline))

    def only(self, *names):
        """No lock, no temporary file, no checkpoint is left behind."""
        left = {path.name for path in self.folder.iterdir()} - {"in.xyz", "out.txt", "err.txt", "report.json"}
        self.assertEqual(left, set(names))


class Dense(Interrupted):
    def setUp(self):
        super().setUp()
        # Predictions with zeta 3 take the time of a kernel: there is a while between its file and the end.
        self.keys = {"data.structures": self.input, "data.train": 350, "data.test": 300, "soap.n-max": 6, "soap.l-max": 5,
                     "soap.cutoff": 4.0, "kernel.zeta": 3, "regression.regularization": 1e-3,
                     "checkpoint": self.path("run.h5"), "checkpoint-kernel": "yes"}
        self.reference = {**self.keys, "checkpoint": None, "checkpoint-kernel": None}

    def kill_after_the_kernel(self, ranks):
        run = self.start(self.keys, ranks)
        self.assertTrue(wait_for(self.path("run.h5").exists, run), "no checkpoint appears")
        for pid in run.ranks()[-1:]:
            os.kill(pid, signal.SIGKILL)
        ended = run.wait()
        self.assertNotEqual(ended.code, 0, f"the run was faster than the kill of one of {ranks} ranks\n{ended}")
        self.assertFalse(self.path("m.h5").exists())

    def test_killed_and_the_same_to_the_bit(self):
        for ranks in (1, 2):
            self.train(self.reference, ranks, "whole.h5")
            self.kill_after_the_kernel(ranks)
            self.assertIn("kernel matrix between 350 structures", self.execute(["inspect", "run.h5"]).out)
            run = self.train(self.keys, ranks)
            self.assertIn("resuming from the kernel matrix", run.err)
            self.same_model("whole.h5")
            self.only("m.h5", "whole.h5")
            self.path("m.h5").unlink()

    def test_goes_on_on_other_ranks_and_with_another_regularisation(self):
        self.kill_after_the_kernel(2)
        run = self.train({**self.keys, "regression.regularization": 1e-2}, 3)
        self.assertIn("resuming from the kernel matrix", run.err)
        self.train({**self.reference, "regression.regularization": 1e-2}, 3, "whole.h5")
        one, two = self.model(), self.model("whole.h5")
        np.testing.assert_allclose(one.coefficients, two.coefficients, rtol=0, atol=1e-12 * np.abs(two.coefficients).max())
        self.only("m.h5", "whole.h5")

    def test_features_are_left_alone_where_nothing_needs_them(self):
        keys = {**self.keys, "data.test": 0}
        stopped = self.stop_in_the_kernel(keys, 2)
        report = self.path("report.json")
        self.train(keys, 1)
        text = report.read_text(encoding="utf-8")
        self.assertNotIn('"name": "features"', text)
        self.assertIn('"resumed": "kernel"', text)
        self.assertIn("the checkpoint is in", stopped.err)

    def stop_in_the_kernel(self, keys, ranks):
        for pause in (0, 0.05, 0.1, 0.2):
            run = self.start(keys, ranks)
            shown = lambda: re.search(r"^features +[0-9.]+ m?s", run.err.read_text(encoding="utf-8"), re.MULTILINE)  # noqa: E731
            self.assertTrue(wait_for(shown, run), "no features are computed")
            time.sleep(pause)
            os.kill(run.process.pid, signal.SIGUSR1)
            ended = run.wait()
            self.assertEqual(ended.code, 75, str(ended))
            self.assertIn("stopped by SIGUSR1", ended.err)
            self.assertIn("run the same command again", ended.err)
            if "there was nothing to save yet" not in ended.err:  # else the kernel had not begun
                return ended
        self.fail(str(ended))

    def test_a_signal_in_the_kernel_stops_with_it(self):
        self.stop_in_the_kernel(self.keys, 2)
        self.only("run.h5")
        self.train(self.keys, 2)
        self.train(self.reference, 2, "whole.h5")
        self.same_model("whole.h5")

    def test_what_does_not_pay_is_not_written(self):
        few = {**self.keys, "data.train": 60, "data.test": 0, "checkpoint-kernel": "auto"}
        # A kernel of milliseconds: whether that pays is chance; 60 structures are 15 kB.
        self.train(few, 1)
        self.only("m.h5")
        run = self.train({**few, "checkpoint-kernel": "no"}, 1)
        self.assertIn("the kernel matrix is not saved", run.err)

    def test_forged_files_are_refused(self):
        """Whole for HDF5, with checksums, and not what a run writes."""
        import h5py
        for name, change in (("identity", lambda file: file.attrs.__setitem__("identity", np.bytes_(b"{"))),
                             ("/kernel", lambda file: [file["kernel"].__delitem__(panel) for panel in list(file["kernel"])])):
            self.stop_in_the_kernel(self.keys, 1)
            with h5py.File(self.path("run.h5"), "r+") as file:
                change(file)
            for ranks in (1, 2):
                run = self.train(self.keys, ranks, code=5)
                self.assertEqual(len(run.errors()), 1, str(run))
                self.assertIn(str(self.path("run.h5")), run.errors()[0])
                self.assertIn(name, run.errors()[0])
            self.path("run.h5").unlink()

    def test_refuses_what_is_of_another_run_and_other_files(self):
        self.stop_in_the_kernel(self.keys, 1)
        run = self.train({**self.keys, "soap.cutoff": 4.5}, 1, code=2)
        self.assertIn("soap.cutoff: 4.0 in the checkpoint, now 4.5", run.err)
        self.train({**self.keys, "data.seed": 2}, 2, code=2)
        self.train({**self.reference, "data.train": 30, "data.test": 0}, 1, "model.h5")
        before = self.path("model.h5").read_bytes()
        run = self.train({**self.keys, "checkpoint": self.path("model.h5")}, 1, code=5)
        self.assertIn("not a checkpoint of a training run", run.err)
        self.assertEqual(self.path("model.h5").read_bytes(), before)

    def test_the_primal_solver_has_none(self):
        run = self.train({**self.keys, "kernel.zeta": 1, "regression.solver": "primal"}, 1)
        self.assertIn("writes no checkpoint", run.err)

    def test_plan_says_whether_it_pays(self):
        plan = self.reported("train", {**self.keys, "dry-run": True})["plan"]
        value = plan["kernel_checkpoint"]
        self.assertEqual(value["bytes"], 4 * 350 * 351)
        self.assertEqual(value["pays"], value["recompute_seconds"] > value["seconds"])
        self.assertFalse(self.path("run.h5").exists())


class Iterative(Interrupted):
    def setUp(self):
        super().setUp()
        self.keys = {"data.structures": self.input, "data.train": 600, "data.test": 50, "soap.n-max": 4, "soap.l-max": 3,
                     "soap.cutoff": 4.0, "soap.contraction": 60, "soap.contraction-method": "pca",
                     "regression.solver": "cg", "regression.preconditioner-columns": 300, "regression.tolerance": 1e-13,
                     "regression.max-iterations": 60, "regression.regularization": 1e-4,
                     "checkpoint": self.path("run.h5"), "checkpoint-interval": 0}
        self.reference = {**self.keys, "checkpoint": None, "checkpoint-interval": None}

    def iterations(self, run):
        numbers = re.findall(r"^iteration +(\d+)", run.err.read_text(encoding="utf-8"), re.MULTILINE)
        return max(map(int, numbers), default=0)

    def interrupt(self, ranks, number):
        run = self.start(self.keys, ranks)
        self.assertTrue(wait_for(lambda: self.iterations(run) >= 5, run))
        if number == signal.SIGKILL:
            os.kill(run.ranks()[-1], number)
        else:
            os.kill(run.process.pid, number)
        ended = run.wait()
        self.assertNotEqual(ended.code, 0, "the run was faster than the signal")
        self.assertRegex(self.execute(["inspect", "run.h5"]).out, r"vectors after iteration \d+ of target 1, 600 structures")
        return ended

    def test_interrupted_and_the_same_to_the_bit(self):
        for ranks, number in ((1, signal.SIGKILL), (2, signal.SIGUSR1), (2, signal.SIGKILL)):
            self.train(self.reference, ranks, "whole.h5")
            ended = self.interrupt(ranks, number)
            if number != signal.SIGKILL:
                self.assertEqual(ended.code, 75, str(ended))
            run = self.train(self.keys, ranks)
            self.assertRegex(run.err, r"resuming after iteration \d+")
            self.same_model("whole.h5")
            self.only("m.h5", "whole.h5")
            self.path("m.h5").unlink()

    def test_a_sum_of_kernels_goes_on_to_the_bit(self):
        kernels = {"kernel.1.weight": 0.7, "kernel.2.zeta": 1, "kernel.2.weight": 0.3}
        self.keys.update(kernels)
        self.reference.update(kernels)
        self.train(self.reference, 2, "whole.h5")
        self.interrupt(2, signal.SIGKILL)
        self.assertRegex(self.train(self.keys, 2).err, r"resuming after iteration \d+")
        self.same_model("whole.h5")

    def test_goes_on_on_other_ranks_with_another_tolerance(self):
        self.interrupt(1, signal.SIGTERM)
        keys = {"regression.tolerance": 1e-9}
        self.assertIn("resuming after", self.train({**self.keys, **keys}, 3).err)
        self.train({**self.reference, **keys}, 3, "whole.h5")
        one, two = self.model(), self.model("whole.h5")
        np.testing.assert_allclose(one.coefficients, two.coefficients, rtol=0, atol=1e-4 * np.abs(two.coefficients).max())

    def test_a_forged_file_is_refused(self):
        import h5py
        self.interrupt(1, signal.SIGTERM)
        with h5py.File(self.path("run.h5"), "r+") as file:
            del file["solved/details"]
            file.create_dataset("solved/details", data=np.array([b"{"], dtype=h5py.string_dtype("utf-8", 1)))
        for ranks in (1, 2):
            run = self.train(self.keys, ranks, code=5)
            self.assertEqual(len(run.errors()), 1, str(run))
            self.assertIn(f"{self.path('run.h5')}: /solved/details", run.errors()[0])

    def test_refuses_another_regularisation(self):
        self.interrupt(1, signal.SIGTERM)
        run = self.train({**self.keys, "regression.regularization": 1e-5}, 1, code=2)
        self.assertIn("regression.regularization", run.err)


if __name__ == "__main__":
    main()
