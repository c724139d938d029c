# SPDX-License-Identifier: BSD-3-Clause
"""Files for the chemiscope viewer: what its input format demands, and that the numbers are those predicted."""
import gzip
import json
import subprocess
import sys
from pathlib import Path

from program import TINY, ProgramTest, main, need

np, h5py, ase_io = need("numpy", "h5py", "ase.io")
import data  # noqa: E402

SCRIPT = Path(__file__).resolve().parents[2] / "scripts/plotting/chemiscope.py"
GUIDE = Path(__file__).resolve().parents[2] / "inputs/GUIDE.md"


class Chemiscope(ProgramTest):
    def convert(self, *words, code=0):
        run = subprocess.run([sys.executable, "-B", SCRIPT, *map(str, words)], cwd=self.folder, capture_output=True, text=True, check=False)
        self.assertEqual(run.returncode, code, run.stdout + run.stderr)
        self.assertNotIn("Traceback", run.stderr)
        return run

    def predicted(self, frames, new, *, name="predictions.xyz", **keys):
        self.run_program("train", {"data.structures": self.write("train.xyz", data.text_of(frames)), "output": self.path("model.h5"), **keys})
        self.run_program("predict", {"model": self.path("model.h5"), "data.structures": self.write("new.xyz", data.text_of(new)),
                                     "predict.per-atom": True, "output": self.path(name)})
        return self.path(name)

    def check_format(self, content, frames):
        """https://chemiscope.org/docs/manual/input-reference.html: sizes, types, no numbers that JSON does not know."""
        self.assertEqual(len(content["structures"]), len(frames))
        atoms = sum(len(frame.species) for frame in frames)
        for structure, frame in zip(content["structures"], frames):
            self.assertEqual(structure["size"], len(frame.species))
            self.assertEqual(structure["names"], frame.species)
            for i, axis in enumerate("xyz"):
                self.assertEqual(structure[axis], frame.positions[:, i].tolist())
        self.assertEqual([(e["structure"], e["center"]) for e in content["environments"]],
                         [(s, c) for s, frame in enumerate(frames) for c in range(len(frame.species))])
        self.assertTrue(all(e["cutoff"] > 0 for e in content["environments"]))
        for name, found in content["properties"].items():
            self.assertEqual(len(found["values"]), {"structure": len(frames), "atom": atoms}[found["target"]], name)
            self.assertTrue(all(isinstance(value, (int, float)) and np.isfinite(value) for value in found["values"]), name)
        self.assertTrue(content["meta"]["name"])
        for axis in ("x", "y"):
            self.assertIn(content["settings"]["map"][axis]["property"], content["properties"])

    def test_everything_that_was_predicted(self):
        new = data.organics(15, first=100)
        source = self.predicted(data.organics(90), new, **{"regression.uncertainty": "committee"})
        self.convert(source, "--name", "molecules")
        content = json.loads(gzip.decompress(self.path("predictions.json.gz").read_bytes()))
        self.check_format(content, new)
        properties = content["properties"]
        frames = ase_io.read(source, ":", format="extxyz")
        predicted = np.array([frame.info["predicted_energy"] for frame in frames])
        self.assertEqual(properties["predicted energy"]["values"], predicted.tolist())
        self.assertLess(np.abs(np.array(properties["error of energy"]["values"]) - (predicted - data.energies(new))).max(), 1e-9)
        self.assertEqual(properties["uncertainty of energy"]["values"], [frame.info["uncertainty_energy"] for frame in frames])
        self.assertEqual(properties["novelty"]["values"], [frame.info["novelty"] for frame in frames])
        contributions = np.array(properties["contribution to energy"]["values"])
        self.assertEqual(contributions.tolist(), np.concatenate([frame.arrays["atomic_energy"] for frame in frames]).tolist())
        elements = np.concatenate([frame.get_chemical_symbols() for frame in frames])
        beyond = np.array(properties["contribution to energy beyond element"]["values"])
        self.assertLess(max(abs(beyond[elements == element].mean()) for element in set(elements)), 1e-9)
        self.convert(source, "--output", self.path("plain.json"))
        self.assertEqual(json.loads(self.path("plain.json").read_text(encoding="utf-8"))["properties"], properties)

    def test_crystals_without_references(self):
        frames = data.crystals(20)
        new = [frame.without_key("energy") for frame in frames[:5]]
        source = self.predicted(frames, new, **{"regression.regularization": 1e-4})
        self.convert(source, "--output", self.path("c.json"))
        content = json.loads(self.path("c.json").read_text(encoding="utf-8"))
        self.check_format(content, new)
        self.assertEqual(len(content["structures"][0]["cell"]), 9)
        self.assertIn("predicted energy", content["properties"])
        self.assertNotIn("reference energy", content["properties"])
        self.assertNotIn("uncertainty of energy", content["properties"])

    def test_other_files_are_refused(self):
        run = self.convert(self.write("in.xyz", data.text_of(data.organics(2))), code=3)
        self.assertIn("predicted_NAME", run.stderr)
        self.assertEqual(len(run.stderr.splitlines()), 1)
        self.convert(self.path("absent.xyz"), code=3)

    def test_the_lines_of_the_guide(self):
        """The guide's ten lines of Python run as they stand there."""
        self.predicted(data.organics(90), data.organics(15, first=100), **{"regression.uncertainty": "committee"})
        self.run_program("features", {"data.structures": self.path("new.xyz"), "output": self.path("features.h5"), **TINY})
        text = GUIDE.read_text(encoding="utf-8")
        code = text.split("```python\n")[1].split("```")[0]
        self.assertLessEqual(len(code.splitlines()), 12)
        run = subprocess.run([sys.executable, "-c", code], cwd=self.folder, capture_output=True, text=True, check=False)
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertEqual(len(run.stdout.splitlines()), 17, run.stdout)  # a line per structure, and two of shapes


if __name__ == "__main__":
    main()
