# SPDX-License-Identifier: BSD-3-Clause
"""Every configuration in inputs/ explains its keys and runs, on little data and few features, by the command that its first lines name."""
import lzma
import re
from pathlib import Path

from program import DATA, ProgramTest, main, need

need("numpy")
import data  # noqa: E402
import qm9  # noqa: E402

INPUTS = Path(DATA).parent
FILES = sorted(INPUTS.glob("*.ini"))
SMALL = {"data.train": 30, "data.test": 8, "soap.n-max": 2, "soap.l-max": 1}
# Of the keys above, those that a command does not take; and what else makes a file small.
OTHERS = {"qm9_100k.ini": {"soap.contraction": 12, "regression.preconditioner-columns": 20},
          "learning_curve.ini": {"soap.contraction": 12, "learning-curve.sizes": "15,30", "learning-curve.repeats": 2},
          "learning_curve_qm9.ini": {"soap.contraction": 12, "regression.preconditioner-columns": 20,
                                     "learning-curve.sizes": "15,30"},
          "search_radial.ini": {"validation.folds": 2, "soap.cutoff": 3, "radial-scaling.scale": "2,3",
                                "radial-scaling.exponent": "0,7"},
          "search_radial_qm9.ini": {"validation.folds": 2, "soap.contraction": 12, "radial-scaling.scale": "2,3",
                                    "radial-scaling.exponent": "5,7"},
          "search_kappa.ini": {"validation.folds": 2, "species.sigma-electronegativity": "0.5,1", "species.sigma-radius": 1},
          "weights.ini": {"validation.folds": 2},
          "weights_qm9.ini": {"validation.folds": 2, "soap.contraction": 12, "regression.regularization": 1e-6},
          "optimize.ini": {"optimize.iterations": 2}}


def command_of(path):
    named = re.search(r"^#.*soapstone ([a-z-]+) --config", path.read_text(encoding="utf-8"), re.MULTILINE)
    return named.group(1) if named else "train"  # by a job script


def keys_of(text):
    """Section, key and comment of every line with a key."""
    section = ""
    for line in text.splitlines():
        if found := re.fullmatch(r"\[(.+)\].*", line):
            section = found.group(1)
        elif found := re.fullmatch(r"([\w.-]+) *= *([^#]*?) *(#.*)?", line):
            yield f"{section}.{found.group(1)}".lstrip("."), found.group(3)


class Inputs(ProgramTest):
    def place_data(self):
        """Small files where the configurations look for data: as shipped, and as fetch_qm9.sh writes QM9."""
        for name, content in (("inputs/data/organics.xyz.xz", data.text_of(data.organics(60))),
                              ("inputs/data/crystals.xyz.xz", data.text_of(data.crystals(60))),
                              ("qm9/qm9.xyz.xz", qm9.file_of(data.organics(60)))):
            self.path(name).parent.mkdir(parents=True, exist_ok=True)
            self.path(name).write_bytes(lzma.compress(content.encode()))

    def test_each_runs(self):
        self.place_data()
        self.assertGreaterEqual(len(FILES), 13)
        for path in FILES:
            with self.subTest(path.name):
                command = command_of(path)
                output = self.path(path.stem + {"train": ".h5", "optimize": ".txt"}.get(command, ".csv"))
                report = self.reported(command, {"config": path, **SMALL, **OTHERS.get(path.name, {}), "output": output}, 2)
                self.assertTrue(output.exists())
                self.assertEqual(report["effective_configuration"]["soap.n-max"], 2)
                if "qm9" in path.name:
                    self.assertEqual(report["effective_configuration"]["data.target"], ["U0"])

    def test_every_key_has_a_comment(self):
        for path in FILES:
            text = path.read_text(encoding="utf-8")
            self.assertTrue(text.startswith("# "), path.name)
            found = dict(keys_of(text))
            self.assertGreaterEqual(len(found), 10, path.name)
            for key, comment in found.items():
                self.assertGreater(len((comment or "").strip("# ")), 0, f"{path.name}: {key} is not explained")

    def test_the_list_of_files_is_whole(self):
        listed = (INPUTS / "README.md").read_text(encoding="utf-8")
        for path in FILES:
            self.assertTrue(f"`{path.name}`" in listed, path.name)


if __name__ == "__main__":
    main()
