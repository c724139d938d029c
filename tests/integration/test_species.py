# SPDX-License-Identifier: BSD-3-Clause
"""Coupled species: kernels against numpy's sums over pairs of elements of uncoupled features, models, files with u, errors."""
import unittest

from program import TINY, ProgramTest, main, need

np, h5py = need("numpy", "h5py")
need("ase")
from ase.data import atomic_numbers  # noqa: E402
from ase.data.vdw_alvarez import vdw_radii  # noqa: E402

import data  # noqa: E402
import oracle  # noqa: E402

CONFIGURATION, DATA, FILES = 2, 3, 5
# Pauling's scale, as in Allred, J. Inorg. Nucl. Chem. 17, 215 (1961).
ELECTRONEGATIVITY = {"H": 2.20, "C": 2.55, "N": 3.04, "O": 3.44, "F": 3.98, "S": 2.58, "Cl": 3.16, "Na": 0.93, "Mg": 1.31, "K": 0.82,
                     "Li": 0.98, "Al": 1.61, "Ca": 1.00, "Br": 2.96}
N_TRAIN, N_TEST = 40, 10


def gaussian_kappa(elements, sigma_e, sigma_r):
    """Eq. 20 of Willatt, Musil, Ceriotti, Phys. Chem. Chem. Phys. 20, 29661 (2018)."""
    e = np.array([ELECTRONEGATIVITY[x] for x in elements])
    r = np.array([vdw_radii[atomic_numbers[x]] for x in elements])
    return np.exp(-(e[:, None] - e)**2 / 2 / sigma_e**2 - (r[:, None] - r)**2 / 2 / sigma_r**2)


def elements_of(frames):
    return sorted({x for frame in frames for x in frame.species}, key=lambda x: atomic_numbers[x])


def unpacked(rows, elements):
    """Rows of uncoupled features as matrices: environments x l x (element, n) x (element, n)."""
    n_max, l_max, count = TINY["soap.n-max"], TINY["soap.l-max"], len(elements)
    result = np.zeros((len(rows), l_max + 1, count, n_max, count, n_max))
    at = 0
    for a in range(count):
        for b in range(a, count):
            for l in range(l_max + 1):
                for n in range(n_max):
                    for m in range(n if a == b else 0, n_max):
                        value = rows[:, at] / (1 if (a, n) == (b, m) else np.sqrt(2))
                        result[:, l, a, n, b, m] = result[:, l, b, m, a, n] = value
                        at += 1
    assert at == rows.shape[1]
    return result


class Coupled:
    """Kernels of eq. 14 from uncoupled features that are not normalised."""

    def __init__(self, structures, elements, kappa, before):
        self.rows = [unpacked(rows, elements) for rows in structures]
        self.images = [np.einsum("ac,bd,elanbm->elcndm", kappa, kappa, rows, optimize=True) for rows in self.rows]
        self.norms = [np.sqrt(np.einsum("elanbm,elanbm->e", rows, rows if before else images))
                      for rows, images in zip(self.rows, self.images)]

    def kernel(self, zeta):
        flat = [rows.reshape(len(rows), -1) / norm[:, None] for rows, norm in zip(self.rows, self.norms)]
        images = [rows.reshape(len(rows), -1) / norm[:, None] for rows, norm in zip(self.images, self.norms)]
        return oracle.kernel(flat, images, zeta)


