# SPDX-License-Identifier: BSD-3-Clause
"""Every kind of failure: the right exit code, one message, and the message names what the user needs to know."""
import errno
import os
import resource
import signal
import subprocess
import unittest

from program import ProgramTest, arguments, figure, main, need

need("numpy")
import data  # noqa: E402
from searches import Background, wait_for  # noqa: E402

USAGE, DATA, NUMERICAL, IO, RESOURCES = 2, 3, 4, 5, 6
FRAME = 'Properties=species:S:1:pos:R:3 energy=-1.5 note="a b"'
WATER = f"3\n{FRAME}\nO 0 0 0\nH 0.96 0 0\nH -0.24 0.93 0\n"


class Failing(ProgramTest):
    def setUp(self):
        super().setUp()
        self.input = self.write("in.xyz", data.text_of(data.organics(60)))

    def expect_error(self, code, named, command, keys, ranks=(1, 3)):
        """One line of error on any number of ranks, with all of `named` in it. Returns the last run."""
        tiny = {"soap.n-max": 3, "soap.l-max": 2} if command in ("train", "kernel", "features") else {}
        for count in ranks:
            with self.subTest(ranks=count, keys=keys):
                run = self.execute(arguments(command, {**tiny, **keys}), count)
                self.assertEqual(run.code, code, str(run))
                self.assertEqual(len(run.errors()), 1, str(run))
                for text in named:
                    self.assertIn(str(text), run.errors()[0])
                self.assertNotIn("internal", run.errors()[0])
                self.assertEqual(run.out, "")
        return run

    def expect_train_error(self, code, named, keys, **more):
        return self.expect_error(code, named, "train", {"data.structures": self.input, "output": self.path("m.h5"), **keys}, **more)

    def train(self, **keys):
        self.run_program("train", {"data.structures": self.input, "data.train": 20, "output": self.path("m.h5"), **keys})
        return self.path("m.h5")


class Usage(Failing):
    def test_unknown_command(self):
        self.expect_error(USAGE, ["'tran'", "'train'"], "tran", {})
        self.expect_error(USAGE, ["'bake'", "train", "predict"], "bake", {}, ranks=(1,))
        self.expect_error(USAGE, ["command", "train"], "", {}, ranks=(1,))

    def test_unknown_key(self):
        self.expect_train_error(USAGE, ["'soap.cutof'", "'soap.cutoff'", "command line"], {"soap.cutof": 3})
        self.expect_train_error(USAGE, ["'ouput'", "'output'"], {"ouput": "x"}, ranks=(1,))

    def test_unknown_key_in_a_file(self):
        config = self.write("run.ini", "[data]\ntrain = 10\n\n[soap]\ncuttoff = 3\n")
        self.expect_train_error(USAGE, [f"{config}:5", "'soap.cuttoff'", "'soap.cutoff'"], {"config": config})

    def test_wrong_values(self):
        for key, value in (("soap.cutoff", "abc"), ("soap.cutoff", "-1"), ("soap.cutoff", "nan"), ("soap.l-max", "2.5"),
                           ("kernel.zeta", "0"), ("data.train", "-3"), ("data.baseline", "compositions"),
                           ("soap.normalize", "maybe"), ("data.target-unit", "Rydberg"), ("soap.body-order", "4"),
                           ("regression.regularization", "-1e-8"), ("parallel.grid", "2by2"), ("soap.n-max", "10000000000")):
            self.expect_train_error(USAGE, [f"{key} = {value}", "expected"], {key: value, "soap.n-max" if key != "soap.n-max"
                                                                             else "soap.l-max": 3}, ranks=(1,))
        self.expect_train_error(USAGE, ["kernel.zeta = two", "expected"], {"kernel.zeta": "two"}, ranks=(3,))

    def test_a_file_without_keys(self):
        """Empty, or with comments alone: a configuration like any other. A folder is none."""
        for text in ("", "\n", "# nothing yet\n; nor here\n", "\ufeff"):
            with self.subTest(text=text):
                self.train(config=self.write("empty.ini", text))
        self.expect_train_error(IO, ["cannot read the configuration file", self.folder], {"config": self.folder})

    def test_an_empty_coupling_is_read_and_refused(self):
        empty = self.write("u.txt", "")
        self.expect_train_error(DATA, [empty, "expected"], {"species.coupling": empty, "data.train": 20}, ranks=(1,))

    def test_keys_without_effect_are_told(self):
        config = self.write("run.ini", "[regression]\nsolver = cholesky\ntolerance = 1e-3\n")
        keys = {"data.structures": self.input, "data.train": 20, "output": self.path("m.h5"), "config": config,
                "species.sigma-radius": 1}
        for ranks in (1, 3):
            warnings = [warning for warning in self.reported("train", keys, ranks)["warnings"] if "has no effect" in warning]
            self.assertEqual(warnings, ["species.sigma-radius has no effect without species.coupling = gaussian (command line)",
                                        f"regression.tolerance has no effect without regression.solver = cg ({config}:3)"])

    def test_wrong_value_in_a_file(self):
        config = self.write("run.ini", "# numbers\n[soap]\ncutoff = five\n")
        self.expect_train_error(USAGE, [f"{config}:3", "soap.cutoff = five", "number"], {"config": config})

    def test_missing_and_doubled_keys(self):
        self.expect_error(USAGE, ["data.structures"], "train", {})
        self.expect_error(USAGE, ["--model"], "predict", {"data.structures": self.input}, ranks=(1,))
        self.expect_train_error(USAGE, ["data.train", "twice"], {"data.train": [10, 20]}, ranks=(1,))

    def test_a_grid_larger_than_the_ranks(self):
        self.expect_train_error(USAGE, ["4x2", "ranks"], {"parallel.grid": "4x2"})

    def test_more_training_structures_than_there_are(self):
        self.expect_train_error(USAGE, ["data.train", "61", "60"], {"data.train": 61})
        self.expect_train_error(USAGE, ["data.train", "50", "60"], {"data.train": 50, "data.test": 11}, ranks=(1,))
        self.expect_train_error(USAGE, ["data.test", "61", "60"], {"data.test": 61}, ranks=(1,))


