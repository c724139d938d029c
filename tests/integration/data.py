# SPDX-License-Identifier: BSD-3-Clause
"""Small data sets for the integration tests, cut from those that ship, and readers of what the program writes."""
import csv
import io
import lzma
import re
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from program import DATA

KEY = re.compile(r'(\S+?)=("[^"]*"|\S+)')


@dataclass
class Frame:
    """A frame of extended XYZ: its lines as they are, and what is in them."""
    lines: list
    keys: dict = field(init=False)
    species: list = field(init=False)
    positions: np.ndarray = field(init=False)

    def __post_init__(self):
        self.keys = {key: value.strip('"') for key, value in KEY.findall(self.lines[1])}
        atoms = [line.split() for line in self.lines[2:]]
        self.species = [atom[0] for atom in atoms]
        self.positions = np.array([[float(x) for x in atom[1:4]] for atom in atoms])

    @property
    def energy(self):
        return float(self.keys["energy"])

    def with_key(self, key, value):
        """The frame with another value of a key, or with a further key."""
        comment, found = re.subn(rf"(?<!\S){key}=\S+", f"{key}={value}", self.lines[1])
        return Frame([self.lines[0], comment if found else f"{comment} {key}={value}", *self.lines[2:]])

    def without_key(self, key):
        return Frame([self.lines[0], re.sub(rf"(?<!\S){key}=\S+ ?", "", self.lines[1]), *self.lines[2:]])


def parse(text):
    lines, frames = text.splitlines(), []
    while lines:
        size = int(lines[0]) + 2
        frames.append(Frame(lines[:size]))
        lines = lines[size:]
    return frames


def text_of(frames):
    return "".join(line + "\n" for frame in frames for line in frame.lines)


@lru_cache(maxsize=None)
def shipped(name):
    with lzma.open(DATA / name, "rt", encoding="utf-8") as file:
        return parse(file.read())


def organics(count, first=0):
    return shipped("organics.xyz.xz")[first:first + count]


def crystals(count, elements=("Na", "Mg", "O", "Cl", "K", "F")):
    """Periodic cells of a few elements."""
    kept = [frame for frame in shipped("crystals.xyz.xz") if set(frame.species) <= set(elements)]
    return kept[:count]


def sizes(frames):
    return np.array([len(frame.species) for frame in frames], dtype=float)


def energies(frames):
    return np.array([frame.energy for frame in frames])


def positions_in(frames, structures):
    """Which of `frames` each structure (an array of positions) is; every one must be among them, once."""
    place = {frame.positions.tobytes(): index for index, frame in enumerate(frames)}
    indices = [place[np.ascontiguousarray(structure).tobytes()] for structure in structures]
    assert len(set(indices)) == len(indices), "a structure was drawn twice"
    return indices


class Table:
    """Predictions in CSV: columns as arrays, NaN where a cell is empty."""

    def __init__(self, text):
        rows = list(csv.reader(io.StringIO(text)))
        self.columns = rows[0]
        self.cells = rows[1:]

    def __getitem__(self, column):
        at = self.columns.index(column)
        return np.array([float(row[at]) if row[at] else np.nan for row in self.cells])


class ModelFile:
    """A model file, by h5py."""

    def __init__(self, path):
        import h5py
        with h5py.File(path, "r") as file:
            training = file["training"]
            offsets, positions = training["offsets"][:], training["positions"][:]
            self.structures = [positions[a:b] for a, b in zip(offsets, offsets[1:])]
            self.species = training["species"][:]
            self.coefficients = training["coefficients"][:]
            self.regularization = training.attrs["regularization"]
            self.lambda_ = training.attrs["lambda"]
            self.block = training.attrs["block"]
            target = file["targets/1"]
            self.baseline = dict(zip(target["baseline_elements"][:].tolist(), target["baseline_energies"][:].tolist()))
            self.configuration = dict(zip(*(file["configuration"][name].asstr()[:] for name in ("keys", "values"))))

    def drawn_from(self, frames):
        """Positions in `frames` of the training structures, in the model's order."""
        return positions_in(frames, self.structures)
