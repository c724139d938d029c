# SPDX-License-Identifier: BSD-3-Clause
"""Configuration files against the command line, and what is shown where."""
import json
import re
from pathlib import Path

from program import ProgramTest, arguments, main, need

np = need("numpy")
import data  # noqa: E402


class Terminal(ProgramTest):
    def setUp(self):
        super().setUp()
        self.input = self.write("in.xyz", data.text_of(data.organics(30)))
        self.keys = {"data.structures": self.input, "data.train": 20, "data.test": 6, "output": self.path("m.h5")}

    def train(self, ranks=1, **keys):
        return self.run_program("train", {**self.keys, **keys}, ranks)


class Configuration(Terminal):
    INI = """\
# a comment
output = from-file.h5      ; relative to the working directory
[data]
structures = {input}
train = 20
test = 5
[soap]
n-max=3
l-max = 2
cutoff = 3.5
[radial-scaling]
exponent = 4
"""

    def effective(self, keys):
        config = self.write("run.ini", self.INI.format(input=self.input))
        report = self.path("r.json")
        run = self.execute(arguments("train", {"config": config, "report": report, **keys}))
        self.assertEqual(run.code, 0, str(run))
        return json.loads(report.read_text(encoding="utf-8"))["effective_configuration"]

    def test_a_file_sets_keys(self):
        found = self.effective({})
        self.assertEqual((found["soap.n-max"], found["soap.l-max"], found["soap.cutoff"]), (3, 2, 3.5))
        self.assertEqual((found["radial-scaling.exponent"], found["soap.gaussian-width"]), (4, 0.3))
        self.assertTrue(self.path("from-file.h5").exists())

    def test_the_command_line_wins(self):
        found = self.effective({"soap.cutoff": 4.5, "output": "line.h5"})
        self.assertEqual((found["soap.cutoff"], found["data.test"], found["output"]), (4.5, 5, "line.h5"))
        self.assertTrue(self.path("line.h5").exists())
        self.assertFalse(self.path("from-file.h5").exists())

    def test_the_command_line_replaces_repeatable_keys(self):
        other = self.write("other.xyz", data.text_of(data.organics(26, first=40)))
        self.assertEqual(self.effective({"data.structures": other})["data.structures"], [str(other)])

    def test_equals_sign_on_the_command_line(self):
        run = self.execute(arguments("train", self.keys) + ["--soap.n-max=2", "--soap.l-max=1", "--report=r.json"])
        self.assertEqual(run.code, 0, str(run))
        report = json.loads(self.path("r.json").read_text(encoding="utf-8"))
        self.assertEqual(report["effective_configuration"]["soap.n-max"], 2)

    def test_all_ranks_read_the_file(self):
        config = self.write("run.ini", self.INI.format(input=self.input))
        run = self.execute(["train", "--config", config], ranks=3)
        self.assertEqual(run.code, 0, str(run))
        model = data.ModelFile(self.path("from-file.h5"))
        self.assertEqual((len(model.structures), model.configuration["soap.cutoff"]), (20, "3.5"))