class Input(Failing):
    def expect_bad_frame(self, frames, frame, line, named=(), ranks=(1,), **keys):
        path = self.write("bad.xyz", frames)
        place = [path, f"frame {frame}", f"line {line}", "expected"]
        self.expect_error(DATA, [*place, *named], "features", {"data.structures": path, "output": self.path("f.h5"), **keys}, ranks)

    def test_missing_file(self):
        self.expect_train_error(IO, [self.path("none.xyz")], {"data.structures": self.path("none.xyz")})
        self.expect_train_error(IO, [self.path("none.ini")], {"config": self.path("none.ini")})
        self.expect_error(IO, [self.path("none.h5")], "predict", {"model": self.path("none.h5"), "data.structures": self.input})

    def test_bad_frames(self):
        self.expect_bad_frame(WATER + "4" + WATER[1:], 1, 10, ranks=(1, 3))  # the file ends before the fourth atom
        self.expect_bad_frame(WATER + WATER.replace("0.93", "0.9.3"), 1, 10, ["0.9.3"])
        self.expect_bad_frame(WATER + "three" + WATER[1:], 1, 6, ["three"])
        self.expect_bad_frame(WATER + WATER.replace("H -0.24", "Hx -0.24"), 1, 10, ["Hx"])
        self.expect_bad_frame(WATER + WATER.replace("0.96", "nan"), 1, 9, ["nan"])
        self.expect_bad_frame(WATER.replace("Properties", 'Lattice="1 2" Properties'), 0, 2, ["Lattice"])
        self.expect_bad_frame(WATER + WATER.replace(" 0.93 0\n", " 0.93\n"), 1, 10)

    def test_a_file_without_frames(self):
        self.expect_train_error(DATA, ["empty.xyz"], {"data.structures": self.write("empty.xyz", "")})

    def test_a_damaged_archive(self):
        path = self.path("cut.xyz.xz")
        path.write_bytes((data.DATA / "organics.xyz.xz").read_bytes()[:20000])
        self.expect_train_error(IO, [path], {"data.structures": path})

    def test_missing_target(self):
        frames = data.organics(12)
        frames[7] = frames[7].without_key("energy")
        path = self.write("gap.xyz", data.text_of(frames))
        line = 2 + sum(len(frame.lines) for frame in frames[:7])
        self.expect_train_error(DATA, [path, "frame 7", f"line {line - 1}", "'energy'", "smiles", "method"],
                                {"data.structures": path})
        self.expect_train_error(DATA, ["frame 0", "'enrgy'", "energy", "smiles"], {"data.target": "enrgy"}, ranks=(1,))

    def test_target_that_is_no_number(self):
        for value in ("nan", "inf", "-1.5eV"):
            frames = data.organics(6)
            frames[4] = frames[4].with_key("energy", value)
            path = self.write("nan.xyz", data.text_of(frames))
            self.expect_train_error(DATA, [path, "frame 4", "'energy'", value], {"data.structures": path},
                                    ranks=(1, 3) if value == "nan" else (1,))

    def test_energies_in_another_unit_than_their_frames_say(self):
        frames = data.organics(20)
        frames[7] = frames[7].with_key("energy_unit", "Hartree")
        path = self.write("mixed.xyz", data.text_of(frames))
        line = 1 + sum(len(frame.lines) for frame in frames[:7])

        def warnings(command, keys, ranks=1):
            output = self.path("m.h5" if command == "train" else "out.csv")
            report = self.reported(command, {"data.structures": path, "output": output, **keys}, ranks)
            return [text for text in report["warnings"] if "the file states" in text]

        for ranks in (1, 3):
            warning, = warnings("train", {}, ranks)
            self.assertTrue(warning.startswith(f"{path}, frame 7, line {line}: the target 'energy' is read in eV (total), but the file "
                                               "states energy_unit=Hartree: use --data.target-unit hartree"), warning)
        hartree = {"data.structures": self.input, "data.target-unit": "hartree", "data.test": 10}
        for command in ("train", "evaluate", "learning-curve", "search"):
            warning, = warnings(command, hartree)
            for part in (self.input, "frame 0", "hartree", "energy_unit=eV", "--data.target-unit eV"):
                self.assertIn(str(part), warning)
        other = [frame.with_key("energy_unit", "Rydberg") for frame in data.organics(20)]  # no unit of ours
        warning, = warnings("train", {"data.structures": self.write("other.xyz", data.text_of(other))})
        self.assertIn("states energy_unit=Rydberg (rydberg), which is not one of the units of data.target-unit", warning)
        self.assertEqual(warnings("train", {"data.structures": self.input}), [])

    def test_atomic_energy_missing(self):
        self.expect_train_error(DATA, ["H", "data.atom-energy"],
                                {"data.baseline": "atoms", "data.atom-energy": "C:-1,N:-1,O:-1,F:-1", "data.train": 20})


