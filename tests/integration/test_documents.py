# SPDX-License-Identifier: BSD-3-Clause
"""The manual page, the completions and the table of errors: bash is asked for candidates as a user would, groff and zsh read what is written for them."""
import os
import pty
import re
import select
import shutil
import subprocess
import sys
import time
import unittest
from pathlib import Path

from program import PROGRAM, ProgramTest, main

TOP = Path(__file__).resolve().parents[2]
COMMANDS = ["train", "predict", "evaluate", "learning-curve", "search", "optimize", "kernel", "features", "plan", "inspect"]
ASK = """\
source "$1"; shift
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
_soapstone
printf '%s\\n' "${COMPREPLY[@]}"
"""


def outcome(*command, folder=None, text=None):
    return subprocess.run(list(map(str, command)), cwd=folder, input=text, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


class Documents(ProgramTest):
    def printed(self, *words):
        run = self.execute(words)
        self.assertEqual((run.code, run.err), (0, ""), str(run))
        return run.out

    def keys_of(self, command):
        """What --help lists."""
        return set(re.findall(r"(?m)^  --(\S+)", self.printed(command, "--help")))

    def all_keys(self):
        return set().union(*map(self.keys_of, COMMANDS))


class Bash(Documents):
    def setUp(self):
        super().setUp()
        self.script = self.write("soapstone.bash", self.printed("completion", "bash"))
        (self.folder / "here").mkdir()
        for name in ("train.xyz", "two words.xyz", "model.h5"):
            (self.folder / "here" / name).touch()

    def candidates(self, *words):
        """What bash offers for the last of the words."""
        run = outcome("bash", "--norc", "-uc", ASK, "ask", self.script, "soapstone", *words, folder=self.folder / "here")
        self.assertEqual(run.stderr, "")
        return [line for line in run.stdout.splitlines() if line]

    def test_commands(self):
        self.assertEqual(self.candidates("tr"), ["train"])
        self.assertEqual(set(COMMANDS) - set(self.candidates("")), set())
        self.assertEqual(self.candidates("help", "pre"), ["predict"])
        self.assertEqual(self.candidates("completion", ""), ["bash", "zsh"])
        self.assertEqual(self.candidates("--v"), ["--version"])

    def test_keys_are_those_that_help_lists(self):
        for command in COMMANDS:
            offered = {key[2:] for key in self.candidates(command, "--")} - {"help"}
            expected = {key.replace(".N.", ".1.") for key in self.keys_of(command)}
            self.assertEqual(offered, expected, command)

    def test_a_key_is_offered_once_unless_it_may_be_repeated(self):
        self.assertEqual(self.candidates("train", "--soap.n"), ["--soap.n-max", "--soap.normalize"])
        self.assertEqual(self.candidates("train", "--soap.n-max", "3", "--soap.n"), ["--soap.normalize"])
        self.assertEqual(self.candidates("train", "--data.structures", "a.xyz", "--data.st"), ["--data.structures"])

    def test_keys_of_a_further_kernel(self):
        self.assertEqual(self.candidates("train", "--kernel.12.z"), ["--kernel.12.zeta"])
        self.assertIn("--kernel.3.soap.cutoff", self.candidates("train", "--kernel.3."))
        self.assertEqual(self.candidates("train", "--kernel.3.soap.body-order", ""), ["2", "3"])
        self.assertEqual(self.candidates("predict", "--kernel.3."), [])

    def test_values(self):
        self.assertEqual(self.candidates("train", "--data.baseline", ""), ["composition", "atoms", "mean", "none"])
        self.assertEqual(self.candidates("train", "--soap.normalize", "f"), ["false"])
        self.assertEqual(self.candidates("train", "--soap.cutoff", ""), [])
        self.assertIn("--report", self.candidates("train", "--quiet", "--re"))  # a flag takes no value

    def test_values_after_an_equals_sign(self):
        self.assertEqual(self.candidates("train", "--data.target-unit", "=", "me"), ["meV"])  # as readline splits words
        self.assertEqual(self.candidates("train", "--data.target-scope", "="), ["total", "per-atom"])
        self.assertEqual(self.candidates("train", "--data.target-unit=me"), ["--data.target-unit=meV"])  # without '=' in COMP_WORDBREAKS

    def test_files(self):
        self.assertEqual(set(self.candidates("train", "--data.structures", "t")), {"train.xyz", "two words.xyz"})
        self.assertEqual(self.candidates("inspect", "m"), ["model.h5"])
        self.assertEqual(set(self.candidates("train", "--species.coupling", "")),
                         {"none", "gaussian", "train.xyz", "two words.xyz", "model.h5"})

    def test_it_registers_itself(self):
        run = outcome("bash", "--norc", "-uc", 'source "$1"; complete -p soapstone', "ask", self.script)
        self.assertEqual(run.stdout.strip(), "complete -F _soapstone soapstone")

    def test_shellcheck_has_nothing_to_say(self):
        if not shutil.which("shellcheck"):
            self.skipTest("no shellcheck")
        run = outcome("shellcheck", self.script)
        self.assertEqual(run.returncode, 0, run.stdout)


SHELL = """\
PS1=; fpath=($PWD $fpath); autoload -Uz compinit; compinit -D -u
show() { zle -I; print -r -- "<<$BUFFER>>"; BUFFER=; }; zle -N show; bindkey '^X' show; print rea''dy
"""


class Terminal:
    """An interactive zsh that knows the completions in `folder`."""

    def __init__(self, folder):
        self.child, self.file = pty.fork()
        if self.child == 0:
            os.chdir(folder)
            os.environ.update(TERM="dumb", ZDOTDIR=str(folder), LC_ALL="C.UTF-8")
            os.execvp("zsh", ["zsh", "-f", "-i"])
        os.write(self.file, SHELL.encode())
        self.until("ready")

    def until(self, mark):
        """What zsh prints up to a mark."""
        seen, end = b"", time.monotonic() + 60
        while mark.encode() not in seen and time.monotonic() < end:
            if select.select([self.file], [], [], 1)[0]:
                seen += os.read(self.file, 65536)
        return seen.decode(errors="replace")

    def completed(self, line):
        """The line after a press of Tab."""
        os.write(self.file, (line + "\t\x18").encode())
        return self.until(">>").rpartition("<<")[2].partition(">>")[0]

    def close(self):
        os.write(self.file, b"\x04")
        os.close(self.file)
        os.waitpid(self.child, 0)


class Zsh(Documents):
    def test_every_key_is_there(self):
        text = self.printed("completion", "zsh")
        self.assertTrue(text.startswith("#compdef soapstone\n"))
        for key in self.all_keys():
            self.assertIn(f"--{key.replace('.N.', '.1.')}", text)

    def test_zsh_takes_it(self):
        if not shutil.which("zsh"):
            self.skipTest("no zsh")
        script = self.write("_soapstone", self.printed("completion", "zsh"))
        run = outcome("zsh", "-fn", script)
        self.assertEqual((run.returncode, run.stderr), (0, ""))

    def test_tab(self):
        if not shutil.which("zsh"):
            self.skipTest("no zsh")
        self.write("_soapstone", self.printed("completion", "zsh"))
        zsh = Terminal(self.folder)
        self.addCleanup(zsh.close)
        for line, expected in (("soapstone tr", "soapstone train "), ("soapstone help pre", "soapstone help predict "),
                               ("soapstone completion z", "soapstone completion zsh "), ("soapstone --v", "soapstone --version "),
                               ("soapstone train --soap.n-m", "soapstone train --soap.n-max="),
                               ("soapstone train --kernel.12.z", "soapstone train --kernel.12.zeta="),
                               ("soapstone train --data.target-unit=me", "soapstone train --data.target-unit=meV "),
                               ("soapstone train --data.target-unit me", "soapstone train --data.target-unit meV "),
                               ("soapstone predict --soap.cut", "soapstone predict --soap.cut")):  # no key of this command
            self.assertEqual(zsh.completed(line), expected)


class Manual(Documents):
    def setUp(self):
        super().setUp()
        self.page = self.write("soapstone.1", self.printed("man"))

    def test_it_is_ascii_and_groff_finds_nothing_wrong(self):
        self.page.read_text(encoding="ascii")
        if not shutil.which("groff"):
            self.skipTest("no groff")
        run = outcome("groff", "-ww", "-man", "-Tutf8", "-z", self.page)
        self.assertEqual((run.returncode, run.stderr), (0, ""))

    def test_man_shows_every_command_and_key(self):
        if not shutil.which("groff"):
            self.skipTest("no groff")
        shown = re.sub(r"\033\[[0-9;]*m", "", outcome("groff", "-man", "-Tutf8", "-rLL=200n", "-P-c", self.page).stdout)
        shown = re.sub(".\b", "", shown)  # bold as typewriters did it
        for key in self.all_keys():
            self.assertRegex(shown, rf"(?m)^ +--{re.escape(key)}( |$)", key)
        for command in COMMANDS:
            self.assertRegex(shown, rf"(?m)^ +{command}( |$)")
        for text in ("soapstone - kernel ridge", "EXIT STATUS", "cutoff radius r_c", "width σ of the Gaussian", "--soap.cutoff Å", "c / (c + (r/r0)^m)"):
            self.assertIn(text, shown)

    def test_every_key_is_in_the_source(self):
        source = self.page.read_text(encoding="ascii").replace("\\-", "-")
        for key in self.all_keys():
            self.assertRegex(source, rf'\n\.BI? "?--{re.escape(key)}[ \n]')


class Scripts(unittest.TestCase):
    """scripts/README.md lists every script once, and documents, settings and scripts name none that does not exist."""

    def test_the_index_lists_every_script(self):
        folder, listed = TOP / "scripts", []
        for part in re.split(r"(?m)^(?=`\w+/`: )", (folder / "README.md").read_text(encoding="utf-8").split("`slurm/` has")[0]):
            under = re.match(r"`(\w+/)`: ", part)
            rows = re.findall(r"(?m)^\| (`.*?`) \|(.*)$", part)
            listed += [(under.group(1) if under else "") + name for cells in rows for name in re.findall(r"`(\w+\.\w+)`", cells[0])]
        listed.append("checks/source_tree.py")
        there = [str(path.relative_to(folder)) for path in [*folder.glob("*.*"), *folder.glob("[cdr]*/*.*")] if path.suffix != ".md"]
        runnable = [str(path.relative_to(folder)) for path in folder.glob("plotting/*.py") if os.access(path, os.X_OK)]
        self.assertEqual(sorted(listed), sorted(there + runnable))

    def test_what_is_named_exists(self):
        files = [path for pattern in ("*.md", "*/*.md", "*/*/*.md", "inputs/*.ini", "scripts/**/*.*", "tests/**/*.*", "cmake/*", ".ci/*")
                 for path in TOP.glob(pattern) if path.suffix not in (".svg", ".pyc") and "build" not in path.parts and "fuzz" not in path.parts]
        named = {(path, name) for path in files if path.is_file()
                 for name in re.findall(r"(?<![\w/}-])scripts/[\w./-]*\w\.(?:sh|py|bash|md)\b", path.read_text(encoding="utf-8"))}
        self.assertGreater(len(named), 100)
        self.assertEqual({(path, name) for path, name in named if not (TOP / name).exists()}, set())


class ErrorTable(ProgramTest):
    def test_the_table_of_errors_is_what_the_program_says(self):
        script = TOP / "scripts/checks/error_table.py"
        environment = {"SOAPSTONE": PROGRAM}
        run = subprocess.run([sys.executable, "-B", script, "--check"], env={**os.environ, **environment}, stdout=subprocess.PIPE,
                             stderr=subprocess.PIPE, text=True)
        self.assertEqual(run.returncode, 0, run.stderr)


class Picture(ProgramTest):
    def test_the_command_that_makes_the_learning_curve(self):
        try:
            import matplotlib  # noqa: F401
        except ImportError:
            self.skipTest("no matplotlib")
        script = TOP / "scripts/reproduce/learning_curve.sh"
        small = "--data.train 20 --data.test 5 --learning-curve.sizes 10,20 --learning-curve.repeats 2 --soap.n-max 2 --soap.l-max 1 --soap.contraction 12"
        environment = {"SOAPSTONE": PROGRAM, "SOAPSTONE_RESULTS": str(self.folder), "PYTHON": sys.executable}
        run = subprocess.run(["bash", script, *small.split()], env={**os.environ, **environment}, stdout=subprocess.PIPE,
                             stderr=subprocess.STDOUT, text=True)
        self.assertEqual(run.returncode, 0, run.stdout)
        self.assertTrue(self.path("learning_curve.png").read_bytes().startswith(b"\x89PNG"))
        self.assertEqual(sorted(path.name for path in self.folder.iterdir()),
                         ["learning_curve.png", "radial.csv", "radial.json", "standard.csv", "standard.json"])


class Usage(Documents):
    def test_other_shells_and_further_words_are_refused(self):
        for words, named in ((["completion", "fish"], "bash or zsh"), (["completion"], "bash or zsh"), (["man", "train"], "'train'"),
                             (["completion", "bash", "x"], "'x'")):
            run = self.execute(words)
            self.assertEqual((run.code, run.out), (2, ""), str(run))
            self.assertIn(named, run.err)

    def test_one_rank_prints(self):
        run = self.execute(["man"], 3)
        self.assertEqual(run.out, self.printed("man"))


if __name__ == "__main__":
    main()
