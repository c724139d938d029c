# SPDX-License-Identifier: BSD-3-Clause
"""What is wrong with a structure is told with its file, and its frame and line there: by every command, on any number of ranks, whatever
part of the data the structure was drawn into and however late it is found."""
import io
import random
import tarfile

from program import ProgramTest, arguments, figure, main

DATA = 3
CLOSE = {"radial-scaling.rate": 0, "radial-scaling.exponent": 20}  # diverges below 2 thousandths of an Ångström
EVERY = {"train": {"data.train": 18, "data.test": 4}, "evaluate": {"validation.folds": 2}, "kernel": {}, "features": {},
         "learning-curve": {"learning-curve.sizes": "4,8", "learning-curve.repeats": 2, "data.test": 8},
         "search": {"soap.cutoff": "3,4", "validation.folds": 2}, "optimize": {"optimize.parameters": "scale"}}


def crystal(edge, energy=-3.0):
    """Two atoms in a cube, four lines."""
    return (f'2\nLattice="{edge} 0 0 0 {edge} 0 0 0 {edge}" Properties=species:S:1:pos:R:3 energy={energy}\n'
            f"Na 0 0 0\nF {edge / 2} {edge / 2} {edge / 2}\n")


def crystals(count, seed):
    draw = random.Random(seed)
    return [crystal(round(draw.uniform(3, 4), 3), round(draw.uniform(-4, -3), 3)) for _ in range(count)]


def pair(distance):
    return f"2\nProperties=species:S:1:pos:R:3 energy=-1.5\nNa 0 0 0\nF 0 0 {distance}\n"


class Places(ProgramTest):
    def files(self, bad, frame=7):
        """Twelve sound structures, and twelve of which one is bad."""
        second = crystals(12, 2)
        second[frame] = bad
        return [self.write("first.xyz", "".join(crystals(12, 1))), self.write("second.xyz", "".join(second))]

    def error_of(self, command, keys, ranks):
        output = self.path(f"{command}-{ranks}.csv")  # no checkpoint of another run
        run = self.execute(arguments(command, {"soap.n-max": 3, "soap.l-max": 2, "output": output, **keys}), ranks)
        self.assertEqual(run.code, DATA, str(run))
        self.assertEqual(len(run.errors()), 1, str(run))
        return run.errors()[0]

    def expect_place(self, command, keys, place, ranks=(1, 3)):
        for count in ranks:
            with self.subTest(command=command, ranks=count):
                error = self.error_of(command, keys, count)
                self.assertEqual(error.count(f"{place}: "), 1, error)
                self.assertEqual(error.count("frame "), 1, error)
                figure("places_named", 1)

    def test_cells_too_small_for_the_cutoff(self):
        files = self.files(crystal(0.04))
        for command, more in EVERY.items():
            self.expect_place(command, {"data.structures": files, **more}, f"{files[1]}, frame 7, line 29")

    def test_atoms_too_close_for_the_radial_scaling(self):
        files = self.files(pair(1e-3), 9)
        for command, more in EVERY.items():
            self.expect_place(command, {"data.structures": files, **CLOSE, **more}, f"{files[1]}, frame 9, line 37",
                              ranks=(1, 3) if command in ("train", "search") else (1,))
        self.expect_place("train", {"data.structures": files, **CLOSE, "species.coupling": "gaussian", "species.form": "sparse"},
                          f"{files[1]}, frame 9, line 37", ranks=(1,))

    def test_predictions(self):
        files = self.files(crystal(0.04))
        self.run_program("train", {"data.structures": files[0], "output": self.path("m.h5"), "regression.regularization": 1e-4})
        for more in ({}, {"predict.extrapolation": "column"}):
            keys = {"model": self.path("m.h5"), "data.structures": files, "soap.n-max": None, "soap.l-max": None, **more}
            self.expect_place("predict", keys, f"{files[1]}, frame 7, line 29")

    def test_the_columns_of_a_kernel(self):
        files = self.files(crystal(0.04))
        self.expect_place("kernel", {"data.structures": files[0], "against": files[1]}, f"{files[1]}, frame 7, line 29")

    def test_files_of_folders_and_archives(self):
        self.path("folder").mkdir()
        texts = crystals(4, 3) + [pair(0)]
        with tarfile.open(self.path("a.tar"), "w") as archive:
            for number, text in enumerate(texts):
                self.write(f"folder/m{number}.xyz", text)
                entry = tarfile.TarInfo(f"m{number}.xyz")
                entry.size = len(text)
                archive.addfile(entry, io.BytesIO(text.encode()))
        for source, name in ((self.path("folder"), f"{self.path('folder')}/m4.xyz"), (self.path("a.tar"), f"{self.path('a.tar')}:m4.xyz")):
            self.expect_place("train", {"data.structures": source}, f"{name}, frame 0, line 1", ranks=(1, 2, 3))

    def test_the_first_of_several_is_named(self):
        frames = crystals(12, 4)
        frames[4:8] = [pair(0)] * 4
        path = self.write("bad.xyz", "".join(frames))
        self.expect_place("train", {"data.structures": path}, f"{path}, frame 4, line 17", ranks=(1, 2, 3))


class SameWords(ProgramTest):
    """What is wrong is told in the same words on one rank and on several."""

    def setUp(self):
        super().setUp()
        self.good = crystals(12, 5)
        self.input = self.write("in.xyz", "".join(self.good))

    def bad_inputs(self):
        """Name, text of the file, and keys."""
        last = self.good[-1]
        for name, text in (("count", last.replace("2\n", "two\n", 1)), ("short", "3" + last[1:]), ("element", last.replace("F ", "Xx ")),
                           ("column", last.replace("Na 0 0 0", "Na 0 0")), ("nan", last.replace("Na 0", "Na nan")),
                           ("lattice", last.replace('Lattice="', 'Lattice="1 ')), ("flat", crystal(0.0)),
                           ("target", last.replace("energy=", "enrgy=")), ("infinite", crystal(3, "inf")), ("far", pair(1e30)),
                           ("same place", pair(0)), ("negative", "-1\n\n"), ("binary", "\x00\x01\x02\n")):
            yield name, "".join(self.good[:-1]) + text, {}
        text = "".join(self.good)
        for key, value in (("species.elements", "Na"), ("data.atom-energy", "Na:1"), ("species.coupling", self.path("none.txt")),
                           ("data.train", 13), ("soap.cutoff-width", 9), ("data.format", "qm9")):
            yield f"{key} {value}", text, {key: value, "data.baseline": "atoms" if key == "data.atom-energy" else None}
        yield "no file", None, {}

    def test_on_one_rank_and_on_several(self):
        for name, text, keys in self.bad_inputs():
            path = self.path("none.xyz") if text is None else self.write("bad.xyz", text)
            line = arguments("train", {"data.structures": path, "output": self.path("m.h5"), "soap.n-max": 3, "soap.l-max": 2, **keys})
            one, three = self.execute(line), self.execute(line, 3)
            with self.subTest(name):
                self.assertNotIn(one.code, (0, 1), str(one))
                self.assertEqual(len(one.errors()), 1, str(one))
                self.assertEqual((three.code, three.errors()), (one.code, one.errors()), str(three))


if __name__ == "__main__":
    main()
