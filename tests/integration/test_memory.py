# SPDX-License-Identifier: BSD-3-Clause
"""The promise of memory: what `plan` says is what a run takes, in every command, and a run that is not given it is refused before it
takes any. SOAPSTONE_LONG: all configurations, and limits in smaller steps."""
import json
import os
import resource
import subprocess

from program import MPIEXEC, PROGRAM, TINY, arguments, figure, main, need

need("numpy")
import data  # noqa: E402
from peaks import MIB, SHARE, Peaks  # noqa: E402

LONG = "SOAPSTONE_LONG" in os.environ

WIDE = {"soap.n-max": 12, "soap.l-max": 9, "soap.cutoff": 5.0}
MIDDLE = {"soap.n-max": 8, "soap.l-max": 6, "soap.cutoff": 4.0}
MANY = {"data.train": 2300, "data.test": 100, **MIDDLE, "soap.contraction": 60}
SPECTRUM = {"soap.body-order": 2, "soap.n-max": 8, "soap.cutoff": 4.0}  # few features: the matrix decides
KERNELS = {"kernel.1.soap.cutoff": 2.5, "kernel.2.soap.cutoff": 4.0, "kernel.3.soap.cutoff": 3.0}

# Name: (ranks, MiB that the run takes at least, command, keys). FEW structures for what takes all of a file.
CONFIGURATIONS = {
    "wide features": (1, 380, "train", {"data.train": 220, "data.test": 70, **WIDE}),
    "gathered rows": (2, 400, "train", {"data.train": 220, "data.test": 8, **WIDE}),
    "gathered rows on a grid": (4, 200, "train", {"data.train": 220, "data.test": 8, **WIDE}),
    "zeta 1": (2, 150, "train", {"data.train": 2300, "data.test": 100, "soap.n-max": 10, "soap.l-max": 8, "soap.cutoff": 5.0,
                                 "kernel.zeta": 1, "regression.solver": "cholesky"}),
    "radial spectrum": (1, 40, "train", {"data.train": 2300, "data.test": 100, "soap.body-order": 2, "soap.n-max": 8}),
    "large matrix": (1, 80, "train", {**MANY, "regression.solver": "cholesky"}),
    "large matrix on four ranks": (4, 60, "train", {**MANY, "regression.solver": "cholesky"}),
    "primal": (2, 60, "train", {**MANY, "regression.solver": "primal"}),
    "cg with a checkpoint": (2, 60, "train", {**MANY, "soap.contraction": 200, "soap.contraction-method": "pca", "data.train": 1200,
                                              "regression.solver": "cg", "checkpoint": "c.h5", "checkpoint-interval": 0}),
    "kernel checkpoint": (2, 60, "train", {**MANY, "regression.solver": "cholesky", "checkpoint": "k.h5", "checkpoint-kernel": "yes"}),
    "committee": (1, 90, "train", {**MANY, "regression.solver": "cholesky", "regression.uncertainty": "committee"}),
    "contraction by PCA": (1, 150, "train", {"data.train": 500, "data.test": 100, **MIDDLE, "soap.contraction": 100,
                                             "soap.contraction-method": "pca"}),
    "folds by inverse": (1, 80, "evaluate", {**MANY, "validation.folds": 5, "validation.method": "inverse"}),
    "folds by eigenvectors": (2, 100, "evaluate", {**MANY, "validation.folds": 10, "validation.method": "eigen",
                                                   "regression.regularization": "1e-8,1e-7,1e-6"}),
    "weights": (1, 90, "evaluate", {"data.train": 1500, **MIDDLE, "soap.contraction": 40, **KERNELS, "validation.folds": 5,
                                     "validation.optimize-weights": "true"}),
    "learning curve": (1, 80, "learning-curve", {**MANY, "regression.solver": "cholesky", "learning-curve.sizes": "500,1000,2300",
                                                  "learning-curve.repeats": 2}),
    "search": (2, 150, "search", {"data.train": 500, "soap.n-max": 10, "soap.l-max": 8, "soap.cutoff": 4.0, "soap.contraction": 60,
                                  "validation.folds": 5, "species.coupling": "gaussian", "species.sigma-radius": "0.5,1",
                                  "search.groups": 1}),
    "kernel": (1, 150, "kernel", {"FEW": 150, **WIDE}),
    "kernel on a grid": (4, 100, "kernel", {"FEW": 150, **WIDE}),
    "features": (2, 200, "features", {"FEW": 150, **WIDE}),
    "prediction": (1, 60, "predict", {"FEW": 600, "MODEL": {"data.train": 300, **MIDDLE}}),
    "prediction by the training set": (2, 150, "predict", {"FEW": 100, "MODEL": {"data.train": 220, **WIDE, "kernel.zeta": 3}}),
    "optimize": (1, 100, "optimize", {"data.train": 500, **MIDDLE, "validation.folds": 2, "optimize.parameters": "scale,sigma",
                                      "optimize.iterations": 1}),
    "optimize u": (2, 60, "optimize", {"data.train": 1200, **MIDDLE, "validation.folds": 2, "optimize.parameters": "u", "kernel.zeta": 1,
                                       "optimize.iterations": 2}),
}
CONFIGURATIONS["optimize a contraction"] = (1, 60, "optimize", {
    "data.train": 400, **MIDDLE, "soap.contraction": 100, "soap.contraction-method": "pca", "validation.folds": 2,
    "optimize.parameters": "scale,sigma", "optimize.iterations": 1})
