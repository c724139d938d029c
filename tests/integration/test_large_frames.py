# SPDX-License-Identifier: BSD-3-Clause
"""A frame with many atoms among small ones has the same numbers on any number of ranks, which share its work. The memory grows with its
atoms and not with their pairs, as the plan says."""
import csv
import glob
import os
import random
import unittest

from program import ProgramTest, figure, main, need

np = need("numpy")
from peaks import MIB, Peaks  # noqa: E402

TOLERANCE = 1e-9  # eV per atom, as errors are told


def crystal(edge, energy, shift):
    """Returns a cubic crystal of edge^3 atoms of copper with random displacements."""
    a = 3.0
    length = edge * a
    lines = [f"{edge ** 3}", f'Lattice="{length} 0 0 0 {length} 0 0 0 {length}" Properties=species:S:1:pos:R:3 energy={energy!r} pbc="T T T"']
    for i in range(edge ** 3):
        place = (i // edge ** 2, i // edge % edge, i % edge)
        lines.append("Cu " + " ".join(f"{a * x + shift.gauss(0, 0.1):.6f}" for x in place))
    return "\n".join(lines) + "\n"


def frames(edge):
    """Returns a large frame, which is cut into parts from 9^3 atoms on, with small ones on both sides."""
    shift = random.Random(1)
    small = [crystal(2, -28 + 0.1 * k, shift) for k in range(12)]
    return "".join(small[:3]) + crystal(edge, -3.5 * edge ** 3, shift) + "".join(small[3:])


class Ranks(ProgramTest):
    def predictions(self, model, ranks, **keys):
        """Returns the energies per atom."""
        output = self.path("out.csv")
        self.run_program("predict", {"model": model, "data.structures": self.input, "output": output, **keys}, ranks)
        with open(output, encoding="utf-8", newline="") as file:
            return np.array([float(row["predicted"]) / int(row["n_atoms"]) for row in csv.DictReader(file)])

    def test_numbers_do_not_depend_on_ranks(self):
        self.input = self.write("in.xyz", frames(10))
        cases = {"dense": {"regression.solver": "cholesky"}, "primal": {"regression.solver": "primal"},
                 "cg": {"regression.solver": "cg", "regression.tolerance": 1e-12},
                 "zeta 1": {"kernel.zeta": 1, "regression.solver": "cholesky"},
                 "zeta 3": {"kernel.zeta": 3}}
        found, worst = {}, 0.0
        for name, keys in cases.items():
            for ranks in (1, 2, 3):
                model = self.path(f"{ranks}.h5")
                self.run_program("train", {"data.structures": self.input, "output": model, "regression.regularization": 1e-5,
                                           **keys}, ranks)
                found[name, ranks] = self.predictions(model, 4 - ranks)
            for ranks in (2, 3):
                difference = np.max(np.abs(found[name, ranks] - found[name, 1]))
                print(f"{name}: 1 and {ranks} ranks differ by {difference:.1e} eV per atom")
                self.assertLess(difference, TOLERANCE, name)
                worst = max(worst, difference)
        figure("large_frame_runs", len(found))
        figure("large_frame_difference", worst)
        for name in ("primal", "cg"):  # the same problem
            self.assertLess(np.max(np.abs(found[name, 1] - found["dense", 1])), 1e-5, name)

    def test_rows_of_the_features_command(self):
        self.input = self.write("in.xyz", frames(10))
        h5py = need("h5py")
        rows = []
        for ranks in (1, 3):
            output = self.path(f"{ranks}.h5")
            self.run_program("features", {"data.structures": self.input, "output": output}, ranks)
            with h5py.File(output) as file:
                rows.append((file["features"][:], file["environment_structure"][:], file["environment_atom"][:]))
        for one, three in zip(*rows):
            np.testing.assert_array_equal(one, three)
        self.assertEqual(rows[0][0].shape[0], 1000 + 12 * 8)
        self.assertEqual(rows[0][2][24:1024].tolist(), list(range(1000)))


class Memory(Peaks):
    least = 32 * MIB

    @classmethod
    def setUpClass(cls):
        pass

    def test_plans_are_kept(self):
        source = {"data.structures": self.write("in.xyz", frames(18)), "soap.n-max": 3, "soap.l-max": 2, "soap.cutoff": 4.0}
        self.check_peak(1, 20, "train", **source, **{"kernel.zeta": 3})  # pairs of atoms: 260 MiB
        self.check_peak(1, 20, "kernel", **source)
        self.check_peak(2, 20, "train", **source, **{"regression.solver": "cg"})

    @unittest.skipUnless("SOAPSTONE_LONG" in os.environ, "long")
    def test_plans_of_all_commands(self):
        """One frame of 10 648 or 27 000 atoms among twelve of 8."""
        soap = {"soap.n-max": 3, "soap.l-max": 2}
        trained = {**soap, "soap.cutoff": 4.0, "regression.regularization": 1e-6}
        folds = {"validation.folds": 3}
        gradients = {"optimize.parameters": "scale,sigma", "optimize.iterations": 1}
        worst, count = 0.0, 0
        for edge in (22, 30):
            source = {"data.structures": self.write("in.xyz", frames(edge))}
            models = {zeta: self.path(f"{zeta}.h5") for zeta in (2, 3)}
            for zeta, model in models.items():
                self.run_program("train", {**source, **trained, "kernel.zeta": zeta, "output": model}, 1)
            cases = [("train", {**trained, "kernel.zeta": 3}), ("train", {**trained, "regression.solver": "primal"}),
                     ("train", {**trained, "regression.solver": "cg"}), ("evaluate", {**trained, **folds}), ("kernel", {**soap, "soap.cutoff": 4.0}),
                     ("features", {**soap, "soap.cutoff": 4.0}), ("predict", {"model": models[2]}), ("predict", {"model": models[3]}),
                     ("learning-curve", {**trained, "data.train": 10, "data.test": 3, "learning-curve.sizes": "5,10"}),
                     ("search", {**trained, **folds, "soap.cutoff": "3.5,4"}), ("optimize", {**trained, **folds, **gradients}),
                     ("optimize", {**trained, **folds, **gradients, "optimize.parameters": "scale", "kernel.zeta": 3})]
            for command, keys in cases:
                for ranks in (1, 2):
                    with self.subTest(command=command, edge=edge, ranks=ranks):
                        print(f"{edge ** 3} atoms, " + " ".join(f"{k}={v}" for k, v in keys.items() if k not in trained or k == "kernel.zeta"))
                        for left in glob.glob(str(self.path("out.*"))):  # checkpoints of others
                            os.remove(left)
                        _, planned, measured = self.peaks(ranks, 20, command, **source, **keys)
                        worst = max(worst, abs(planned - measured) / max(0.15 * measured, self.least))
                        count += 1
        figure("large_frame_plans", count)
        figure("large_frame_worst_share_of_the_limit", worst)


if __name__ == "__main__":
    main()