class UnknownElements(Failing):
    def setUp(self):
        super().setUp()
        frames = [frame for frame in data.organics(400) if "F" not in frame.species][:20]
        self.input = self.write("train.xyz", data.text_of(frames))
        self.mixed = frames[:2] + [frame for frame in data.organics(400) if "F" in frame.species][:2] + frames[2:4]
        self.keys = {"model": self.train(), "data.structures": self.write("mixed.xyz", data.text_of(self.mixed)),
                     "output": self.path("p.csv")}

    def test_they_are_named(self):
        self.expect_error(DATA, [self.path("mixed.xyz"), "frame 2", "F", "2 of 6", "--skip-unknown"], "predict", self.keys)
        self.assertFalse(self.path("p.csv").exists())

    def test_skip_unknown_leaves_their_structures_out(self):
        for ranks in (1, 3):
            report = self.reported("predict", {**self.keys, "skip-unknown": True}, ranks)
            table = data.Table(self.path("p.csv").read_text(encoding="utf-8"))
            self.assertEqual(table["index"].tolist(), [0, 1, 4, 5])
            self.assertEqual(report["n_test"], 4)
            self.assertTrue(any("F" in warning and "2 of 6" in warning for warning in report["warnings"]))

    def test_only_unknown_structures(self):
        only = self.write("only.xyz", data.text_of(self.mixed[2:4]))
        for ranks in (1, 3):
            run = self.run_program("predict", {**self.keys, "data.structures": only, "skip-unknown": True}, ranks)
            self.assertEqual(self.path("p.csv").read_text(encoding="utf-8").splitlines()[1:], [], str(run))


