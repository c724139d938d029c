# SPDX-License-Identifier: BSD-3-Clause
"""The same molecules from different kinds of files, and targets that must not matter."""
import gzip
import lzma

from program import ProgramTest, main, need

np, h5py = need("numpy", "h5py")
import data  # noqa: E402

HARTREE = 27.211386245988


class Sources(ProgramTest):
    def setUp(self):
        super().setUp()
        self.frames = data.organics(40)

    def train(self, source, ranks=1, **keys):
        self.run_program("train", {"data.structures": source, "data.train": 28, "data.test": 12, "output": self.path("m.h5"), **keys},
                         ranks)
        return data.ModelFile(self.path("m.h5"))

    def expect_same(self, model, expected):
        self.assertEqual(model.coefficients.tobytes(), expected.coefficients.tobytes())
        self.assertEqual(model.baseline, expected.baseline)
        self.assertEqual([s.tobytes() for s in model.structures], [s.tobytes() for s in expected.structures])


class Containers(Sources):
    def test_compressed_and_crlf_copies(self):
        text = data.text_of(self.frames)
        expected = self.train(self.write("plain.xyz", text))
        self.path("packed.xyz.gz").write_bytes(gzip.compress(text.encode()))
        self.path("packed.xyz.xz").write_bytes(lzma.compress(text.encode()))
        self.write("windows.xyz", text.replace("\n", "\r\n"))
        for name in ("packed.xyz.gz", "packed.xyz.xz", "windows.xyz"):
            with self.subTest(name=name):
                self.expect_same(self.train(self.path(name)), expected)
        self.expect_same(self.train(self.path("packed.xyz.gz"), **{"data.format": "extxyz"}), expected)

    def test_several_files_follow_each_other(self):
        expected = self.train(self.write("all.xyz", data.text_of(self.frames)))
        parts = [self.write("a.xyz", data.text_of(self.frames[:15])), self.write("b.xyz", data.text_of(self.frames[15:]))]
        self.expect_same(self.train(parts), expected)

    def test_columns_in_another_order(self):
        expected = self.train(self.write("all.xyz", data.text_of(self.frames)))
        self.expect_same(self.train(self.write("other.xyz", "".join(map(self.reordered, self.frames)))), expected)

    @staticmethod
    def reordered(frame):
        comment = frame.lines[1].replace("species:S:1:pos:R:3", "tag:I:1:pos:R:3:species:S:1")
        atoms = [f"7  {' '.join(line.split()[1:])}\t{line.split()[0]}" for line in frame.lines[2:]]
        return "\n".join([frame.lines[0], comment, *atoms]) + "\n"


class Leakage(Sources):
    """What a test set holds must not reach the model."""

    def setUp(self):
        super().setUp()
        self.plain = self.train(self.write("in.xyz", data.text_of(self.frames)))
        self.drawn = set(self.plain.drawn_from(self.frames))
        self.assertEqual(len(self.drawn), 28)

    def test_targets_of_test_structures(self):
        changed = [frame if i in self.drawn else frame.with_key("energy", 1000.0 + i) for i, frame in enumerate(self.frames)]
        for ranks in (1, 3):
            before = self.train(self.path("in.xyz"), ranks)
            self.expect_same(self.train(self.write("changed.xyz", data.text_of(changed)), ranks), before)

    def test_only_they_are_tested(self):
        """A constant on every target outside the training set comes back as the error of every tested structure."""
        changed = [frame if i in self.drawn else frame.with_key("energy", frame.energy - 1e5) for i, frame in enumerate(self.frames)]
        report = self.reported("train", {"data.structures": self.write("changed.xyz", data.text_of(changed)), "data.train": 28,
                                         "data.test": 12, "output": self.path("m.h5")})
        self.assertAlmostEqual(report["test"]["mae_per_structure"], 1e5, delta=1e2)
        self.assertAlmostEqual(report["test"]["rmse_per_structure"], 1e5, delta=1e2)

    def test_atoms_of_test_structures(self):
        """Other molecules in their place, of the same elements."""
        others = iter(data.organics(12, first=500))
        changed = [frame if i in self.drawn else next(others) for i, frame in enumerate(self.frames)]
        self.expect_same(self.train(self.write("changed.xyz", data.text_of(changed))), self.plain)

    def test_targets_of_training_structures_do_reach_it(self):
        one = min(self.drawn)
        changed = [frame.with_key("energy", frame.energy + 1) if i == one else frame for i, frame in enumerate(self.frames)]
        model = self.train(self.write("changed.xyz", data.text_of(changed)))
        self.assertGreater(np.abs(model.coefficients - self.plain.coefficients).max(), 1e-3)


