# SPDX-License-Identifier: BSD-3-Clause
"""scripts/fetch_qm9.sh on a small archive of QM9's shape: everything but the download from its public address."""
import io
import lzma
import subprocess
import tarfile
from pathlib import Path

from program import ProgramTest, main, need

h5py = need("h5py")
import data  # noqa: E402
from qm9 import record  # noqa: E402

SCRIPT = Path(__file__).resolve().parents[2] / "scripts/fetch_qm9.sh"
HEADER = "List of molecules that failed the consistency check\n" + "=" * 40 + "\n\n   Index   GDB    SMILES\n"


class Fetch(ProgramTest):
    def setUp(self):
        super().setUp()
        self.frames = [frame for frame in data.organics(60) if len(frame.species) > 3][:24]
        self.records = {index: record(index, frame) for index, frame in enumerate(self.frames, start=1)}
        self.list = self.write("list.txt", HEADER + "".join(f"{index:8d}   gdb {index}  C\n" for index in (3, 17)) + "=" * 40 + "\n")
        self.archive = self.tar(self.records)

    def tar(self, records, name="small.tar.bz2"):
        with tarfile.open(self.path(name), "w:bz2") as file:
            for index, text in records.items():
                member = tarfile.TarInfo(f"dsgdb9nsd_{index:06d}.xyz")
                member.size = len(text)
                file.addfile(member, io.BytesIO(text.encode("ascii")))
        return self.path(name)

    def fetch(self, *words, code=0):
        run = subprocess.run(["bash", str(SCRIPT), *map(str, words)], cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                             text=True)
        self.assertEqual(run.returncode, code, f"{run.stdout}\n{run.stderr}")
        return run

    def fetch_small(self, *words, **more):
        return self.fetch("--archive", self.archive.as_uri(), "--excluded", self.list.as_uri(), "--unchecked", *words, **more)


class Works(Fetch):
    def test_excluded_molecules_are_left_out_and_others_stay_as_they_are(self):
        run = self.fetch_small()
        kept = "".join(text for index, text in self.records.items() if index not in (3, 17))
        self.assertEqual(lzma.open(self.path("qm9/qm9.xyz.xz"), "rt").read(), kept)
        self.assertIn("24 molecules, 2 left out", run.stdout)
        self.assertIn(f"22 molecules, {sum(len(f.species) for f in self.frames) - len(self.frames[2].species) - len(self.frames[16].species)} atoms",
                      run.stdout)
        self.assertIn("not checked", run.stdout)
        self.assertEqual(sorted(path.name for path in self.path("qm9").iterdir()),
                         ["dsgdb9nsd.xyz.tar.bz2", "qm9.xyz.xz", "uncharacterized.txt"])

    def test_the_program_learns_from_it(self):
        self.fetch_small("--output", self.path("out.xyz.gz"))
        self.run_program("train", {"data.structures": self.path("out.xyz.gz"), "data.target": "U0", "data.target-unit": "hartree",
                                   "data.baseline": "none", "output": self.path("m.h5")})
        with h5py.File(self.path("m.h5"), "r") as file:
            self.assertEqual(len(file["training/offsets"]) - 1, 22)
        table = self.run_program("predict", {"model": self.path("m.h5"), "data.structures": self.path("out.xyz.gz")})
        kept = [frame.energy for index, frame in enumerate(self.frames, start=1) if index not in (3, 17)]
        for found, expected in zip(data.Table(table.out)["reference"], kept):
            self.assertAlmostEqual(found, expected, delta=1e-6)

    def test_all_of_them_from_a_local_copy(self):
        self.fetch("--archive", self.archive, "--unchecked", "--keep-all", "--output", self.path("all.xyz"))
        self.assertEqual(self.path("all.xyz").read_text(), "".join(self.records.values()))


class Refuses(Fetch):
    def expect(self, code, named, *words):
        run = self.fetch(*words, code=code)
        self.assertIn(named, run.stderr)
        self.assertFalse(self.path("qm9/qm9.xyz.xz").exists())
        self.assertEqual([path for path in self.folder.rglob("*.part")], [])

    def expect_bad(self, named, archive=None, excluded=None):
        self.expect(3, named, "--archive", archive or self.archive, "--excluded", excluded or self.list, "--unchecked")

    def test_other_files_than_the_published_ones(self):
        self.expect(3, "bytes, expected 86144227", "--archive", self.archive, "--excluded", self.list)
        forged = self.path("forged")
        with open(forged, "wb") as file:
            file.truncate(86144227)
        self.expect(3, "expected ad1ebd51", "--archive", forged, "--excluded", self.list)

    def test_records_that_are_none(self):
        self.expect_bad("not a record", self.tar({**self.records, 5: self.records[5].replace("gdb", "gbd")}, "a.tar.bz2"))
        self.expect_bad("is incomplete", self.tar({**self.records, 5: self.records[5].rsplit("\n", 3)[0]}, "b.tar.bz2"))
        self.expect_bad("contains molecule 6", self.tar({**self.records, 5: self.records[6]}, "c.tar.bz2"))

    def test_lists_that_do_not_fit(self):
        self.expect_bad("99 is not in the archive", excluded=self.write("a.txt", HEADER + "99 gdb 99 C\n"))
        self.expect_bad("listed twice", excluded=self.write("b.txt", HEADER + "3 a\n3 a\n"))
        self.expect_bad("no line begins", excluded=self.write("c.txt", HEADER))

    def test_a_damaged_archive(self):
        cut = self.path("cut.tar.bz2")
        cut.write_bytes(self.archive.read_bytes()[:-200])
        self.expect_bad("error", cut)

    def test_addresses_and_usage(self):
        self.expect(5, "failed", "--archive", self.path("none").as_uri(), "--unchecked")
        self.expect(5, "cannot be read", "--archive", self.path("none"), "--unchecked")
        self.expect(2, "usage", "--archives", "x")
        self.expect(2, "value after --output", "--output")


if __name__ == "__main__":
    main()