class Species(ProgramTest):
    def frames(self, kind, count):
        frames = data.organics(count) if kind == "organics" else data.crystals(count, ("Na", "Mg", "O", "Cl", "K", "F"))
        self.assertEqual(len(frames), count)
        self.write("all.xyz", data.text_of(frames))
        return frames

    def kernel(self, ranks=1, **keys):
        self.run_program("kernel", {"data.structures": self.path("all.xyz"), "output": self.path("k.h5"), **keys}, ranks)
        return oracle.read_kernel(self.path("k.h5"))

    def features(self, **keys):
        self.run_program("features", {"data.structures": self.path("all.xyz"), "output": self.path("f.h5"), **keys})
        return oracle.read_features(self.path("f.h5"))

    def train(self, model, ranks=1, **keys):
        return self.reported("train", {"data.structures": self.path("all.xyz"), "data.train": N_TRAIN, "data.test": N_TEST,
                                       "output": self.path(model), "parallel.block-size": 8, **keys}, ranks)

    def predict(self, model, ranks=1, **keys):
        self.run_program("predict", {"model": self.path(model), "data.structures": self.path("all.xyz"), "output": self.path("p.csv"),
                                     **keys}, ranks)
        return data.Table(self.path("p.csv").read_text(encoding="utf-8"))["predicted"]

    def novelty(self, model):
        self.predict(model, **{"predict.extrapolation": "column"})
        return data.Table(self.path("p.csv").read_text(encoding="utf-8"))["novelty"]

    def write_u(self, name, elements, u):
        lines = [" ".join(elements)] + [" ".join(repr(float(x)) for x in row) for row in u]
        return self.write(name, "\n".join(lines) + "\n")

    def test_kernels_are_sums_over_pairs_of_elements(self):
        for kind, count in (("organics", 8), ("crystals", 6)):
            frames = self.frames(kind, count)
            elements = elements_of(frames)
            rows = self.features(**{"soap.normalize": "false"})
            kappa = gaussian_kappa(elements, 0.7, 0.4)
            widths = {"species.coupling": "gaussian", "species.sigma-electronegativity": 0.7, "species.sigma-radius": 0.4}
            for when in ("after", "before"):
                expected = Coupled(rows, elements, kappa, when == "before")
                for zeta in (1, 2):
                    with self.subTest(kind=kind, when=when, zeta=zeta):
                        for ranks in (1, 3):
                            found = self.kernel(ranks, **widths, **{"species.normalize": when, "kernel.zeta": zeta})
                            wanted = expected.kernel(zeta)
                            self.assertLess(np.abs(found - wanted).max(), 1e-10 * np.abs(wanted).max())

    def test_a_file_of_low_rank(self):
        frames = self.frames("organics", 8)
        elements = elements_of(frames)
        u = np.random.default_rng(3).normal(size=(2, len(elements)))
        rows = self.features(**{"soap.normalize": "false"})
        expected = Coupled(rows, elements, u.T @ u, False).kernel(2)
        order = np.random.default_rng(4).permutation(len(elements))  # columns in any order
        path = self.write_u("u.txt", [elements[i] for i in order], u[:, order])
        self.assertLess(np.abs(self.kernel(**{"species.coupling": path}) - expected).max(), 1e-10)
        one = Coupled(rows, elements, u[:1].T @ u[:1], False).kernel(2)
        self.assertLess(np.abs(self.kernel(**{"species.coupling": path, "species.channels": 1}) - one).max(), 1e-10)

    def test_low_rank_keeps_the_leading_eigenvectors(self):
        frames = self.frames("crystals", 6)
        elements = elements_of(frames)
        values, vectors = np.linalg.eigh(gaussian_kappa(elements, 0.5, 0.5))
        kappa = (vectors[:, -2:] * values[-2:]) @ vectors[:, -2:].T
        expected = Coupled(self.features(**{"soap.normalize": "false"}), elements, kappa, False).kernel(2)
        found = self.kernel(**{"species.coupling": "gaussian", "species.channels": 2})
        self.assertLess(np.abs(found - expected).max(), 1e-10)

    def test_the_identity_is_no_coupling(self):
        elements = elements_of(self.frames("organics", 12))
        path = self.write_u("one.txt", elements, np.eye(len(elements)))
        self.assertLess(np.abs(self.kernel(**{"species.coupling": path}) - self.kernel()).max(), 1e-14)

    def check_model(self, keys, kernels):
        """Trained and predicted on 1 to 3 ranks; returns the report."""
        report = self.train("one.h5", **keys)
        expected = self.predict("one.h5")
        frames = data.parse(self.path("all.xyz").read_text(encoding="utf-8"))
        errors = np.abs(expected - data.energies(frames)) / data.sizes(frames)
        drawn = data.ModelFile(self.path("one.h5")).drawn_from(frames)
        tested = np.setdiff1d(np.arange(len(frames)), drawn)
        self.assertAlmostEqual(report["test"]["mae"], errors[tested].mean(), delta=1e-9)
        for ranks in (2, 3):
            self.train("many.h5", ranks, **keys)
            self.assertLess(np.abs(self.predict("many.h5", ranks) - expected).max(), 1e-6)
        self.train("dense.h5", 2, **keys, **{"regression.compact": "no"})
        self.assertLess(np.abs(self.predict("dense.h5", 3) - expected).max(), 1e-6)
        with h5py.File(self.path("one.h5"), "r") as file:
            self.assertEqual(file.attrs["schema_version"], 2)
            found = [f"kernels/{k}/species_coupling/u" in file for k in range(1, kernels + 1)]
        self.assertEqual(found, [coupling is not None for coupling in report["couplings"]])
        return report

    def test_models_of_molecules(self):
        self.frames("organics", N_TRAIN + N_TEST)
        for when in ("after", "before"):
            report = self.check_model({"species.coupling": "gaussian", "species.normalize": when,
                                       "regression.regularization": 1e-6}, 1)
            coupling, = report["couplings"]
            kappa = gaussian_kappa(coupling["elements"], 0.5, 0.5)
            u = np.array(coupling["u"])
            self.assertLess(np.abs(u.T @ u - kappa).max(), 1e-12)
            self.assertEqual(coupling["normalize"], when)
            with h5py.File(self.path("one.h5"), "r") as file:
                stored = file["kernels/1/species_coupling"]
                np.testing.assert_array_equal(stored["u"][:], u)
                self.assertEqual(stored.attrs["normalize"], when.encode() if isinstance(stored.attrs["normalize"], bytes) else when)
            self.assertIn(f"normalised {when}", self.execute(["inspect", self.path("one.h5")]).out)

    def test_models_of_crystals_with_few_channels(self):
        frames = data.crystals(N_TRAIN + N_TEST, ("Na", "Mg", "O", "Cl", "K", "F", "Ca", "Li", "Br", "Al"))
        self.write("all.xyz", data.text_of(frames))
        report = self.check_model({"species.coupling": "gaussian", "species.channels": 3, "regression.regularization": 1e-6,
                                   "species.sigma-radius": 1, "kernel.zeta": 1}, 1)
        self.assertEqual(np.shape(report["couplings"][0]["u"])[0], 3)

    def test_kernels_with_couplings_of_their_own(self):
        frames = self.frames("organics", N_TRAIN + N_TEST)
        elements = elements_of(frames)
        u = self.write_u("u.txt", elements, np.random.default_rng(1).normal(size=(3, len(elements))))
        keys = {"kernel.1.species.coupling": "gaussian", "kernel.1.species.channels": 2, "kernel.1.species.elements": "H,C,N,O,F,S",
                "kernel.2.soap.cutoff": 3,
                "kernel.3.species.coupling": u, "kernel.3.species.normalize": "before", "kernel.3.soap.body-order": 2,
                "kernel.3.zeta": 1, "regression.regularization": 1e-6}
        report = self.check_model(keys, 3)
        first, second, third = report["couplings"]
        self.assertEqual((np.shape(first["u"]), second, np.shape(third["u"])), ((2, 6), None, (3, len(elements))))

    def test_contractions_are_of_the_coupled_density(self):
        self.frames("organics", N_TRAIN + N_TEST)
        coupling = {"species.coupling": "gaussian", "species.channels": 2, "regression.regularization": 1e-6}
        expected = self.kernel(**{k: v for k, v in coupling.items() if k.startswith("species")})
        order = 2 * TINY["soap.n-max"]
        width = (TINY["soap.l-max"] + 1) * order * (order + 1) // 2
        for method, when in (("pca", "after"), ("density", "before")):
            keys = {**coupling, "species.normalize": when, "soap.contraction-method": method}
            report = self.check_model({**keys, "soap.contraction": 20}, 1)
            self.assertEqual(report["contractions"][0]["features_before"], width)
            self.assertLessEqual(report["contractions"][0]["features"], 20)
            found = self.kernel(**{"species.coupling": "gaussian", "species.channels": 2, "soap.contraction": width,
                                   "soap.contraction-method": method})
            self.assertLess(np.abs(found - expected).max(), 1e-10)

    def test_elements_without_training_structures(self):
        """species.elements may name more than the training set has; predictions then know them."""
        with_fluorine = [f for f in data.organics(2000) if "F" in f.species][:5]
        without = [f for f in data.organics(300) if "F" not in f.species][:40]
        self.write("all.xyz", data.text_of(without))
        self.write("f.xyz", data.text_of(with_fluorine))
        keys = {"data.structures": self.path("all.xyz"), "species.coupling": "gaussian", "data.baseline": "mean"}
        self.run_program("train", {**keys, "output": self.path("m.h5")})
        self.assertTrue(with_fluorine, "no fluorine to test with")
        run = self.run_program("predict", {"model": self.path("m.h5"), "data.structures": self.path("f.xyz")}, code=DATA)
        self.assertIn("does not know F", run.errors()[0])
        self.run_program("train", {**keys, "species.elements": "H,C,N,O,F", "output": self.path("m.h5")})
        run = self.run_program("predict", {"model": self.path("m.h5"), "data.structures": self.path("f.xyz")})
        self.assertEqual(len(data.Table(run.out)["predicted"]), len(with_fluorine))

    def test_a_guessed_baseline_is_told(self):
        """Composition says nothing of an element that is only listed: its predictions start from the mean."""
        fluorine = [frame for frame in data.organics(400) if "F" in frame.species][:2]
        without = [frame for frame in data.organics(300) if "F" not in frame.species][:40]
        source = self.write("all.xyz", data.text_of(without))
        new = self.write("new.xyz", data.text_of(without[:3] + fluorine))
        listed = {"data.structures": source, "species.elements": "H,C,N,O,F"}
        small = {"soap.n-max": 2, "soap.l-max": 1}

        def warnings(command, keys, ranks=1):
            return [text for text in self.reported(command, keys, ranks)["warnings"] if "guess" in text]

        for ranks in (1, 2):
            warning, = warnings("train", {**listed, "output": self.path("m.h5")}, ranks)
            self.assertIn("no training structure contains F,", warning)
            warning, = warnings("predict", {"model": self.path("m.h5"), "data.structures": new}, ranks)
            self.assertIn("2 of 5 structures contain F,", warning)
            self.assertEqual(warnings("predict", {"model": self.path("m.h5"), "data.structures": source}), [])
        self.assertEqual(len(warnings("evaluate", {**listed, **small})), 1)
        self.assertEqual(len(warnings("learning-curve", {**listed, **small, "data.test": 10, "learning-curve.repeats": 2})), 1)
        self.assertEqual(warnings("train", {**listed, "data.baseline": "mean", "output": self.path("m.h5")}), [])
        self.assertEqual(warnings("train", {"data.structures": source, "output": self.path("m.h5")}), [])

    def expect_error(self, keys, code, words, ranks=1):
        run = self.run_program("train", {"data.structures": self.path("all.xyz"), "output": self.path("m.h5"), **keys}, ranks, code=code)
        error, = run.errors()
        for word in words:
            self.assertIn(word, error)

    def test_errors_name_the_element_and_the_way_out(self):
        self.frames("organics", 10)
        argon = data.organics(1)[0]
        lines = [argon.lines[0], argon.lines[1], "Ar" + argon.lines[2][len(argon.species[0]):], *argon.lines[3:]]
        self.write("argon.xyz", data.text_of(data.organics(10)) + "\n".join(lines) + "\n")
        for ranks in (1, 2):
            self.expect_error({"species.coupling": "gaussian", "data.structures": self.path("argon.xyz")}, CONFIGURATION,
                              ["Ar has no Pauling electronegativity", "species.electronegativity", "species.coupling = FILE"], ranks)
            self.expect_error({"species.coupling": self.write("u.txt", "H C\n1 2\n")}, CONFIGURATION, ["u.txt", "no column for the element"],
                              ranks)
            self.expect_error({"species.coupling": self.write("u.txt", "H C\n1 2 3\n")}, DATA, ["u.txt", "line 2", "expected 2 numbers"],
                              ranks)
            self.expect_error({"species.coupling": self.path("missing.txt")}, FILES, ["missing.txt"], ranks)
        self.expect_error({"species.coupling": "gaussian", "species.channels": 40}, CONFIGURATION, ["species.channels = 40"])
        self.expect_error({"species.coupling": self.write("u.txt", "H C N O F S Cl\n1 2 3 4 5 6 7\n"), "species.channels": 2}, CONFIGURATION,
                          ["has 1 channels", "species.channels"])
        self.run_program("train", {"species.coupling": "gaussian", "data.structures": self.path("argon.xyz"),
                                   "species.electronegativity": "Ar:3.2", "output": self.path("m.h5")})

    CRYSTALS = ("Na", "Mg", "O", "Cl", "K", "F", "Ca", "Li", "Br", "Al")

    def test_the_sparse_form_gives_the_kernels_of_channels(self):
        frames = data.crystals(8, self.CRYSTALS)
        self.write("all.xyz", data.text_of(frames))
        elements = elements_of(frames)
        expected = {when: Coupled(self.features(**{"soap.normalize": "false"}), elements, gaussian_kappa(elements, 0.5, 0.5),
                                  when == "before") for when in ("after", "before")}
        for when, zeta in (("after", 1), ("before", 2), ("after", 3)):
            keys = {"species.coupling": "gaussian", "species.normalize": when, "kernel.zeta": zeta, "parallel.block-size": 3}
            wanted = expected[when].kernel(zeta)
            for ranks in (1, 2, 4):
                for form in ("sparse", "channels", "auto"):
                    found = self.kernel(ranks, **keys, **{"species.form": form})
                    self.assertLess(np.abs(found - wanted).max(), 1e-10 * np.abs(wanted).max())
        self.write("others.xyz", data.text_of(frames[:3]))
        found = self.kernel(2, **keys, **{"species.form": "sparse", "against": self.path("others.xyz")})
        self.assertLess(np.abs(found - wanted[:, :3]).max(), 1e-10 * np.abs(wanted).max())

    def test_models_in_sparse_form(self):
        self.write("all.xyz", data.text_of(data.crystals(N_TRAIN + N_TEST, self.CRYSTALS)))
        keys = {"species.coupling": "gaussian", "regression.regularization": 1e-6}
        report = self.check_model({**keys, "species.form": "channels"}, 1)
        self.assertEqual(report["couplings"][0]["form"], "channels")
        expected, novelty = self.predict("one.h5"), self.novelty("one.h5")
        for form in ("sparse", "auto"):
            report = self.check_model({**keys, "species.form": form}, 1)
            self.assertEqual(report["couplings"][0]["form"], "sparse")
            self.assertLess(np.abs(self.predict("one.h5") - expected).max(), 1e-6)
            self.assertIn("in sparse form", self.execute(["inspect", self.path("one.h5")]).out)
        np.testing.assert_allclose(self.novelty("one.h5"), novelty, rtol=1e-6)
        self.run_program("predict", {"model": self.path("one.h5"), "data.structures": self.path("all.xyz"), "predict.per-atom": True,
                                     "output": self.path("atoms.xyz")}, 2)
        with h5py.File(self.path("one.h5"), "r+") as file:  # as written before there was another form
            del file["kernels/1/species_coupling"].attrs["form"]
        self.assertLess(np.abs(self.predict("one.h5") - expected).max(), 1e-6)

    def test_the_sparse_form_is_refused_beside_what_works_on_features(self):
        self.write("all.xyz", data.text_of(data.crystals(30, self.CRYSTALS)))
        keys = {"species.coupling": "gaussian", "species.form": "sparse", "kernel.zeta": 1}
        for more in ({"soap.contraction": 10}, {"regression.solver": "primal"}, {"regression.solver": "cg"}, {"regression.compact": "yes"}):
            self.expect_error({**keys, **more}, CONFIGURATION, ["species.form = sparse", next(iter(more))])
            self.run_program("train", {"data.structures": self.path("all.xyz"), "output": self.path("m.h5"), **keys, **more,
                                       "species.form": "auto"})
        del keys["kernel.zeta"]
        for command in ("features", "optimize"):
            run = self.run_program(command, {"data.structures": self.path("all.xyz"), **keys}, code=CONFIGURATION)
            self.assertIn(f"species.form = sparse: '{command}'", run.errors()[0])

    def test_plans_know_the_size_of_the_sparse_form(self):
        self.write("all.xyz", data.text_of(data.crystals(40, self.CRYSTALS)))
        keys = {"data.structures": self.path("all.xyz"), "species.coupling": "gaussian", **TINY}
        kept = {form: self.reported("plan", {**keys, "species.form": form})["plan"]["feature_bytes"]
                for form in ("channels", "sparse", "auto")}
        plain = self.reported("plan", {**TINY, "data.structures": self.path("all.xyz")})["plan"]["feature_bytes"]
        self.assertEqual((kept["sparse"], kept["auto"]), (plain, plain))
        self.assertGreater(kept["channels"], 4 * plain)

    def test_plans_know_the_number_of_features(self):
        self.frames("organics", 30)
        keys = {"data.structures": self.path("all.xyz"), "species.coupling": "gaussian"}
        for channels in (1, 3):
            report = self.reported("plan", {**TINY, **keys, "species.channels": channels})
            order = channels * TINY["soap.n-max"]
            self.assertEqual(report["plan"]["features"], (TINY["soap.l-max"] + 1) * order * (order + 1) // 2)
            self.assertEqual(report["plan"]["n_train"], 30)


if __name__ == "__main__":
    main()