class Shown(Terminal):
    def test_errors_are_shown_on_stdout_and_stages_on_stderr(self):
        run = self.train(3)
        self.assertRegex(run.out, r"(?m)^test +energy +6 ")
        self.assertEqual(run.out.count("\ntest "), 1)
        for stage in ("read", "features", "kernel", "cholesky", "solve", "predict"):
            self.assertRegex(run.err, rf"(?m)^{stage} ")

    def test_the_header_tells_what_runs(self):
        run = self.train(3)
        lines = run.err.splitlines()
        self.assertRegex(lines[0], r"^soapstone \d+\.\d+\.\d+  train$")
        self.assertRegex(lines[1], r"^3 ranks, grid 1x3, 1 BLAS thread each; \S.*, DGEMM \d+ GFLOP/s per rank; .* free per rank$")

    def test_the_data_are_summed_up(self):
        frames = data.organics(30)
        run = self.train(1, **{"data.test": 0, "data.train": 30})
        sizes, energies = data.sizes(frames), data.energies(frames)
        self.assertIn(f"training on 30 structures of {sizes.min():.0f} to {sizes.max():.0f} atoms ({sizes.sum():.0f} in all; "
                      "H C N O F; none periodic), testing on 0", run.err)
        found = re.search(r"^  energy (\S+) to (\S+) eV, (\S+) to (\S+) eV/atom; baseline composition \(H .* eV\) leaves (\S+) meV/atom$",
                          run.err, re.MULTILINE)
        expected = [energies.min(), energies.max(), (energies / sizes).min(), (energies / sizes).max()]
        self.assertEqual(list(found.groups())[:4], [f"{value:.3f}" for value in expected])
        counts = np.array([[frame.species.count(element) for element in "HCNOF"] for frame in frames]) / sizes[:, None]
        rest = energies / sizes - counts @ np.linalg.lstsq(counts, energies / sizes, rcond=None)[0]
        self.assertAlmostEqual(float(found.group(5)), 1e3 * rest.std(), delta=0.11)

    def test_every_command_tells_of_its_data(self):
        keys = {"data.structures": self.input, "soap.n-max": 2, "soap.l-max": 1}
        for command, more in (("evaluate", {"validation.folds": 2}), ("search", {"validation.folds": 2}),
                              ("optimize", {"validation.folds": 2, "optimize.iterations": 1, "output": self.path("u.txt")}),
                              ("learning-curve", {"learning-curve.sizes": "5,10", "learning-curve.repeats": 1, "data.test": 5})):
            run = self.execute(arguments(command, {**keys, **more}))
            self.assertEqual(run.code, 0, str(run))
            self.assertRegex(run.err, r"structures of \d+ to \d+ atoms \(\d+ in all; H C N O F; none periodic\)")
            self.assertEqual(len(re.findall(r"(?m)^  energy .* leaves \S+ meV/atom$", run.err)), 1, str(run))

    def test_stages_tell_their_rates_and_the_end_the_memory(self):
        for ranks in (1, 3):
            run = self.train(ranks)
            for stage, item in (("features", "environments"), ("kernel", "pairs"), ("predict", "structures")):
                self.assertRegex(run.err, rf"(?m)^{stage} +\S.* s  \S+ {item}/s$")
            self.assertRegex(run.err, r"(?m)^peak memory \d\S* [MG]iB")

    def test_warnings_are_repeated_at_the_end(self):
        frames = [frame for frame in data.organics(60) if "F" not in frame.species][:20]
        path = self.write("w.xyz", data.text_of(frames))
        model = self.path("m.h5")
        self.run_program("train", {"data.structures": path, "output": model})
        mixed = self.write("mixed.xyz", data.text_of(frames[:3] + [frame for frame in data.organics(60) if "F" in frame.species][:1]))
        run = self.run_program("predict", {"model": model, "data.structures": mixed, "skip-unknown": True})
        text = "1 of 4 structures are left out: the model does not know F"
        self.assertIn(f"warning: {text}\n", run.err)
        self.assertRegex(run.err, rf"(?s)\n\d+ warnings?:\n.*  {text}\n")

    def test_a_launcher_of_another_mpi_is_noticed(self):
        run = self.execute(arguments("train", self.keys), environment={"PMI_SIZE": "4"})
        self.assertIn("warning: 4 ranks were started, but each runs alone", run.err)
        self.assertNotIn("each runs alone", self.train(3).err)
        self.assertNotIn("each runs alone", self.train(1).err)

    def test_a_slow_blas_beside_a_fast_lapack_is_noticed(self):
        folder = Path("/usr/lib/x86_64-linux-gnu/blas")  # Debian's reference BLAS
        if not (folder / "libblas.so.3").exists():
            self.skipTest("no reference BLAS")
        run = self.execute(arguments("train", self.keys), environment={"LD_LIBRARY_PATH": str(folder)})
        self.assertEqual(run.code, 0, str(run))
        self.assertIn("warning: the BLAS is of an unknown kind; if it is the reference BLAS, it is 20 times slower", run.err)

    def test_no_carriage_returns_or_escapes_without_a_terminal(self):
        for ranks in (1, 3):
            run = self.train(ranks)
            self.assertNotIn("\r", run.out + run.err)
            self.assertNotIn("\033", run.out + run.err)

    def test_quiet_leaves_only_warnings(self):
        for ranks in (1, 3):
            run = self.train(ranks, quiet=True, report=self.path("r.json"))
            warnings = json.loads(self.path("r.json").read_text(encoding="utf-8"))["warnings"]
            rest = [line for line in run.err.splitlines() if not any(warning in line for warning in warnings)]
            self.assertEqual(rest, [], str(run))
            self.assertIn("meV/atom", run.out)  # results are still shown

    def test_predictions_on_stdout_are_csv_alone(self):
        self.train()
        for ranks in (1, 3):
            run = self.run_program("predict", {"model": self.path("m.h5"), "data.structures": self.input}, ranks)
            lines = run.out.splitlines()
            self.assertEqual((lines[0], len(lines)), ("index,n_atoms,predicted,reference,error", 31))
            table = data.Table(run.out)
            self.assertEqual({len(row) for row in table.cells}, {5})
            self.assertEqual(table["reference"].tolist(), data.energies(data.organics(30)).tolist())
        self.run_program("predict", {"model": self.path("m.h5"), "data.structures": self.input, "output": self.path("p.csv")})
        self.assertEqual(self.path("p.csv").read_text(encoding="utf-8"), run.out)

    def test_the_log_has_what_the_terminal_shows(self):
        for quiet in (None, True):
            run = self.train(2, **{"log-file": self.path("log.txt"), "quiet": quiet})
            log = self.path("log.txt").read_text(encoding="utf-8")
            for text in ("training on 20 structures", "cholesky", "seconds over ranks"):
                self.assertIn(text, log)
            self.assertNotIn("\r", log)
            for line in run.err.splitlines():
                self.assertIn(line, log)

    def test_the_log_of_a_run_that_is_started_again_goes_on(self):
        for _ in range(2):
            self.train(1, **{"log-file": self.path("log.txt")})
        log = self.path("log.txt").read_text(encoding="utf-8")
        self.assertEqual(log.count("training on 20 structures"), 2)
        self.assertEqual(log.count("==== resumed at 2"), 1)


class About(ProgramTest):
    def test_help_version_and_citation(self):
        for ranks in (1, 3):
            for line, named in ((["--help"], "usage: soapstone COMMAND"), (["--version"], "BSD-3-Clause"),
                                (["--cite"], "10.1039/C8CP05921G"), (["train", "--help"], "--soap.cutoff-width")):
                run = self.execute(line, ranks)
                self.assertEqual((run.code, run.err), (0, ""), str(run))
                self.assertEqual(run.out.count(named), 1, str(run))

    def test_every_command_has_help(self):
        for command in ("train", "predict", "evaluate", "learning-curve", "search", "optimize", "kernel", "features", "plan",
                        "inspect"):
            run = self.execute([command, "--help"])
            self.assertEqual(run.code, 0, str(run))
            self.assertIn(f"soapstone {command}", run.out)

    def test_the_version_tells_the_build(self):
        run = self.execute(["--version"])
        self.assertRegex(run.out, r"^soapstone \d+\.\d+\.\d+")
        for library in ("MPI", "HDF5", "BLAS"):
            self.assertRegex(run.out, rf"(?m)^{library} +\S")


if __name__ == "__main__":
    main()
