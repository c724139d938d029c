# SPDX-License-Identifier: BSD-3-Clause
"""Runs the program under test for the integration tests.

Environment, set by CMake: SOAPSTONE_PROGRAM (the binary), SOAPSTONE_MPIEXEC (mpiexec and its flags up to the one for
rank counts, as a shell would split them), SOAPSTONE_DATA_FOLDER (inputs/data). SOAPSTONE_RUN_TIMEOUT: seconds per run.
"""
import importlib
import json
import os
import shlex
import signal
import subprocess
import sys
import tempfile
import unittest
from dataclasses import dataclass
from pathlib import Path

SKIPPED = 77
PROGRAM = os.environ.get("SOAPSTONE_PROGRAM", "soapstone")
MPIEXEC = shlex.split(os.environ.get("SOAPSTONE_MPIEXEC", "mpiexec -n"))
DATA = Path(os.environ.get("SOAPSTONE_DATA_FOLDER", "inputs/data"))
TIMEOUT = float(os.environ.get("SOAPSTONE_RUN_TIMEOUT", "60"))

# A run that fails leaves what other ranks share to the end of the process, on purpose: nothing to look for with LeakSanitizer.
KEEPS_WHAT_IS_SHARED = {"ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", "") + ":detect_leaks=0"}

# One rank without mpiexec is job 0 to Open MPI: where several tests run, one would remove the folder in which another starts.
SESSIONS = tempfile.TemporaryDirectory(prefix="ompi-")
os.environ["OMPI_MCA_orte_tmpdir_base"] = SESSIONS.name

# Environments of a few numbers each: what is tested here is not accuracy.
TINY = {"soap.n-max": 3, "soap.l-max": 2, "soap.cutoff": 4.0}


def need(*packages):
    """Imports packages; ends the script as skipped where one is missing."""
    try:
        modules = [importlib.import_module(package) for package in packages]
    except ImportError as error:
        print(f"skipped: {error}")
        sys.exit(SKIPPED)
    return modules[0] if len(modules) == 1 else modules


@dataclass
class Run:
    """What a finished run left behind."""
    command: list
    code: int
    out: str
    err: str

    def errors(self):
        return [line for line in self.err.splitlines() if line.startswith("soapstone: error:")]

    def __str__(self):
        return f"{shlex.join(self.command)}\nexit code {self.code}\n--- stdout\n{self.out}\n--- stderr\n{self.err}"


def arguments(command, keys):
    """["train", "--soap.n-max", "3", ...]; a list repeats its key, True is a flag, None leaves the key out."""
    line = [command] if command else []
    for key, value in keys.items():
        for one in value if isinstance(value, list) else [value]:
            if one is not None:
                line += [f"--{key}"] if one is True else [f"--{key}", str(one)]
    return line


def execute(line, ranks=1, folder=None, environment=None):
    """One rank runs without mpiexec. A run that takes too long is killed with everything it started."""
    command = [PROGRAM] + [str(word) for word in line]
    if ranks > 1:
        command = MPIEXEC + [str(ranks)] + command
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, cwd=folder,
                               env=dict(os.environ, **(environment or {})), start_new_session=True)
    try:
        out, err = process.communicate(timeout=TIMEOUT)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        out, err = process.communicate()
        raise AssertionError(f"no end after {TIMEOUT} s\n{Run(command, -9, out.decode(), err.decode())}") from None
    # Bytes, not text mode: that would turn carriage returns into line ends.
    return Run(command, process.returncode, out.decode(), err.decode())


def figure(name, value):
    """Prints a number that a test measured, for the table of promises: see tests/support/figure.hpp."""
    print(f"FIGURE {name} {value:.6g}", flush=True)


class ProgramTest(unittest.TestCase):
    """A scratch folder per test, in which the program runs."""

    def setUp(self):
        scratch = tempfile.TemporaryDirectory(prefix="soapstone-")
        self.addCleanup(scratch.cleanup)
        self.folder = Path(scratch.name)

    def path(self, name):
        return self.folder / name

    def execute(self, line, ranks=1, environment=None):
        return execute(line, ranks, self.folder, environment)

    def run_program(self, command, keys, ranks=1, code=0, environment=None):
        """Runs a command with tiny settings where it takes them, and expects an exit code."""
        tiny = TINY if command in ("train", "kernel", "features") else {}
        if code:
            environment = {**KEEPS_WHAT_IS_SHARED, **(environment or {})}
        run = self.execute(arguments(command, {**tiny, **keys}), ranks, environment)
        self.assertEqual(run.code, code, str(run))
        return run

    def reported(self, command, keys, ranks=1, **more):
        """The report of a run that succeeds."""
        report = self.path("report.json")
        self.run_program(command, {**keys, "report": report}, ranks, **more)
        return json.loads(report.read_text(encoding="utf-8"))

    def write(self, name, text):
        self.path(name).write_text(text, encoding="utf-8", newline="")
        return self.path(name)


def main():
    unittest.main(verbosity=2, buffer=False)
