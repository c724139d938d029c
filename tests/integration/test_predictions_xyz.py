# SPDX-License-Identifier: BSD-3-Clause
"""Predictions as extended XYZ, read by ASE."""
from program import ProgramTest, main, need

np, ase_io = need("numpy", "ase.io")
import data  # noqa: E402


class PredictionsXyz(ProgramTest):
    def check(self, frames, ranks):
        source, output = self.write("in.xyz", data.text_of(frames)), self.path("out.xyz")
        keys = {"model": self.path("m.h5"), "data.structures": source}
        self.run_program("train", {"data.structures": source, "output": self.path("m.h5"), "regression.regularization": 1e-4})
        table = data.Table(self.run_program("predict", keys).out)
        self.run_program("predict", {**keys, "output": output}, ranks)
        found, given = ase_io.read(output, ":", format="extxyz"), ase_io.read(source, ":", format="extxyz")
        self.assertEqual(len(found), len(frames))
        for a, b, predicted, reference in zip(found, given, table["predicted"], table["reference"]):
            self.assertLess(abs(a.info["predicted_energy"] - predicted), 1e-9)
            self.assertEqual(a.get_potential_energy(), reference)
            self.assertEqual(a.get_chemical_symbols(), b.get_chemical_symbols())
            self.assertEqual(a.positions.tobytes(), b.positions.tobytes())
            self.assertEqual(a.cell.array.tobytes(), b.cell.array.tobytes())
            self.assertEqual(a.pbc.tolist(), b.pbc.tolist())
        return found

    def test_molecules(self):
        self.assertFalse(self.check(data.organics(12), 1)[0].pbc.any())

    def test_crystals(self):
        self.assertTrue(self.check(data.crystals(12), 3)[0].pbc.all())

    def test_they_can_be_read_again(self):
        self.check(data.organics(12), 2)
        keys = {"model": self.path("m.h5"), "data.structures": self.path("out.xyz")}
        again = self.reported("predict", {**keys, "data.target": "predicted_energy", "output": self.path("p.csv")})
        self.assertLess(again["test"]["max_error"], 1e-10)


if __name__ == "__main__":
    main()
