# SPDX-License-Identifier: BSD-3-Clause
"""Damaged and foreign files are recognised; what `inspect` says of whole ones."""
import random

from program import ProgramTest, main, need

np, h5py = need("numpy", "h5py")
import data  # noqa: E402

IO = 5


class ModelFile(ProgramTest):
    def setUp(self):
        super().setUp()
        self.input = self.write("in.xyz", data.text_of(data.organics(12)))
        self.model = self.path("m.h5")
        self.run_program("train", {"data.structures": self.input, "output": self.model})
        self.bytes = self.model.read_bytes()
        self.predict_keys = {"model": self.path("changed.h5"), "data.structures": self.input}

    def change(self, place, bit=0):
        changed = bytearray(self.bytes)
        changed[place] ^= 1 << bit
        self.path("changed.h5").write_bytes(changed)

    def expect_refused(self, ranks=1):
        run = self.run_program("predict", self.predict_keys, ranks, code=IO)
        self.assertEqual(len(run.errors()), 1, str(run))
        self.assertIn("changed.h5", run.errors()[0])
        self.assertEqual(run.out, "")
        return run

    def places_of_data(self):
        """Where each data set's first chunk lies in the file."""
        places = {}
        with h5py.File(self.model, "r") as file:
            def note(name, item):
                if isinstance(item, h5py.Dataset) and item.size > 0:
                    chunk = item.id.get_chunk_info(0)
                    places[name] = chunk.byte_offset + chunk.size // 3
            file.visititems(note)
        return places

    def test_a_flipped_bit_in_any_data_set(self):
        places = self.places_of_data()
        self.assertIn("training/coefficients", places)
        for name, place in places.items():
            with self.subTest(data_set=name):
                self.change(place)
                self.expect_refused()
                run = self.run_program("inspect", {"file": self.path("changed.h5")}, code=IO)
                self.assertEqual(len(run.errors()), 1, str(run))
        self.change(places["training/coefficients"], bit=3)
        self.expect_refused(ranks=3)

    def test_flipped_bits_anywhere(self):
        """Recognised, or in a byte that nothing depends on."""
        whole = self.run_program("predict", {**self.predict_keys, "model": self.model}).out
        draw = random.Random(1)
        refused = 0
        for place in draw.sample(range(len(self.bytes)), 15):
            self.change(place, draw.randrange(8))
            run = self.execute(["predict", "--model", self.path("changed.h5"), "--data.structures", self.input])
            self.assertIn(run.code, (0, IO), f"byte {place}\n{run}")
            refused += run.code == IO
            if run.code == 0:
                self.assertEqual(run.out, whole, f"byte {place}")
        self.assertGreater(refused, 0)

    def test_a_file_cut_short(self):
        for size in (0, 7, 512, len(self.bytes) // 2, len(self.bytes) - 1):
            self.path("changed.h5").write_bytes(self.bytes[:size])
            self.expect_refused()

    def test_not_a_model(self):
        self.write("changed.h5", "not HDF5 at all\n" * 100)
        for ranks in (1, 3):
            self.expect_refused(ranks)
        self.run_program("features", {"data.structures": self.input, "output": self.path("changed.h5")})
        self.assertIn("not a soapstone model", self.expect_refused().err)
        with h5py.File(self.path("changed.h5"), "w") as file:
            file["x"] = np.zeros(3)
        self.expect_refused()

    def test_a_model_of_a_later_version(self):
        self.path("changed.h5").write_bytes(self.bytes)
        with h5py.File(self.path("changed.h5"), "r+") as file:
            file.attrs["schema_version"] = np.int64(1000)
        self.assertIn("1000", self.expect_refused().err)

    def test_inspect(self):
        for ranks in (1, 3):
            run = self.execute(["inspect", self.model], ranks)
            self.assertEqual(run.code, 0, str(run))
            for text in ("soapstone model", "12 training structures", "soap.n-max 3", "soap.central-weight 1, ", "soap.radial-basis gto", "zeta 2", "composition"):
                self.assertEqual(run.out.count(text), 1, text)

    def test_inspect_other_files(self):
        self.run_program("kernel", {"data.structures": self.input, "output": self.path("k.h5")})
        run = self.execute(["inspect", self.path("k.h5")])
        self.assertEqual(run.code, 0, str(run))
        self.assertRegex(run.out, r"/kernel +12 x 12")

    def test_equal_runs_make_equal_files(self):
        self.run_program("train", {"data.structures": self.input, "output": self.path("again.h5")})
        with h5py.File(self.model, "r") as first, h5py.File(self.path("again.h5"), "r") as second:
            for name in ("coefficients", "positions", "species", "offsets"):
                self.assertEqual(first["training"][name][:].tobytes(), second["training"][name][:].tobytes())


if __name__ == "__main__":
    main()
