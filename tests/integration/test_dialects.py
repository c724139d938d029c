# SPDX-License-Identifier: BSD-3-Clause
"""Reads extended XYZ as other programs write it and files as other systems save them, and expects warnings of what looks wrong.

Each input is written here. ASE reads what the program writes back; of the inputs that ASE reads alike, ASE is the oracle too.
"""
import re
import warnings

from program import ProgramTest, main, need

h5py, ase_io, np = need("h5py", "ase.io", "numpy")

USAGE, DATA_ERROR, INPUT_OUTPUT = 2, 3, 5
CELL = [[3.0, 0, 0], [0, 3.5, 0], [0, 0, 4.0]]
NINE = "3 0 0 0 3.5 0 0 0 4"
ALL, NONE = [True] * 3, [False] * 3
# Each row has a comment, the periodic directions, and whether ASE 3.22 reads the same.
FRAMES = [(f'Lattice="{NINE}"', ALL, True),
          (f"Lattice={{{NINE}}}", ALL, True),
          ("Lattice=[3, 0, 0, 0, 3.5, 0, 0, 0, 4]", ALL, True),
          ("Lattice=[[3, 0, 0], [0, 3.5, 0], [0, 0, 4]]", ALL, False),
          ("Lattice=[[3,0,0],[0,3.5,0],[0,0,4]] pbc=[T, T, F]", [True, True, False], False),
          ('Lattice="3 0 0; 0 3.5 0; 0 0 4"', ALL, False),
          ('Lattice="3 3.5 4"', ALL, False),
          ('Lattice="_JSON [[3, 0, 0], [0, 3.5, 0], [0, 0, 4]]"', ALL, False),
          ('Lattice="3d0 0 0 0 3.5D+00 0 0 0 4"', ALL, False),
          (f'lattice="{NINE}"', ALL, False),
          (f'LATTICE="{NINE}" PBC="F T F"', [False, True, False], False),
          (f'Lattice="{NINE}" lattice="3.0 0 0 0 3.5 0 0 0 4.0" pbc="T T T" Pbc=T', ALL, False),
          (f'Cell="{NINE}"', ALL, False),
          (f'unit_cell="{NINE}" periodic="T F F"', [True, False, False], False),
          (f'Lattice="{NINE}" pbc="F F F"', NONE, True),
          (f'Lattice="{NINE}" pbc=[F, F, F]', NONE, True),
          (f'Lattice="{NINE}" pbc="0 0 0"', NONE, True),
          (f'Lattice="{NINE}" pbc="false false false"', NONE, False),
          (f'Lattice="{NINE}" pbc=".false. .false. .false."', NONE, False),
          (f'Lattice="{NINE}" pbc=FFF', NONE, False),
          (f'Lattice="{NINE}" PBC="F F F"', NONE, False),
          (f'Lattice="{NINE}" periodic=F', NONE, False),
          (f'Lattice="{NINE}" cell="9 0 0 0 9 0 0 0 9" Origin="1 2 3"', ALL, True)]


def place(number):
    return 0.55 + 0.005 * number


def frame(comment, number=0, properties="Properties=species:S:1:pos:R:3", rows="N 0 0 {x}\nN 0 0 -{x}"):
    return f"2\n{comment} {properties} energy={-6 - 0.01 * number:.2f}\n{rows.format(x=place(number))}\n"


def text_of(comments, **more):
    return "".join(frame(comment, number, **more) for number, comment in enumerate(comments))


def warned(run):
    return [line for line in run.err.splitlines() if line.startswith("warning: ")]


