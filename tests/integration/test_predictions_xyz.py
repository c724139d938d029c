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
        frames = data.organics(12)
        found = self.check(frames, 1)
        self.assertFalse(found[0].pbc.any())
        for index, (a, frame) in enumerate(zip(found, frames)):
            self.assertEqual(a.info["index"], index)
            for key in ("smiles", "method"):
                self.assertEqual(a.info[key], frame.keys[key])

    def test_crystals(self):
        self.assertTrue(self.check(data.crystals(12), 3)[0].pbc.all())

    def test_keys_of_the_user_stay_and_those_of_the_model_win(self):
        frames = data.organics(14)
        self.run_program("train", {"data.structures": self.write("in.xyz", data.text_of(frames[:12])), "output": self.path("m.h5")})
        given = [frame.with_key("name", f'"molecule {i} of \\"many\\""').with_key("index", 70 + i).with_key("novelty", -5)
                 .with_key("interval_95_energy", -5).with_key("predicted_energy", -5).with_key("predicted_gap", 2.5).with_key("flag", "T")
                 .with_key("dipole", '"1 2 3.5"') for i, frame in enumerate(frames)]
        given[3] = data.Frame([given[3].lines[0], given[3].lines[1], "He" + given[3].lines[2][1:], *given[3].lines[3:]])  # left out
        self.run_program("predict", {"model": self.path("m.h5"), "data.structures": self.write("new.xyz", data.text_of(given)),
                                     "skip-unknown": True, "output": self.path("out.xyz")}, 2)
        found = ase_io.read(self.path("out.xyz"), ":", format="extxyz")
        self.assertEqual([a.info["index"] for a in found], [i for i in range(14) if i != 3])
        for a in found:
            self.assertEqual(a.info["name"], f'molecule {a.info["index"]} of "many"')
            self.assertEqual((a.info["predicted_gap"], bool(a.info["flag"])), (2.5, True))
            self.assertEqual(np.asarray(a.info["dipole"] if "dipole" in a.info else a.get_dipole_moment()).tolist(), [1, 2, 3.5])
            self.assertLess(abs(a.info["predicted_energy"] - a.get_potential_energy()), 50)  # not what the input said
            self.assertGreaterEqual(a.info["novelty"], 0)
            self.assertNotIn("interval_95_energy", a.info)

    def test_they_can_be_read_again(self):
        self.check(data.organics(12), 2)
        keys = {"model": self.path("m.h5"), "data.structures": self.path("out.xyz")}
        again = self.reported("predict", {**keys, "data.target": "predicted_energy", "output": self.path("p.csv")})
        self.assertLess(again["test"]["max_error"], 1e-10)


if __name__ == "__main__":
    main()
