# SPDX-License-Identifier: BSD-3-Clause
"""The kernel file against numpy, from the features file."""
import itertools

from program import ProgramTest, main, need

np, h5py = need("numpy", "h5py")
import data  # noqa: E402
import oracle  # noqa: E402

RANKS = (1, 2, 3, 4)
KINDS = list(itertools.product((3, 2), ("true", "false")))
BLOCK = 5  # not a divisor of any number of structures here


class Kernel(ProgramTest):
    def setUp(self):
        super().setUp()
        # Different atoms per structure, and an element (F) that only the later structures have.
        self.frames = data.organics(18)
        self.others = data.organics(11, first=30) + [f for f in data.organics(200, first=60) if "F" in f.species][:2]
        self.input = self.write("in.xyz", data.text_of(self.frames))
        self.other_input = self.write("others.xyz", data.text_of(self.others))

    def features(self, keys, ranks=1, files=None):
        output = self.path("features.h5")
        self.run_program("features", {**keys, "data.structures": files or [self.input], "output": output}, ranks)
        return oracle.read_features(output)

    def kernel(self, keys, ranks=1):
        output = self.path("kernel.h5")
        self.run_program("kernel", {"data.structures": self.input, **keys, "parallel.block-size": BLOCK, "output": output}, ranks)
        return oracle.read_kernel(output)

    def expect_equal(self, found, expected):
        self.assertEqual(found.shape, expected.shape)
        self.assertLess(np.abs(found - expected).max(), 1e-12 * np.abs(expected).max())

    def test_every_power_body_order_and_normalisation(self):
        ranks = itertools.cycle(RANKS)
        for body_order, normalize in KINDS:
            keys = {"soap.body-order": body_order, "soap.normalize": normalize}
            vectors = self.features(keys)
            for zeta in (1, 2, 3):
                with self.subTest(**keys, zeta=zeta):
                    self.expect_equal(self.kernel({**keys, "kernel.zeta": zeta}, next(ranks)),
                                      oracle.kernel(vectors, vectors, zeta))

    def test_any_number_of_ranks_and_any_grid(self):
        expected = {zeta: oracle.kernel(vectors, vectors, zeta) for vectors in [self.features({})] for zeta in (1, 2)}
        for ranks, grid in ((1, "1x1"), (2, "2x1"), (3, "auto"), (3, "1x2"), (4, "auto"), (4, "4x1")):
            with self.subTest(ranks=ranks, grid=grid):
                zeta = 1 + ranks % 2
                self.expect_equal(self.kernel({"parallel.grid": grid, "kernel.zeta": zeta}, ranks), expected[zeta])

    def test_against_other_structures(self):
        both = self.features({}, files=[self.input, self.other_input])
        mine, others = both[:len(self.frames)], both[len(self.frames):]
        self.assertEqual(len(others), len(self.others))
        for ranks in RANKS:
            with self.subTest(ranks=ranks):
                self.expect_equal(self.kernel({"against": self.other_input}, ranks), oracle.kernel(mine, others, 2))
        wide = self.kernel({"data.structures": self.other_input, "against": self.input}, 3)
        self.expect_equal(wide, oracle.kernel(others, mine, 2))

    def test_against_two_files(self):
        both = self.features({}, files=[self.input, self.other_input])
        found = self.kernel({"against": [self.input, self.other_input]}, 2)
        self.expect_equal(found, oracle.kernel(both[:len(self.frames)], both, 2))

    def test_crystals(self):
        self.input = self.write("crystals.xyz", data.text_of(data.crystals(12)))
        vectors = self.features({})
        self.expect_equal(self.kernel({}, 2), oracle.kernel(vectors, vectors, 2))

    def test_kernels_are_summed_with_their_weights(self):
        single = [self.features({}), self.features({"soap.cutoff": 3.0, "radial-scaling.exponent": 0})]
        found = self.kernel({"kernel.1.weight": 2, "kernel.2.weight": 0.5, "kernel.2.soap.cutoff": 3.0,
                             "kernel.2.radial-scaling.exponent": 0, "kernel.2.zeta": 1}, 2)
        self.expect_equal(found, 2 * oracle.kernel(single[0], single[0], 2) + 0.5 * oracle.kernel(single[1], single[1], 1))

    def test_every_radial_basis_against_scipy(self):
        self.frames = self.frames[:6]
        self.input = self.write("few.xyz", data.text_of(self.frames))
        elements = sorted({z for frame in self.frames for z in frame.species})
        found = {}
        for basis in ("gto", "polynomial"):
            vectors = [oracle.soap_vectors(frame, elements, basis, n_max=5, l_max=3, cutoff=4.0, cutoff_width=0.5, sigma=0.4, r0=2, m=3)
                       for frame in self.frames]
            found[basis] = self.kernel({"soap.radial-basis": basis, "soap.n-max": 5, "soap.l-max": 3, "soap.cutoff": 4.0,
                                        "soap.gaussian-width": 0.4, "radial-scaling.exponent": 3}, 2)
            self.assertLess(np.abs(found[basis] - oracle.kernel(vectors, vectors, 2)).max(), 1e-10, basis)
        self.assertGreater(np.abs(found["gto"] - found["polynomial"]).max(), 1e-4)

    def test_normalised_kernels_are_kernels(self):
        found = self.kernel({})
        np.testing.assert_array_equal(found, found.T)
        self.assertGreater(np.linalg.eigvalsh(found).min(), -1e-14)
        self.assertLessEqual(found.max(), 1)


class Features(ProgramTest):
    def setUp(self):
        super().setUp()
        self.frames = data.organics(9)
        self.input = self.write("in.xyz", data.text_of(self.frames))

    def file(self, ranks=1, **keys):
        self.run_program("features", {"data.structures": self.input, "output": self.path("f.h5"), **keys}, ranks)
        with h5py.File(self.path("f.h5"), "r") as file:
            return {name: file[name][:] for name in ("features", "environment_structure", "environment_atom")}

    def test_one_row_per_atom_in_order(self):
        file = self.file()
        sizes = data.sizes(self.frames).astype(int)
        self.assertEqual(file["environment_structure"].tolist(), np.repeat(np.arange(9), sizes).tolist())
        self.assertEqual(file["environment_atom"].tolist(), np.concatenate([np.arange(n) for n in sizes]).tolist())
        self.assertEqual(file["features"].dtype, np.float64)

    def test_width_follows_from_the_parameters(self):
        elements = len({element for frame in self.frames for element in frame.species})
        n_max, l_max = 3, 2
        pairs = elements * n_max * (elements * n_max + 1) // 2
        self.assertEqual(self.file()["features"].shape[1], pairs * (l_max + 1))
        self.assertEqual(self.file(**{"soap.body-order": 2})["features"].shape[1], elements * n_max)

    def test_vectors_have_unit_length_if_asked(self):
        for body_order in (2, 3):
            lengths = np.linalg.norm(self.file(**{"soap.body-order": body_order})["features"], axis=1)
            self.assertLess(np.abs(lengths - 1).max(), 1e-14)
            raw = self.file(**{"soap.body-order": body_order, "soap.normalize": "false"})["features"]
            self.assertGreater(np.ptp(np.linalg.norm(raw, axis=1)), 0.01)

    def test_any_number_of_ranks_writes_the_same(self):
        first = self.file()
        for ranks in (2, 3, 4, 10):  # 10: more ranks than structures
            found = self.file(ranks)
            for name, values in first.items():
                self.assertEqual(found[name].tolist(), values.tolist(), f"{name} on {ranks} ranks")


if __name__ == "__main__":
    main()
