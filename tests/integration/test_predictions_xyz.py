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

    def test_their_unit_and_scope_are_told(self):
        """A model of kJ/mol per atom writes eV per structure, and says so: read again in its own unit there is a warning."""
        frames = [frame.with_key("e", repr(frame.energy / data.sizes([frame])[0] * 96.48533212331002)).without_key("energy")
                  for frame in data.organics(12)]
        source, output = self.write("in.xyz", data.text_of(frames)), self.path("out.xyz")
        self.run_program("train", {"data.structures": source, "output": self.path("m.h5"), "data.target": "e", "data.target-unit": "kJ/mol",
                                   "data.target-scope": "per-atom"})
        keys = {"model": self.path("m.h5"), "data.structures": source}
        expected = self.reported("predict", {**keys, "output": output})["test"]
        self.assertLess(expected["mae"], 1)
        found = ase_io.read(output, "0", format="extxyz").info
        self.assertEqual((found["e_unit"], found["e_scope"]), ("eV", "total"))
        self.assertLess(abs(found["e"] - data.organics(1)[0].energy), 1e-6)
        keys = {"model": self.path("m.h5"), "data.structures": output, "output": self.path("p.csv")}
        for ranks in (1, 3):
            warnings = [text for text in self.reported("predict", keys, ranks)["warnings"] if "the file states" in text]
            for part in (output, "frame 0", "line 1", "e_unit=eV", "--data.target-unit eV --data.target-scope total"):
                self.assertIn(str(part), warnings[0])
        right = {"data.target-unit": "eV", "data.target-scope": "total"}
        again = self.reported("predict", {**keys, **right})["test"]
        for key in ("mae", "rmse", "mae_per_structure"):
            self.assertAlmostEqual(again[key], expected[key], delta=1e-12)
        self.assertLess(self.reported("predict", {**keys, **right, "data.target": "predicted_e"})["test"]["max_error"], 1e-10)

    def test_targets_whose_keys_would_meet_are_refused_before_any_work(self):
        frames = [frame.with_key("predicted_energy", repr(2 * frame.energy)).with_key("a:b", 1) for frame in data.organics(12)]
        source = self.write("in.xyz", data.text_of(frames))
        keys = {"model": self.path("m.h5"), "data.structures": source, "output": self.path("out.xyz")}
        for targets, more, named in ((["energy", "predicted_energy"], {}, "'predicted_energy'"), ("a:b", {"predict.per-atom": True}, "atomic_a:b")):
            self.run_program("train", {"data.structures": source, "data.target": targets, "output": self.path("m.h5")})
            for ranks in (1, 2):
                error, = self.run_program("predict", {**keys, **more, "data.structures": self.path("none.xyz")}, ranks, code=2).errors()
                self.assertIn(named, error)
            self.run_program("predict", {**keys, "output": self.path("p.csv")})
        self.run_program("predict", keys)  # without contributions of atoms
        self.assertIn("predicted_a:b", ase_io.read(self.path("out.xyz"), "0", format="extxyz").info)


if __name__ == "__main__":
    main()