SHORT = ("committee", "weights", "prediction by the training set", "optimize u")


class Configurations(Peaks):
    least = 64 * MIB

    def ready(self, keys):
        """Keys with what a configuration needs made: few structures, a model."""
        keys = dict(keys)
        if "MODEL" in keys:
            self.run_program("train", {"data.structures": self.write("train.xyz", self.all), "output": self.path("model.h5"), **keys.pop("MODEL")})
            keys["model"] = self.path("model.h5")
        if "FEW" in keys:
            keys["data.structures"] = self.write("few.xyz", data.text_of(data.organics(keys.pop("FEW"))))
        return {key: self.path(value) if key == "checkpoint" else value for key, value in keys.items()}

    def test_plans_are_kept(self):
        worst, tight, checked = 0.0, 0, 0
        for name, (ranks, visible, command, keys) in CONFIGURATIONS.items():
            if not LONG and name not in SHORT:
                continue
            with self.subTest(name):
                print(f"{name}: ", end="")
                for left in self.folder.glob("out.*"):  # the checkpoint of another command
                    left.unlink()
                _, planned, measured = self.peaks(ranks, visible, command, **self.ready(keys))
                checked += 1
                tight += SHARE * measured > 64 * MIB
                worst = max(worst, abs(planned - measured) / max(SHARE * measured, 64 * MIB))
        figure("memory_configurations", checked)
        figure("memory_configurations_of_15_percent", tight)  # of which 64 MiB are less than 15 %
        figure("memory_worst_share_of_tolerance", worst)
        if LONG:
            self.assertGreaterEqual(checked, 20)


