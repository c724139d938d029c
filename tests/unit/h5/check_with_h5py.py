# SPDX-License-Identifier: BSD-3-Clause
"""check_with_h5py.py FOLDER MPIEXEC FLAGS... RANKS PROGRAM: has PROGRAM write its samples and reads them with h5py."""
import subprocess
import sys
from pathlib import Path

import h5py
import numpy as np


def every_data_set(file):
    found = []
    file.visititems(lambda name, item: found.append(item) if isinstance(item, h5py.Dataset) else None)
    return found


def check_protection(path):
    with h5py.File(path, "r") as file:
        for item in every_data_set(file):
            assert item.size == 0 or (item.chunks is not None and item.fletcher32), f"{item.name} has no checksum"
            assert "checksum" in item.attrs, item.name
            item[()]  # h5py checks Fletcher-32 while it reads
    # Format 1.10: superblock version 3, whose metadata are checksummed.
    assert path.read_bytes()[8] == 3, "old superblock"


def check_serial(path):
    with h5py.File(path, "r") as file:
        np.testing.assert_array_equal(file["simple"], np.array([0.1, -2.5, 1e300]))
        np.testing.assert_array_equal(file["matrix"], [[1, 2, 3], [4, 5, 6]])
        assert file["matrix"].dtype == np.int32
        assert file["none"].shape == (0,)
        assert file["model/weights"].shape == (10, 4) and file["model/weights"].dtype == np.float64
        assert file["model/features/single"].dtype == np.float32
        assert (file["ones"][:] == -1).all() and file["ones"].dtype == np.int64
        assert file["bytes"].dtype == np.uint8
        assert list(file["texts"].asstr()) == ["", "H", "C\u03b1", "a longer text with blanks "]
        assert file["configuration"].asstr()[0] == "[data]\ntarget = energy # \u00c5\n"
        assert file["number"][0] == -1.0 / 3.0
        assert file["count"][0] == 2**60
        assert file.attrs["schema"] == 1 and file.attrs["lambda"] == 1e-7
        assert file["model"].attrs["name11"].decode() == "attribute number 11"


def check_parallel(path):
    with h5py.File(path, "r") as file:
        np.testing.assert_array_equal(file["kernel"], 1000.0 * np.arange(83)[:, None] + np.arange(61)[None, :])


def main():
    folder, command = Path(sys.argv[1]), sys.argv[2:]
    for name in ("serial.h5", "parallel.h5"):
        (folder / name).unlink(missing_ok=True)
    subprocess.run(command + [str(folder)], check=True)
    for name in ("serial.h5", "parallel.h5"):
        check_protection(folder / name)
    check_serial(folder / "serial.h5")
    check_parallel(folder / "parallel.h5")
    print("h5py agrees")


if __name__ == "__main__":
    main()
