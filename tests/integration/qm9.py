# SPDX-License-Identifier: BSD-3-Clause
"""Molecules of the shipped data as records of QM9, as its archive has them and scripts/fetch_qm9.sh keeps them."""
HARTREE = 27.211386245988


def record(index, frame):
    """A frame as a record of QM9; one number as Mathematica writes it."""
    energy = frame.energy / HARTREE
    numbers = [f"{1.5 * k}" for k in range(10)] + [f"{energy:.8f}", "-1.0", "-1.0", "-1.0", "6.469"]
    numbers[2] = "1.2345*^-6"
    atoms = [f"{symbol}\t{x:.10f}\t{y:.10f}\t{z:.10f}\t-0.1" for symbol, (x, y, z) in zip(frame.species, frame.positions)]
    frequencies = "\t".join(["1000.0"] * max(1, 3 * len(atoms) - 6))
    smiles = f"{frame.keys['smiles']}\t{frame.keys['smiles']}"
    return "\n".join([str(len(atoms)), f"gdb {index}\t" + "\t".join(numbers), *atoms, frequencies, smiles, "InChI=1\tInChI=1"]) + "\n"


def file_of(frames):
    """The text of a file as scripts/fetch_qm9.sh writes it."""
    return "".join(record(index, frame) for index, frame in enumerate(frames, start=1))