class Qm9(Sources):
    """Raw files of QM9: `*^` for exponents, tabs, 15 properties of which the 11th is U0, frequencies, two SMILES, two InChI."""

    @staticmethod
    def raw(frame, number):
        hartree = frame.energy / HARTREE
        properties = ["157.7118", "157.70997", "157.70699", "0.", "13.21", "-0.3877", "0.1171", "0.5048", "35.3641", "0.044749",
                      repr(hartree), repr(hartree + 0.003), repr(hartree + 0.004), repr(hartree - 0.02), "6.469"]
        lines = [frame.lines[0], f"gdb {number}\t" + "\t".join(properties) + "\t"]
        for species, position in zip(frame.species, frame.positions):
            lines.append("\t".join([species, *(Qm9.number(x) for x in position), "-0.535689"]))
        return "\n".join([*lines, "\t".join(["1341.307"] * (3 * len(frame.species) - 6)), "C\tC", "InChI=1S/x\tInChI=1S/x"]) + "\n"

    @staticmethod
    def number(value):
        """Now and then as Mathematica writes it: 1.5*^-2."""
        return f"{value:.12e}".replace("e", "*^") if abs(value) < 0.5 else repr(float(value))

    def setUp(self):
        super().setUp()
        self.folder_of_files = self.path("dsgdb9nsd")
        self.folder_of_files.mkdir()
        for number, frame in enumerate(self.frames, 1):
            (self.folder_of_files / f"dsgdb9nsd_{number:06d}.xyz").write_text(self.raw(frame, number), encoding="utf-8")
        self.keys = {"data.format": "qm9", "data.target": "U0", "data.target-unit": "hartree"}

    def expect_close(self, model, expected):
        self.assertEqual([s.tobytes() for s in model.structures], [s.tobytes() for s in expected.structures])
        self.assertLess(np.abs(model.coefficients - expected.coefficients).max(), 1e-6 * np.abs(expected.coefficients).max())

    def test_a_folder_of_raw_files(self):
        expected = self.train(self.write("in.xyz", data.text_of(self.frames)))
        for ranks in (1, 2):
            self.expect_close(self.train(self.folder_of_files, ranks, **self.keys), expected)

    def test_single_raw_files_and_recognition(self):
        expected = self.train(self.write("in.xyz", data.text_of(self.frames)))
        files = sorted(self.folder_of_files.iterdir())
        self.expect_close(self.train(files, **self.keys), expected)
        self.expect_close(self.train(files, **{**self.keys, "data.format": None}), expected)

    def test_a_tar(self):
        import tarfile
        with tarfile.open(self.path("raw.tar.bz2"), "w:bz2") as tar:
            for file in sorted(self.folder_of_files.iterdir()):
                tar.add(file, file.name)
        expected = self.train(self.write("in.xyz", data.text_of(self.frames)))
        self.expect_close(self.train(self.path("raw.tar.bz2"), **self.keys), expected)

    def test_another_property(self):
        model = self.train(self.folder_of_files, **{**self.keys, "data.target": "U"})
        frames = [frame.with_key("energy", repr((frame.energy / HARTREE + 0.003) * HARTREE)) for frame in self.frames]
        self.expect_close(model, self.train(self.write("in.xyz", data.text_of(frames))))

    def test_a_property_that_is_not_there(self):
        run = self.run_program("train", {"data.structures": self.folder_of_files, "data.format": "qm9", "data.target": "U1",
                                         "output": self.path("m.h5")}, code=3)
        self.assertIn("U0", run.errors()[0])
        self.assertIn("dsgdb9nsd_000001.xyz", run.errors()[0])


if __name__ == "__main__":
    main()