class Limits(Peaks):
    """Under `ulimit -v` a run either ends well or is refused by its plan, before it has taken memory for its work."""

    def limited(self, command, keys, bytes_of_addresses):
        """Exit code, error lines and the peak of resident memory of a run on one rank."""
        def limit():
            resource.setrlimit(resource.RLIMIT_AS, (bytes_of_addresses, bytes_of_addresses))
        with open(self.path("errors"), "wb") as errors:
            process = subprocess.Popen([PROGRAM, *arguments(command, keys)], cwd=self.folder, stdin=subprocess.DEVNULL,
                                       stdout=subprocess.DEVNULL, stderr=errors, preexec_fn=limit)
            _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        lines = self.path("errors").read_text(encoding="utf-8").splitlines()
        return process.returncode, [line for line in lines if line.startswith("soapstone: error:")], usage.ru_maxrss * 1024

    def sweep(self, command, keys, steps):
        keys = {**keys, "output": self.path("out"), "report": self.path("report.json")}
        code, _, _ = self.limited(command, {**keys, "dry-run": True}, 6 << 30)
        self.assertEqual(code, 0)
        plan = self.plan()
        addresses = (6 << 30) - int(plan["available_bytes_per_rank"] / 0.9)  # of the program itself: a tenth counts as holes
        work = plan["peak_memory_bytes"] - plan["program_bytes"]
        self.assertGreater(work, 48 * MIB)
        codes = []
        for step in range(1, steps + 1):
            share = 1.6 * step / steps
            code, errors, peak = self.limited(command, keys, addresses + int(share * work))
            self.assertIn(code, (0, 6), f"{share}: {errors}")
            codes.append(code)
            if code == 6:
                self.assertEqual(len(errors), 1, errors)
                self.assertRegex(errors[0], "available on each of 1 rank|address space that the BLAS needs")  # no failed allocation
                self.assertLess(peak, plan["program_bytes"] + 48 * MIB)
                self.assertFalse(self.path("out").exists())
            self.path("out").unlink(missing_ok=True)
        print(f"{command}: exit codes {codes} for limits up to 1.6 times the plan of {work / MIB:.0f} MiB", flush=True)
        self.assertEqual(codes, sorted(codes, reverse=True))  # once it fits, it fits
        self.assertEqual((codes[0], codes[-1]), (6, 0))
        return codes

    def plan(self):
        return json.loads(self.path("report.json").read_text(encoding="utf-8"))["plan"]

    def test_less_than_the_plan(self):
        source = {"data.structures": self.write("all.xyz", self.all)}
        steps = 10 if LONG else 4
        cases = {"train": {**source, **SPECTRUM, "regression.solver": "cholesky"},
                 "evaluate": {**source, **SPECTRUM, "validation.folds": 5, "validation.method": "inverse"}}
        if LONG:
            cases["kernel"] = {**source, **SPECTRUM}
            cases["optimize"] = {**source, **SPECTRUM, "validation.folds": 2, "optimize.parameters": "scale", "optimize.iterations": 1}
        refused = runs = 0
        for command, keys in cases.items():
            with self.subTest(command):
                codes = self.sweep(command, keys, steps)
                refused, runs = refused + codes.count(6), runs + len(codes)
        figure("memory_limited_runs", runs)
        figure("memory_limited_runs_refused", refused)

    def test_less_than_blas_needs(self):
        """OpenBLAS maps a buffer at the first product, and where it gets none it tries for ever."""
        keys = {**TINY, "data.structures": self.write("few.xyz", data.text_of(data.organics(20))), "output": self.path("out")}
        code, errors, _ = self.limited("train", keys, 256 * MIB)
        self.assertEqual((code, len(errors)), (6, 1))
        self.assertIn("ulimit -v", errors[0])

    def test_ranks_do_not_share_a_limit_that_each_has(self):
        """ulimit -v is per process: two ranks have twice of it, and what fits on one fits on two."""
        keys = {**TINY, "data.structures": self.write("few.xyz", data.text_of(data.organics(20))), "report": self.path("report.json"),
                "dry-run": True, "output": self.path("out")}
        limit = 4 << 20  # KiB
        available = []
        for ranks in (1, 2):
            line = [f"ulimit -v {limit}; exec \"$0\" \"$@\"", PROGRAM, *arguments("train", keys)]
            start = ["bash", "-c"] if ranks == 1 else [*MPIEXEC, str(ranks), "bash", "-c"]
            done = subprocess.run(start + line, cwd=self.folder, stdin=subprocess.DEVNULL, capture_output=True, timeout=120, check=False)
            self.assertEqual(done.returncode, 0, done.stderr.decode())
            available.append(self.plan()["available_bytes_per_rank"])
        self.assertLess(available[0], limit << 10)
        self.assertGreater(available[1], 0.7 * available[0])


if __name__ == "__main__":
    main()