class References(Failing):
    """Targets in the input of predict: errors where they are, a word where some or all are missing."""

    def setUp(self):
        super().setUp()
        self.frames = data.organics(12, 60)
        self.keys = {"model": self.train(), "output": self.path("p.csv")}

    def predict(self, frames, ranks=1, **keys):
        path = self.write("new.xyz", data.text_of(frames))
        return self.reported("predict", {**self.keys, "data.structures": path, **keys}, ranks)

    def bare(self):
        return [frame.without_key("energy") for frame in self.frames]

    def of_targets(self, report):
        return [warning for warning in report["warnings"] if "'energy'" in warning]

    def test_a_misspelt_target_is_refused(self):
        path = self.write("new.xyz", data.text_of(self.frames))
        named = [path, "'enrgy'", "did you mean 'energy'?"]
        self.expect_error(DATA, named, "predict", {**self.keys, "data.structures": path, "data.target": "enrgy"})
        config = self.write("run.ini", "[data]\ntarget = enrgy\n")
        self.expect_error(DATA, named, "predict", {**self.keys, "data.structures": path, "config": config}, ranks=(1,))
        self.assertFalse(self.path("p.csv").exists())

    def test_a_target_that_is_asked_for_and_nowhere_is_refused(self):
        path = self.write("new.xyz", data.text_of(self.bare()))
        self.expect_error(DATA, [path, "'energy'", "smiles"], "predict",
                          {**self.keys, "data.structures": path, "data.target": "energy"}, ranks=(1,))

    def test_targets_of_some_structures(self):
        for ranks, keys in ((1, {}), (3, {"data.target": "energy"})):
            report = self.predict(self.frames[:5] + self.bare()[5:], ranks, **keys)
            self.assertEqual(report["test"]["count"], 5)
            self.assertEqual(len(self.of_targets(report)), 1, report["warnings"])
            self.assertIn("7 of 12 structures have no 'energy'", self.of_targets(report)[0])

    def test_predictions_without_targets_need_no_word(self):
        report = self.predict(self.bare())
        self.assertNotIn("test", report)
        self.assertEqual(self.of_targets(report), [])
        self.assertEqual(self.of_targets(self.predict(self.frames)), [])

    def test_a_file_that_served_training_serves_predictions_too(self):
        """It names the model's own target, which new structures need not have: that is told, and no error."""
        config = self.write("run.ini", "[data]\ntarget = energy\n[soap]\nn-max = 3\n")
        report = self.predict(self.bare(), config=config)
        self.assertIn("none of the 12 structures has the key 'energy'", self.of_targets(report)[0])

    def test_the_second_of_two_targets_alone(self):
        twice = [frame.with_key("twice", repr(2 * frame.energy)) for frame in data.organics(60)]
        keys = {"data.structures": self.write("twice.xyz", data.text_of(twice)), "data.target": ["energy", "twice"]}
        self.train(**keys)
        frames = [frame.with_key("twice", repr(2 * frame.energy)).without_key("energy") for frame in self.frames]
        report = self.predict(frames)
        self.assertIsNone(report["test"]["mae"])
        self.assertEqual(report["test"]["targets"]["energy"]["count"], 0)
        self.assertEqual(report["test"]["targets"]["twice"]["count"], 12)
        self.assertGreater(report["test"]["targets"]["twice"]["mae"], 0)


