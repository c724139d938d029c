# SPDX-License-Identifier: BSD-3-Clause
"""Coefficients, baselines and predictions against scikit-learn's kernel ridge regression on numpy's kernel."""
import json

from program import TINY, ProgramTest, main, need

np, h5py, sklearn = need("numpy", "h5py", "sklearn")
import data  # noqa: E402
import oracle  # noqa: E402

REGULARIZATION = 1e-5
ATOMS = {"H": -13.5, "C": -150.0, "N": -210.0, "O": -310.0, "F": -420.0}


class Regression(ProgramTest):
    @classmethod
    def setUpClass(cls):
        # Fluorine in every tenth molecule, so that every split has some.
        fluorine = [frame for frame in data.organics(400, first=100) if "F" in frame.species][:6]
        cls.frames = data.organics(54) + fluorine
        case = ProgramTest()
        case.setUp()
        keys = {"data.structures": case.write("in.xyz", data.text_of(cls.frames)), "output": case.path("f.h5")}
        case.run_program("features", keys)
        vectors = oracle.read_features(case.path("f.h5"))
        cls.kernel = oracle.kernel(vectors, vectors, 2)
        case.doCleanups()

    def fit(self, frames=None, ranks=1, **keys):
        """Trains on the frames; the model, and predicted and reference energies of all of them."""
        source = self.write("in.xyz", data.text_of(frames or self.frames))
        target = {key: value for key, value in keys.items() if key.startswith("data.target")}
        self.run_program("train", {"data.structures": source, "data.train": 45, "data.test": 15, "output": self.path("m.h5"),
                                   "regression.regularization": REGULARIZATION, **keys}, ranks)
        self.run_program("predict", {"model": self.path("m.h5"), "data.structures": source, "output": self.path("p.csv"),
                                     **target}, ranks)
        return data.ModelFile(self.path("m.h5")), data.Table(self.path("p.csv").read_text(encoding="utf-8"))

    def expected(self, drawn, baseline):
        """Coefficients and predicted energies of all frames; `baseline`: energy of each frame."""
        sizes = data.sizes(self.frames)
        per_atom = (data.energies(self.frames) - baseline) / sizes
        coefficients = oracle.ridge(self.kernel[np.ix_(drawn, drawn)], per_atom[drawn], REGULARIZATION)
        return coefficients, baseline + sizes * (self.kernel[:, drawn] @ coefficients)

    def check(self, model, table, baseline, tolerance=1e-7):
        coefficients, predicted = self.expected(model.drawn_from(self.frames), baseline)
        found = model.coefficients[0]
        self.assertLess(np.abs(found - coefficients).max(), 1e-8 * np.abs(coefficients).max())
        self.assertLess(np.abs(table["predicted"] - predicted).max(), tolerance)
        self.assertLess(np.abs(table["reference"] - data.energies(self.frames)).max(), 1e-9)
        mean_diagonal = np.diag(self.kernel)[model.drawn_from(self.frames)].mean()
        self.assertAlmostEqual(model.lambda_ / (REGULARIZATION * mean_diagonal), 1, delta=1e-12)

    def composition(self, model, per_atom=None):
        drawn = model.drawn_from(self.frames)
        elements = sorted(ATOMS)
        per_atom = data.energies(self.frames) / data.sizes(self.frames) if per_atom is None else per_atom
        energies = oracle.composition([self.frames[i] for i in drawn], per_atom[drawn], elements)
        return oracle.fractions(self.frames, elements) @ energies * data.sizes(self.frames)

    def test_composition_baseline(self):
        for ranks in (1, 4):
            model, table = self.fit(ranks=ranks)
            self.check(model, table, self.composition(model))

    def test_mean_baseline(self):
        model, table = self.fit(ranks=3, **{"data.baseline": "mean"})
        drawn = model.drawn_from(self.frames)
        mean = (data.energies(self.frames) / data.sizes(self.frames))[drawn].mean()
        self.check(model, table, mean * data.sizes(self.frames))

    def test_no_baseline(self):
        model, table = self.fit(**{"data.baseline": "none"})
        self.check(model, table, np.zeros(len(self.frames)))

    def test_atoms_as_baseline(self):
        energies = ",".join(f"{element}:{energy}" for element, energy in ATOMS.items())
        model, table = self.fit(ranks=2, **{"data.baseline": "atoms", "data.atom-energy": energies})
        self.check(model, table, self.atoms(1.0))

    def atoms(self, unit):
        return np.array([sum(ATOMS[element] * unit for element in frame.species) for frame in self.frames])

    def test_atoms_are_in_the_unit_of_the_target(self):
        unit = oracle.UNITS["hartree"]
        energies = ",".join(f"{element}:{energy / unit!r}" for element, energy in ATOMS.items())
        model, table = self.fit(self.in_unit("hartree"), **{"data.target-unit": "hartree", "data.baseline": "atoms",
                                                       "data.atom-energy": energies})
        self.check(model, table, self.atoms(1.0))

    def in_unit(self, name):
        unit = oracle.UNITS[name]
        return [frame.with_key("energy", repr(frame.energy / unit)).with_key("energy_unit", name) for frame in self.frames]

    def test_units(self):
        for name in oracle.UNITS:
            with self.subTest(unit=name):
                model, table = self.fit(self.in_unit(name), **{"data.target-unit": name})
                self.check(model, table, self.composition(model))

    def test_energies_per_atom(self):
        frames = [frame.with_key("e", repr(frame.energy / len(frame.species) * 1e3)) for frame in self.frames]
        model, table = self.fit(frames, **{"data.target": "e", "data.target-unit": "meV", "data.target-scope": "per-atom"})
        self.check(model, table, self.composition(model))

    def test_an_element_without_equations_of_its_own(self):
        """N and O always together, one to one: only their sum is determined, and predictions must not depend on the rest."""
        kept = [index for index, frame in enumerate(self.frames) if frame.species.count("N") == frame.species.count("O")]
        self.assertGreater(len(kept), 8)
        self.frames, self.kernel = [self.frames[i] for i in kept], self.kernel[np.ix_(kept, kept)]
        model, table = self.fit(**{"data.train": None, "data.test": None})
        self.check(model, table, self.composition(model))

    def test_solvers_agree_where_rounding_takes_the_primal_coefficients(self):
        """With a small regularization (y - f) / lambda is a difference of numbers that agree: refined, it is the dense solution."""
        frames = data.organics(160)
        for zeta, regularization in ((1, 1e-9), (2, 1e-9)):
            keys = {**TINY, "kernel.zeta": zeta, "soap.contraction": 12, "regression.regularization": regularization,
                    "data.train": 120, "data.test": 40}
            _, dense = self.fit(frames, **{**keys, "regression.solver": "cholesky"})
            with self.subTest(zeta=zeta):
                model, table = self.fit(frames, ranks=zeta, **{**keys, "regression.solver": "primal", "report": self.path("r.json")})
                solver = json.loads(self.path("r.json").read_text(encoding="utf-8"))["solver"]
                self.assertGreater(solver["residual_before_refinement"], 1e-5)
                self.assertLess(solver["residual"], 0.1 * solver["residual_before_refinement"])
                self.assertLess(np.abs(table["predicted"] - dense["predicted"]).max(), 1e-4)

    def test_every_solver_takes_sums_of_kernels(self):
        """Kernels of other widths and exponents: with and without a kernel matrix, on several ranks, and from the model's forms alone."""
        frames = data.organics(160)
        keys = {**TINY, "kernel.1.soap.contraction": 12, "kernel.1.weight": 0.5, "kernel.2.zeta": 1, "kernel.2.weight": 0.3,
                "kernel.3.soap.contraction": 9, "kernel.3.soap.cutoff": 4, "kernel.3.weight": 0.2, "soap.contraction-method": "pca",
                "regression.regularization": 1e-6, "data.train": 120, "data.test": 40}
        _, dense = self.fit(frames, **{**keys, "regression.solver": "cholesky"})
        for solver, ranks in (("cg", 1), ("cg", 3), ("primal", 2)):
            with self.subTest(solver=solver, ranks=ranks):
                _, table = self.fit(frames, ranks=ranks, **{**keys, "regression.solver": solver})
                self.assertLess(np.abs(table["predicted"] - dense["predicted"]).max(), 1e-7)


if __name__ == "__main__":
    main()