class Dialects(ProgramTest):
    def train(self, path, code=0, **keys):
        return self.run_program("train", {"data.structures": path, "output": self.path("m.h5"), **keys}, code=code)

    def expect_warning(self, run, *parts):
        self.assertTrue(any(all(part in line for part in parts) for line in warned(run)), f"{parts}\n{run}")

    def expect_silence(self, run, *words):
        self.assertFalse([line for line in warned(run) if any(word in line for word in words)], str(run))

    def expect_error(self, text, *parts, name="a.xyz", code=DATA_ERROR):
        run = self.train(self.write(name, text), code=code)
        for part in parts:
            self.assertIn(part, run.errors()[0])

    def written_back(self, path):
        self.run_program("predict", {"model": self.path("m.h5"), "data.structures": path, "output": self.path("p.xyz")})
        return self.path("p.xyz").read_text(encoding="utf-8")

    def test_cells_and_periodicity_as_others_write_them(self):
        path = self.write("a.xyz", text_of([comment for comment, _, _ in FRAMES]))
        run = self.train(path)
        partly = sum(0 < sum(pbc) < 3 for _, pbc, _ in FRAMES)
        self.assertIn(f"; {sum(any(pbc) for _, pbc, _ in FRAMES)} of {len(FRAMES)} periodic, {partly} of them in fewer", run.err)
        self.expect_warning(run, f"frame {[c.startswith('Cell') for c, _, _ in FRAMES].index(True)}, ", "the key 'Cell' is read as the cell")
        self.expect_warning(run, "the key 'periodic' is read as pbc")
        self.expect_silence(run, "lattice", "LATTICE", "PBC", "'cell'")
        text = self.written_back(path)
        for comment in re.findall(r"^.*Properties=.*$", text, re.MULTILINE):
            for key in ("lattice", "pbc", "properties"):
                self.assertEqual(len(re.findall(rf"(?<!\S){key}=", comment, re.IGNORECASE)), 1, comment)
        again = ase_io.read(self.path("p.xyz"), ":")
        for number, ((comment, pbc, as_ase), atoms) in enumerate(zip(FRAMES, again)):
            self.assertEqual(atoms.pbc.tolist(), pbc, comment)
            self.assertEqual(atoms.cell.tolist(), CELL, comment)
            self.assertEqual(atoms.positions[0].tolist(), [0, 0, place(number)], comment)
            if as_ase:
                self.write("one.xyz", frame(comment, number))
                one = ase_io.read(self.path("one.xyz"), format="extxyz")
                self.assertEqual((one.pbc.tolist(), one.cell.tolist()), (pbc, CELL), comment)
        self.assertEqual(again[-1].info["cell"].tolist(), [9, 0, 0, 0, 9, 0, 0, 0, 9])

    def test_reserved_keys_that_are_not_understood(self):
        run = self.train(self.write("a.xyz", text_of(["lattice=fcc", "lattice=bcc PBC=maybe", 'box="1 2 3 90 90 90"', "a cubic lattice"])))
        self.expect_warning(run, "a.xyz, frame 0, line 1", "'fcc' is not understood", "1 other frame")
        self.expect_warning(run, "frame 1", "looks like pbc")
        self.expect_warning(run, "frame 2", "'box' looks like a cell")
        self.assertIn("none periodic", run.err)
        for comment, parts in (('pbc="T T T"', ["pbc says", "there is no Lattice", 'pbc="F F F"']),
                               ('Lattice="0 0 0 0 0 0 0 0 0"', ["all vectors of Lattice are zero"]),
                               (f'Lattice="{NINE}" lattice="9 0 0 0 9 0 0 0 9"', ["given twice"]),
                               (f'Lattice="{NINE}" pbc=T PBC=F', ["given twice"]),
                               (f'Lattice="{NINE}" pbc=""', ["one or three of T and F"])):
            self.expect_error(frame(comment), "a.xyz, frame 0, line 2", *parts)

    def test_columns(self):
        logical = "Properties=species:S:1:pos:R:3:free:L:1:q:R:1"
        run = self.train(self.write("a.xyz", text_of(["", ""], properties=logical, rows="N 0 0 {x} true 1e\nN 0 0 -{x} FALSE nan")))
        self.expect_silence(run, "free")
        for key in ("properties", "PROPERTIES"):
            path = self.write("z.xyz", text_of(["", ""], properties=f"{key}=species:S:1:Z:I:1:pos:R:3", rows="N 7 0 0 {x}\nN 7 0 0 -{x}"))
            self.train(path)
            self.written_back(path)
            self.assertEqual([atoms.positions[0].tolist() for atoms in ase_io.read(self.path("p.xyz"), ":")],
                             [[0, 0, place(0)], [0, 0, place(1)]])
        self.expect_error(frame("", rows="N 0 0 {x}\nN 7 0 0 -{x}"), "a.xyz, frame 0, line 4", "4 columns (species:S:1:pos:R:3)", "found 5")
        self.expect_error(frame("", properties=logical, rows="N 0 0 {x} T 1\nN 0 0 -{x} T"), "line 4", "6 columns", "found 5")
        self.train(self.write("plain.xyz", text_of(["", ""], properties="", rows="N 0 0 {x} 1 remark\nN 0 0 -{x} 2")))

    def test_nested_lists_and_json(self):
        lists = 'm=[[1.0, 0.0], [0.0, 2.0]] names=[["a b", "c"], ["d", "e"]]'
        path = self.write("a.xyz", text_of([lists, lists]))
        self.train(path)
        self.assertEqual(self.written_back(path).count(f" {lists} "), 2)
        again = self.write("again.xyz", self.written_back(path))
        self.assertEqual(self.written_back(again).count(f" {lists} "), 2)
        json = text_of(["a=1", "a=1"]).replace("energy=-6.01", 'energy="_JSON -6.01"')
        report = self.reported("train", {"data.structures": self.write("j.xyz", json), "output": self.path("m.h5")})
        self.assertEqual(report["n_train"], 2)

    def test_units_that_a_file_states(self):
        for statement, parts in (("energy-unit=hartree", ["energy-unit=hartree", "--data.target-unit hartree"]),
                                 ("energy_units=Eh", ["energy_units=Eh", "--data.target-unit hartree"]),
                                 ("energyUnit=kcal_per_mol", ["--data.target-unit kcal/mol"]),
                                 ("units=au", ["--data.target-unit hartree"]),
                                 ("energy_unit=Ry", ["Ry (rydberg)", "is not one of the units"]),
                                 ("energy-unit=nonsense", ["nonsense", "not understood"]),
                                 ("length_unit=bohr", ["length_unit=bohr", "convert positions"])):
            run = self.train(self.write("a.xyz", text_of([statement, statement])))
            self.expect_warning(run, "a.xyz, frame 0, line 1", *parts)
        self.expect_silence(self.train(self.write("a.xyz", text_of(["units='eV Angstrom'"] * 2))), "unit")
        path = self.write("a.xyz", text_of(["energy-unit=hartree Energy_Units=Ha"] * 2))
        self.train(path, **{"data.target-unit": "hartree"})
        self.assertEqual(len(re.findall("unit", self.written_back(path), re.IGNORECASE)), 2, "energy_unit=eV alone, in each frame")

    def test_fractions_of_the_cell_and_hydrides(self):
        copper = "4\nLattice=\"{a} 0 0 0 {a} 0 0 0 {a}\" energy={e}\nCu 0 0 0\nCu {h} {h} 0\nCu {h} 0 {h}\nCu 0 {h} {h}\n"
        for in_cell, said in ((True, True), (False, False)):
            text = "".join(copper.format(a=a, e=a, h=0.5 if in_cell else a / 2) for a in (3.6, 3.7))
            run = self.train(self.write("a.xyz", text))
            (self.expect_warning if said else self.expect_silence)(run, "fractions of the cell")
        hydride = "8\nLattice=\"{a} 0 0 0 {a} 0 0 0 {a}\" energy={a}\nPd 0 0 0\nPd {h} {h} 0\nPd {h} 0 {h}\nPd 0 {h} {h}\n" \
                  "H {h} {h} {h}\nH {h} 0 0\nH 0 {h} 0\nC 0 0 {h}\n"
        self.expect_silence(self.train(self.write("h.xyz", "".join(hydride.format(a=a, h=a / 2) for a in (4.0, 4.1)))), "bohr", "nm")

    def test_byte_order_marks_and_utf16(self):
        mark, text = "\ufeff", text_of(["", ""])
        qm9 = "2\ngdb 1\t1 2 3 4 5 6 7 8 9 10 -11.5 12 13 14 15\nN 0 0 0.55 0\nN 0 0 -0.55 0\n1000\nN#N\tN#N\ni\ti\n"
        ini, coupling = "[soap]\nn-max = 3\n", "N\n1\n"
        plain = self.write("a.xyz", text)
        cases = ((text, DATA_ERROR, lambda path: {"data.structures": path}),
                 (qm9, DATA_ERROR, lambda path: {"data.structures": path, "data.target": "U0"}),
                 (ini, USAGE, lambda path: {"data.structures": plain, "config": path, "soap.n-max": None}),
                 (coupling, DATA_ERROR, lambda path: {"data.structures": plain, "species.coupling": path}))
        for content, code, keys in cases:
            self.run_program("train", {**keys(self.write("marked", mark + content)), "output": self.path("m.h5")})
            for encoding in ("utf-16", "utf-16-le", "utf-16-be"):
                self.path("wide").write_bytes(content.encode(encoding))
                run = self.run_program("train", {**keys(self.path("wide")), "output": self.path("m.h5")}, code=code)
                self.assertIn("wide: is UTF-16 text: save it as UTF-8", run.errors()[0])

    def test_nothing_that_a_terminal_would_obey(self):
        self.path("b\x1b[31m.xyz").write_bytes(b"\xff\x1b[2J\xc2\x9b1m\n")
        run = self.train(self.path("b\x1b[31m.xyz"), code=DATA_ERROR)
        self.assertIn(r"b\x1b[31m.xyz, frame 0, line 1", run.err)
        self.assertIn(r"'\xff\x1b[2J\xc2\x9b1m'", run.err)
        self.assertFalse(re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f]", run.err), repr(run.err))
        self.expect_error(frame("").replace("0.55", "1e300"), "is 1e+300 \u00c5", name="far.xyz")

    def test_folders(self):
        folder = self.path("data")
        (folder / "sub").mkdir(parents=True)
        for number, name in enumerate(("a.xyz", "B.XYZ", "sub/c.xyz")):
            (folder / name).write_text(frame("", number), encoding="utf-8")
        run = self.train(folder)
        self.assertIn("training on 2 structures", run.err)
        self.expect_warning(run, "data: left out 1 sub-folder (sub)")
        (folder / "B.XYZ").unlink()
        (folder / "a.xyz").unlink()
        self.assertIn("left out 1 sub-folder (sub)", self.train(folder, code=DATA_ERROR).errors()[0])

    def test_a_model_that_is_open_elsewhere(self):
        path = self.write("a.xyz", text_of(["", ""]))
        self.train(path)
        with h5py.File(self.path("m.h5"), "r+"):
            run = self.run_program("predict", {"model": self.path("m.h5"), "data.structures": path, "output": self.path("p.csv")},
                                   code=INPUT_OUTPUT)
        self.assertIn("m.h5: is in use: another program", run.errors()[0])
        self.assertNotIn("damaged", run.errors()[0])

    def test_copies(self):
        text = text_of([""] * 6)
        run = self.train(self.write("a.xyz", text + text), **{"data.train": 8, "data.test": 4})
        told = [re.search(r"(\d) of 4 test structures are also in the training set", line) for line in warned(run)]
        self.assertTrue(any(told), str(run))
        self.expect_silence(self.train(self.write("b.xyz", text), **{"data.train": 4, "data.test": 2}), "also in the training set")
        run = self.run_program("evaluate", {"data.structures": self.path("a.xyz"), "validation.folds": 3, "soap.n-max": 3, "soap.l-max": 2})
        self.expect_warning(run, "6 of 12 structures have the same positions as another one")


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    main()