class NamesOfTargets(Failing):
    """data.target of predict, by name and by place; unit and scope are the model's."""

    def setUp(self):
        super().setUp()
        self.frames = [self.with_targets(frame) for frame in data.organics(60)]
        self.input = self.write("ha.xyz", data.text_of(self.frames))
        self.model = self.train(**{"data.target": ["first", "second"], "data.target-unit": "hartree", "data.target-scope": "per-atom"})

    @staticmethod
    def with_targets(frame):
        per_atom = frame.energy / len(frame.species) / 27.211386245988
        return frame.with_key("first", repr(per_atom)).with_key("second", repr(2 * per_atom)).with_key("other", repr(2 * per_atom))

    def errors(self, **keys):
        report = self.reported("predict", {"model": self.model, "data.structures": self.input, "output": self.path("p.csv"), **keys})
        return report["test"]["targets"]

    def test_unit_and_scope_are_the_models(self):
        expected = self.errors()
        self.assertLess(expected["second"]["mae"], 1)
        self.assertEqual(self.errors(**{"data.target": ["first", "second"]}), expected)
        config = self.write("run.ini", "[data]\ntarget = first\ntarget = second\n")
        self.assertEqual(self.errors(config=config), expected)
        self.assertEqual(self.errors(**{"data.target": ["first", "other"]})["other"], expected["second"])
        self.assertGreater(self.errors(**{"data.target-scope": "total"})["first"]["mae"], 10)

    def test_names_of_the_model_in_another_order(self):
        expected = self.errors()
        columns = data.Table(self.path("p.csv").read_text(encoding="utf-8"))
        self.assertEqual(self.errors(**{"data.target": ["second", "first"]}), expected)
        again = data.Table(self.path("p.csv").read_text(encoding="utf-8"))
        self.assertEqual((again.columns, again.cells), (columns.columns, columns.cells))

    def test_a_name_of_the_model_in_the_place_of_another(self):
        keys = {"model": self.model, "data.structures": self.input, "output": self.path("p.csv")}
        for names in (["second", "other"], ["other", "first"]):
            self.expect_error(USAGE, ["command line", "data.target", "first, second"], "predict", {**keys, "data.target": names})
        self.expect_error(USAGE, ["data.target", "2 targets (first, second)"], "predict", {**keys, "data.target": "second"}, ranks=(1,))
        self.assertFalse(self.path("p.csv").exists())


class Numerical(Failing):
    def duplicates(self, first):
        """Twelve molecules of which one is there twice, in frames 4 and 9."""
        frames = data.organics(12, first)
        frames.insert(9, frames[4])
        return self.write("twice.xyz", data.text_of(frames))

    def test_duplicates_without_regularization(self):
        """Exactly singular; whether rounding makes the pivot a little negative or positive must not matter."""
        for first in range(0, 96, 12):
            keys = {"data.structures": self.duplicates(first), "regression.regularization": 0, "parallel.block-size": 3}
            self.expect_train_error(NUMERICAL, ["frame 4", "frame 9", "duplicate", "regression.regularization"], keys,
                                    ranks=(1, 3) if first == 0 else (1,))
        self.assertFalse(self.path("m.h5").exists())

    def test_a_kernel_of_zeros(self):
        """No duplicates are to blame, nor a regularization, which is relative to the diagonal."""
        isolated = {"soap.central-weight": 0, "soap.cutoff": 0.5, "soap.cutoff-width": 0.1}
        faint = {"kernel.zeta": 500, "soap.normalize": "false", "soap.central-weight": 0.01, "soap.cutoff": 0.5, "soap.cutoff-width": 0.1}
        for keys, word in ((isolated, "the kernel matrix is zero"), (faint, "kernel.zeta")):
            self.expect_train_error(NUMERICAL, [word, "mean diagonal", "soap.central-weight", "soap.normalize"], keys)
        for more in ({"regression.solver": "primal", "kernel.zeta": 1}, {"regression.solver": "cg"}):
            self.expect_train_error(NUMERICAL, ["the kernel matrix is zero"], {**isolated, **more}, ranks=(1,))
        weighted = {f"kernel.{k}.soap.n-max": 3 for k in (1, 2)}
        for command, keys in (("evaluate", {"validation.folds": 3}), ("learning-curve", {"data.test": 10}), ("optimize", {}),
                              ("evaluate", {"validation.optimize-weights": "yes", **weighted})):
            self.expect_error(NUMERICAL, ["the kernel matrix is zero"], command,
                              {"data.structures": self.input, "output": self.path("o.csv"), "soap.l-max": 2, **isolated, **keys}, ranks=(1,))

    def test_duplicates_with_regularization(self):
        self.train(**{"data.structures": self.duplicates(0), "data.train": None, "regression.regularization": 1e-8})


