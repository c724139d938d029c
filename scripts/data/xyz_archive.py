# SPDX-License-Identifier: BSD-3-Clause
"""Reads and writes extended XYZ frames in .xz archives, and prints a summary of them.

As a program: `xyz_archive.py FILE...` prints the summary that inputs/data/README.md quotes and fails when a
file contains duplicates, nearly coincident atoms or an energy that is not a number.
"""
import collections
import lzma
import re
import sys
from dataclasses import dataclass

import numpy as np

SHORTEST_DISTANCE = 0.6  # Å; below the bond of H2 (0.74), so nothing physical is refused


@dataclass
class Frame:
    """One structure: symbols, positions (n x 3, Å), cell (3 x 3 rows, Å, or None) and comment keys."""
    symbols: list
    positions: np.ndarray
    keys: dict
    cell: np.ndarray = None


def _rounded(values, decimals):
    return np.round(np.asarray(values, dtype=float), decimals) + 0.0  # + 0.0 turns -0.0 into 0.0


def rounded(frame):
    """Returns the frame as the file contains it, so that energies can be computed for exactly those coordinates."""
    cell = None if frame.cell is None else _rounded(frame.cell, 6)
    return Frame(frame.symbols, _rounded(frame.positions, 6), frame.keys, cell)


def format_frame(frame):
    """Extended XYZ by ASE's rules: Lattice row by row, quoted strings, pbc last."""
    frame = rounded(frame)
    parts = []
    if frame.cell is not None:
        parts.append('Lattice="' + " ".join(f"{x:.6f}" for x in frame.cell.ravel()) + '"')
    parts.append("Properties=species:S:1:pos:R:3")
    parts += [f"{key}={value}" for key, value in frame.keys.items()]
    parts.append('pbc="F F F"' if frame.cell is None else 'pbc="T T T"')
    rows = [f"{s} {x:.6f} {y:.6f} {z:.6f}" for s, (x, y, z) in zip(frame.symbols, frame.positions)]
    return "\n".join([str(len(rows)), " ".join(parts), *rows]) + "\n"


def write_archive(path, frames):
    """Writes the whole archive at once; the bytes depend on the frames only, not on time or file name."""
    text = "".join(format_frame(frame) for frame in frames)
    with open(path, "wb") as file:
        file.write(lzma.compress(text.encode("ascii"), preset=9 | lzma.PRESET_EXTREME))


def parse_frame(lines, start):
    """Returns the frame at line `start` of what format_frame wrote (no general extended XYZ), and the line after it."""
    count = int(lines[start])
    keys = {k: v.strip('"') for k, v in re.findall(r'(\S+?)=("[^"]*"|\S+)', lines[start + 1])}
    rows = [line.split() for line in lines[start + 2:start + 2 + count]]
    cell = np.array(keys["Lattice"].split(), float).reshape(3, 3) if "Lattice" in keys else None
    positions = np.array([row[1:] for row in rows], dtype=float).reshape(count, 3)
    return Frame([row[0] for row in rows], positions, keys, cell), start + 2 + count


def read_archive(path):
    with lzma.open(path, "rt", encoding="ascii") as file:
        lines = file.read().splitlines()
    frames, line = [], 0
    while line < len(lines):
        frame, line = parse_frame(lines, line)
        frames.append(frame)
    return frames


def shortest_distance(frame):
    """Smallest distance between any two atoms, in a crystal with the periodic images of the nearest cells."""
    shifts = np.zeros((1, 3))
    if frame.cell is not None:
        shifts = np.stack(np.meshgrid(*[range(-2, 3)] * 3), axis=-1).reshape(-1, 3) @ frame.cell
    gaps = frame.positions[:, None, None] - frame.positions[None, :, None] + shifts
    distances = np.linalg.norm(gaps, axis=-1)
    distances = distances[distances > 1e-9]  # an atom and itself; coincident atoms show in `coincident`
    return distances.min() if distances.size else np.inf


def coincident(frame):
    return len({tuple(row) for row in frame.positions.tolist()}) != len(frame.symbols)


def problems(frames):
    """Describes what must not be in a shipped archive, in sentences."""
    found = []
    for index, frame in enumerate(frames):
        if not np.isfinite(float(frame.keys["energy"])):
            found.append(f"frame {index}: energy is not finite")
        if coincident(frame) or shortest_distance(frame) < SHORTEST_DISTANCE:
            found.append(f"frame {index}: two atoms closer than {SHORTEST_DISTANCE} Å")
    labels = [f.keys["smiles"] for f in frames if "smiles" in f.keys] or [format_frame(f) for f in frames]
    repeats = len(labels) - len(set(labels))
    return found + ([f"{repeats} structures occur twice"] if repeats else [])


def summary(frames):
    """Markdown lines: counts, sizes, elements, energies."""
    atoms = collections.Counter(s for f in frames for s in f.symbols)
    holders = collections.Counter(s for f in frames for s in set(f.symbols))
    sizes = np.array([len(f.symbols) for f in frames])
    energies = np.array([float(f.keys["energy"]) for f in frames])
    per_atom = energies / sizes
    nearest = min(shortest_distance(f) for f in frames)
    lines = [f"- {len(frames)} structures, {sizes.sum()} atoms; {sizes.min()} to {sizes.max()} atoms each, "
             f"{sizes.mean():.2f} on average",
             f"- energy {energies.min():.3f} to {energies.max():.3f} eV; per atom {per_atom.min():.3f} to "
             f"{per_atom.max():.3f} eV, mean {per_atom.mean():.3f}, standard deviation {per_atom.std():.3f}",
             f"- shortest distance between two atoms: {nearest:.3f} Å", "",
             "| element | atoms | share of atoms | structures with it | share of structures |",
             "|---|---|---|---|---|"]
    for symbol, count in sorted(atoms.items(), key=lambda item: (-item[1], item[0])):
        lines.append(f"| {symbol} | {count} | {100 * count / sizes.sum():.2f} % | {holders[symbol]} | "
                     f"{100 * holders[symbol] / len(frames):.2f} % |")
    return lines


def report(path):
    """Prints the summary of an archive; returns whether it is fit to be shipped."""
    frames = read_archive(path)
    print(f"{path}\n" + "\n".join(summary(frames)))
    found = problems(frames)
    for sentence in found:
        print(f"PROBLEM: {sentence}", file=sys.stderr)
    return not found


if __name__ == "__main__":
    sys.exit(0 if all([report(path) for path in sys.argv[1:]]) else 1)
