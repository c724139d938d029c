# SPDX-License-Identifier: BSD-3-Clause
"""The program itself on a full disk, and with calls that fail (failing_calls.c by LD_PRELOAD, on several ranks)."""
import errno
import json
import os
import subprocess
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "integration"))
from program import MPIEXEC, PROGRAM, TINY, ProgramTest, Run, arguments, figure, main, need  # noqa: E402

need("numpy")
import data  # noqa: E402

CREATE, WRITE, SYNC, RENAME, CLOSE, READ = 1, 2, 4, 8, 16, 32
ONCE, FOREVER = 0, 1
LIBRARY = os.environ["SOAPSTONE_FAILING_CALLS"]


class Disk(ProgramTest):
    def setUp(self):
        super().setUp()
        self.input = self.write("in.xyz", data.text_of(data.organics(40)))
        self.keys = {**TINY, "data.structures": self.input}
        self.out = self.path("out")
        self.out.mkdir()

    def expect_refusal(self, run, old):
        """Exit code 5, one message with the file's name; every file in the folder is as it was."""
        self.assertEqual(run.code, 5, str(run))
        self.assertEqual(len(run.errors()), 1, str(run))
        self.assertIn(str(self.out), run.errors()[0])
        self.assertEqual({path.name: path.read_bytes() for path in self.out.iterdir() if path.is_file()}, old)


class FailingCalls(Disk):
    def failing(self, wish, command, keys, ranks):
        line = MPIEXEC + [str(ranks), "env", f"LD_PRELOAD={LIBRARY}", f"SOAPSTONE_FAIL={self.out} {wish}", PROGRAM]
        done = subprocess.run(line + arguments(command, keys), cwd=self.folder, stdin=subprocess.DEVNULL, capture_output=True, timeout=120,
                              check=False)
        return Run(line, done.returncode, done.stdout.decode(), done.stderr.decode())

    def test_on_several_ranks(self):
        for command, name in (("train", "m.h5"), ("kernel", "k.h5")):
            old = {name: b"old"}
            (self.out / name).write_bytes(b"old")
            for wish in (f"{CREATE | WRITE} 4 {errno.ENOSPC} {FOREVER}", f"{SYNC} 1 {errno.EIO} {ONCE}", f"{RENAME} 1 {errno.EIO} {ONCE}"):
                with self.subTest(command=command, wish=wish):
                    self.expect_refusal(self.failing(wish, command, {**self.keys, "output": self.out / name}, 2), old)
            (self.out / name).unlink()


@unittest.skipIf(os.geteuid() != 0, "only root may mount")
class Tmpfs(Disk):
    def setUp(self):
        super().setUp()
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", self.out], capture_output=True, text=True, check=False)
        if mounted.returncode != 0:
            self.skipTest(f"no tmpfs can be mounted: {mounted.stderr}")
        self.addCleanup(subprocess.run, ["umount", self.out], check=True)

    def test_files_that_do_not_fit(self):
        """A file that fits is written, one that does not is refused, and the next one that fits is written again."""
        filler = self.out / "filler"
        filler.write_bytes(b"\0" * (15 << 20))
        large = {**self.keys, "soap.n-max": 6, "soap.l-max": 4, "output": self.out / "f.h5"}
        small = {**self.keys, "output": self.out / "m.h5"}
        old = {"filler": filler.read_bytes()}
        self.expect_refusal(self.execute(arguments("features", large), ranks=2), old)
        self.run_program("train", {**small, "report": self.out / "r.json"})
        json.loads((self.out / "r.json").read_text(encoding="utf-8"))
        rest = os.statvfs(self.out)
        (self.out / "rest").write_bytes(b"\0" * (rest.f_bavail * rest.f_frsize))
        old = {path.name: path.read_bytes() for path in self.out.iterdir()}
        for command, name in (("train", "m.h5"), ("kernel", "k.h5"), ("features", "f.h5"), ("evaluate", "e.csv"), ("search", "s.csv")):
            with self.subTest(command=command):
                keys = {**self.keys, "output": self.out / name, **({"soap.cutoff": "3,4"} if command == "search" else {})}
                self.expect_refusal(self.execute(arguments(command, keys), ranks=2 if command == "train" else 1), old)
        figure("full_disk_runs", 7)


class StandardOutput(Disk):
    @unittest.skipUnless(os.path.exists("/dev/full"), "no /dev/full")
    def test_results_that_nobody_gets(self):
        model = self.path("m.h5")
        self.run_program("train", {**self.keys, "output": model})
        for line in (["--help"], ["inspect", str(model)], arguments("predict", {"model": model, "data.structures": self.input})):
            with self.subTest(line=line), open("/dev/full", "wb") as full:
                done = subprocess.run([PROGRAM, *line], stdout=full, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, timeout=60, check=False)
                self.assertEqual(done.returncode, 5, done.stderr.decode())
        figure("full_standard_output_runs", 3)

    @unittest.skipUnless(os.path.exists("/dev/full"), "no /dev/full")
    def test_a_log_that_ends_early_ends_no_run_but_is_told(self):
        run = self.run_program("train", {**self.keys, "output": self.out / "m.h5", "log-file": "/dev/full"}, code=5)
        self.assertIn("/dev/full", run.errors()[0])
        self.assertIn("intact", self.execute(["inspect", str(self.out / "m.h5")]).out)
        figure("full_standard_output_runs", 1)


if __name__ == "__main__":
    main()