class Resources(Failing):
    def test_memory_limit(self):
        for command in ("train", "kernel", "features"):
            self.expect_error(RESOURCES, ["available", "ranks"], command,
                              {"data.structures": self.input, "output": self.path("o.h5"), "parallel.memory": 0.0005, "soap.n-max": 6},
                              ranks=(1, 3) if command == "train" else (1,))

    def test_memory_limit_of_predictions(self):
        """The power is one whose models predict through the training set."""
        model = self.train(**{"soap.n-max": 6, "kernel.zeta": 3})
        self.expect_error(RESOURCES, ["available"], "predict", {"data.structures": self.input, "model": model,
                                                               "output": self.path("p.csv"), "parallel.memory": 0.0001})


class Pipes(Failing):
    """Structures may come through one; what a run reads twice, or writes in HDF5, may not."""

    def setUp(self):
        super().setUp()
        os.mkfifo(self.path("pipe"))

    def expect_refusal(self, command, key, keys, ranks=(1,)):
        run = self.expect_error(IO, [self.path("pipe"), "is a pipe", f"regular file for {key}"], command,
                                {"data.structures": self.input, **keys, key: self.path("pipe")}, ranks)
        self.assertTrue(run.err.startswith("soapstone: error:"), str(run))  # before any work

    def test_no_checkpoint_is_one(self):
        self.expect_refusal("train", "checkpoint", {"output": self.path("m.h5")}, ranks=(1, 3))
        for command in ("search", "optimize"):
            self.expect_refusal(command, "checkpoint", {"output": self.path("s.txt")})

    def test_nor_a_model(self):
        self.expect_refusal("predict", "model", {})
        self.expect_refusal("train", "output", {})

    def test_their_companions(self):
        """A lock file may be no regular file. Nothing hangs then, and the message names it."""
        os.mkfifo(self.path("c.h5.lock"))
        for command in ("train", "search", "optimize"):
            self.expect_error(IO, [self.path("c.h5.lock"), "not a regular file"], command,
                              {"data.structures": self.input, "data.train": 20, "soap.n-max": 3, "soap.l-max": 2,
                               "checkpoint": self.path("c.h5"), "output": self.path("o.txt")}, ranks=(1,))

    def is_read(self):
        """Returns whether a run has the pipe open. The run keeps on waiting, since nothing is written."""
        try:
            self.writer = os.open(self.path("pipe"), os.O_WRONLY | os.O_NONBLOCK)
        except OSError as error:
            self.assertEqual(error.errno, errno.ENXIO)
            return False
        return True

    def test_a_run_that_waits_for_structures_can_be_stopped(self):
        for command in ("train", "search", "optimize", "kernel"):
            for number in (signal.SIGTERM, signal.SIGUSR1):
                run = Background({"data.structures": self.path("pipe"), "output": self.path("o.txt")}, 1, self.folder, command)
                self.assertTrue(wait_for(self.is_read, run), command)
                run.signal(number)
                self.assertEqual(run.wait(20).code, -number, command)
                os.close(self.writer)

    def test_a_limit_of_file_sizes_is_told(self):
        """Not deadly: nothing half written is left."""
        before = set(self.folder.iterdir()) | {self.path("out.txt"), self.path("err.txt")}
        run = Background({"data.structures": self.path("pipe"), "output": self.path("f.h5")}, 1, self.folder, "features")
        self.assertTrue(wait_for(self.is_read, run))
        resource.prlimit(run.process.pid, resource.RLIMIT_FSIZE, (20000, 20000))
        self.path("pipe").write_bytes(self.input.read_bytes())
        os.close(self.writer)
        ended = run.wait()
        self.assertEqual(ended.code, IO, str(ended))
        self.assertIn("f.h5", ended.errors()[0])
        self.assertEqual(set(self.folder.iterdir()), before)

    def test_structures_come_through_one(self):
        with subprocess.Popen(["cp", str(self.input), str(self.path("pipe"))]) as writer:
            self.train(**{"data.structures": self.path("pipe")})
            self.assertEqual(writer.wait(20), 0)


class Output(Failing):
    def expect_early_refusal(self, output, named):
        run = self.expect_train_error(IO, [output, *named], {"output": output})
        self.assertNotIn("features", run.err)  # before any work
        self.assertNotIn("training on", run.err)

    def test_missing_folder(self):
        self.expect_early_refusal(self.path("none/m.h5"), ["folder"])

    def test_folder_instead_of_a_file(self):
        self.path("here").mkdir()
        self.expect_early_refusal(self.path("here"), ["folder"])

    def test_file_instead_of_a_folder(self):
        self.expect_early_refusal(self.write("file", "") / "m.h5", [])

    @unittest.skipIf(os.geteuid() == 0, "root may write anywhere")
    def test_folder_that_is_not_writable(self):
        self.path("closed").mkdir(mode=0o500)
        self.expect_early_refusal(self.path("closed/m.h5"), ["closed"])

    def test_names_at_the_limit(self):
        """Names have 255 bytes, and temporary files and companions have longer ones. They are written, or refused before any work."""
        self.train(output=self.path("y" * 252 + ".h5"))
        for command, keys, named in (("train", {"output": self.path("y" * 253 + ".h5")}, "too long"),
                                     ("search", {"checkpoint": self.path("y" * 240 + ".h5")}, "too long"),
                                     ("optimize", {"checkpoint": self.path("y" * 240 + ".h5")}, "too long"),
                                     ("search", {"output": self.path("y" * 243 + ".csv")}, ".checkpoint.h5")):
            self.expect_error(IO, ["yyyy", named], command, {"data.structures": self.input, "data.train": 20, "soap.n-max": 3,
                                                             "soap.l-max": 2, **keys}, ranks=(1,))

    def test_report_and_log(self):
        for key in ("report", "log-file"):
            run = self.expect_train_error(IO, [self.path("none/x")], {key: self.path("none/x")})
            self.assertNotIn("features", run.err)

    def test_nothing_that_is_read_is_written_over(self):
        """Not the data, whatever their name, nor the model or the configuration that has the stem of the output, in any command; nor is
        one output written over another."""
        model = self.train()
        os.symlink(self.input, self.path("link.xyz"))
        os.link(model, self.path("twin.csv"))
        config = self.write("o.ini", "[validation]\nfolds = 2\n")
        link, other = self.path("link.xyz"), self.path("o.csv")
        outputs = {**dict.fromkeys(("train", "search", "optimize"), ["output", "checkpoint"]), "plan": [],
                   **dict.fromkeys(("predict", "evaluate", "learning-curve", "kernel", "features"), ["output"])}
        needs = {"learning-curve": {"learning-curve.sizes": 8}, "predict": {"model": model}}
        cases = [(command, {key: link}, [f"{key} = {link}", "a different file from that of data.structures"])
                 for command, own in outputs.items() for key in [*own, "report", "log-file"]]
        cases += [(command, {"output": other, key: other}, [str(other), "output", key])
                  for command, own in outputs.items() if own for key in [*own[1:], "report", "log-file"]]
        cases += [("predict", {"output": self.path("twin.csv")}, ["a different file from that of model"]),
                  ("optimize", {"config": config, "output": self.path("o.txt")},
                   [f"output = {self.path('o.txt')}", str(config), "a different file from that of config"])]
        before = {path.name: path.read_bytes() for path in self.folder.iterdir()}
        for command, keys, words in cases:
            with self.subTest(command=command, keys=sorted(keys)):
                output = {"output": other} if outputs[command] else {}
                given = {"data.structures": self.input, **output, **needs.get(command, {}), **keys}
                self.expect_error(USAGE, words, command, given, ranks=(1, 3) if command == "train" else (1,))
                self.assertEqual({path.name: path.read_bytes() for path in self.folder.iterdir()}, before)
        figure("outputs_refused", len(cases))

    def test_a_failure_leaves_no_files(self):
        before = sorted(self.folder.iterdir())
        self.expect_train_error(RESOURCES, ["available"], {"parallel.memory": 0.0001, "report": self.path("r.json")})
        self.assertEqual(sorted(self.folder.iterdir()), before)


if __name__ == "__main__":
    main()
