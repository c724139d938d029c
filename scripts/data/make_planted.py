#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Makes crystals whose energies follow from a known coupling u of the elements, to test whether it is recovered.

    scripts/data/make_planted.py FOLDER [--count 900] [--unseen 200] [--seed 1]

Rock salts, perovskites ABX3 and elpasolites A2BCX6 with elements drawn at random for every site; contacts, strain and
displacements are drawn without regard to the elements, so geometry tells nothing about them. 16 elements in four groups that
cut across the periodic table on purpose: what is known of the elements is no help. The energy per cell, in eV, is

    E = Σ_j Σ_J Σ_l Σ_s a_ls Σ_ik u_{Jα_i} u_{Jα_k} h_s(r_i) h_s(r_k) P_l(cos θ_ik)

over the neighbours i, k of atom j within R (itself included for l = 0), with h_s Gaussians of the distance times a cosine cutoff:
a function of κ = uᵀu and of no other property of the elements. Elements of a group have almost the same column of u.

Writes FOLDER/start_1.txt, ... (--starts; random couplings, where an optimisation can begin), FOLDER/planted.xyz.xz, FOLDER/unseen.xyz.xz (each crystal has a pair of elements that never meet in the first file),
FOLDER/truth.txt (u) and FOLDER/groups.txt. Needs numpy only.
"""
import argparse
import sys
from pathlib import Path

import numpy as np

import xyz_archive
from make_crystals import FACE_CENTRED, distorted

GROUPS = {"group I": ("Li", "Cl", "Ti", "Se"), "group II": ("Na", "O", "Zr", "Ga"), "group III": ("K", "F", "Al", "Sn"),
          "group IV": ("Mg", "Br", "Sc", "P")}
CENTRES = {"group I": (1.0, 0.2), "group II": (0.3, 1.0), "group III": (-0.6, 0.7), "group IV": (0.6, -0.7)}
SCATTER = 0.06          # standard deviation within a group
CUTOFF = 4.5            # R, Å
SHELLS = (0.5, 2.0, 3.2)       # centres of the h_s, Å
WIDTH = 0.9             # their width, Å
SCALE = 0.01            # eV
CONTACT = 2.3           # Å; scaled by up to 8 % in each crystal
UNSEEN_PAIRS = 12


def coupling(rng):
    """Elements and u, 2 x 16."""
    elements = [symbol for members in GROUPS.values() for symbol in members]
    centres = [CENTRES[name] for name, members in GROUPS.items() for _ in members]
    return elements, (np.array(centres) + rng.normal(0, SCATTER, (len(elements), 2))).T


def prototypes(contact):
    """(number of species, species of each site, cell, positions) of the three kinds."""
    a = 2 * contact
    octahedron = np.vstack([0.25 * np.eye(3), -0.25 * np.eye(3)])
    return [(2, [0, 1], a * FACE_CENTRED, a * np.array([[0, 0, 0], [0.5, 0.5, 0.5]])),
            (3, [0, 1, 2, 2, 2], a * np.eye(3), a * np.array([[.5, .5, .5], [0, 0, 0], [.5, 0, 0], [0, .5, 0], [0, 0, .5]])),
            (4, [0, 0, 1, 2] + [3] * 6, 2 * a * FACE_CENTRED, 2 * a * np.vstack([[[.25] * 3, [-.25] * 3, [.5] * 3, [0.] * 3], octahedron]))]


def neighbours(cell, positions):
    """Vectors to the neighbours of each atom within R, and which atom of the cell each is; the atom itself comes first."""
    heights = 1 / np.linalg.norm(np.linalg.inv(cell), axis=0)
    axes = [np.arange(-n, n + 1) for n in np.ceil(CUTOFF / heights).astype(int) + 1]
    shifts = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, 3) @ cell
    for centre in positions:
        gaps = positions[:, None] - centre + shifts
        r = np.linalg.norm(gaps, axis=-1)
        atom, image = np.nonzero((r < CUTOFF) & (r > 1e-6))
        yield gaps[atom, image], r[atom, image], atom


def shells(r):
    """h_s(r), one row per shell."""
    envelope = 0.5 * (1 + np.cos(np.pi * r / CUTOFF))
    return np.exp(-0.5 * ((r[None] - np.array(SHELLS)[:, None]) / WIDTH)**2) * envelope


def energy(cell, positions, columns, amplitudes):
    """Computes the formula at the head. `columns` are u of each atom of the cell (2 x atoms)."""
    total = 0.0
    for j, (gaps, r, atom) in enumerate(neighbours(cell, positions)):
        weighted = columns[:, None, atom] * shells(r)[None]  # J x s x i
        e = gaps / r[:, None]
        # Σ_ik w_i w_k P_l(e_i · e_k) through moments: Σ w, Σ w e, Σ w (e eᵀ - 1/3).
        zeroth = weighted.sum(axis=2) + columns[:, j, None] * shells(np.zeros(1))[:, 0]
        first = weighted @ e
        second = np.einsum("jsi,ia,ib->jsab", weighted, e, e) - weighted.sum(axis=2)[..., None, None] * np.eye(3) / 3
        for order, squares in enumerate((zeroth**2, (first**2).sum(axis=-1), 1.5 * (second**2).sum(axis=(-1, -2)))):
            total += float(amplitudes[order] @ squares.sum(axis=0))
    return SCALE * total


def unseen_pairs(rng, elements):
    """Pairs that only the second file has, no element in more than two of them."""
    pairs = [(a, b) for i, a in enumerate(elements) for b in elements[i + 1:]]
    kept, uses = [], dict.fromkeys(elements, 0)
    for index in rng.permutation(len(pairs)):
        a, b = pairs[index]
        if len(kept) < UNSEEN_PAIRS and uses[a] < 2 and uses[b] < 2:
            kept.append({a, b})
            uses[a] += 1
            uses[b] += 1
    return kept


def crystals(rng, count, accept, elements, u, amplitudes):
    frames = []
    while len(frames) < count:
        kinds, sites, cell, positions = prototypes(CONTACT * rng.uniform(0.92, 1.08))[rng.choice(3, p=(0.2, 0.4, 0.4))]
        chosen = rng.choice(len(elements), kinds, replace=False)
        if not accept({elements[i] for i in chosen}):
            continue
        symbols = [elements[chosen[s]] for s in sites]
        cell, positions = distorted(rng, cell, positions)
        frame = xyz_archive.rounded(xyz_archive.Frame(symbols, positions, {}, cell))
        # The energy belongs to the coordinates as written.
        columns = u[:, [elements.index(s) for s in symbols]]
        frame.keys = {"energy": f"{energy(frame.cell, frame.positions, columns, amplitudes):.8f}", "method": "planted"}
        frames.append(frame)
    return frames


def write_coupling(path, remark, elements, u):
    rows = "\n".join(" ".join(f"{x:.12g}" for x in row) for row in u)
    path.write_text(f"# {remark}\n{' '.join(elements)}\n{rows}\n", encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--count", type=int, default=900)
    parser.add_argument("--unseen", type=int, default=200)
    parser.add_argument("--starts", type=int, default=6)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    rng = np.random.Generator(np.random.Philox(options.seed))
    elements, u = coupling(rng)
    amplitudes = rng.normal(0, 1, (3, len(SHELLS)))
    pairs = unseen_pairs(rng, elements)
    options.folder.mkdir(parents=True, exist_ok=True)
    for name, count, accept in (("planted", options.count, lambda s: not any(pair <= s for pair in pairs)),
                                ("unseen", options.unseen, lambda s: any(pair <= s for pair in pairs))):
        frames = crystals(rng, count, accept, elements, u, amplitudes)
        xyz_archive.write_archive(options.folder / f"{name}.xyz.xz", frames)
        per_atom = [float(f.keys["energy"]) / len(f.symbols) for f in frames]
        print(f"{options.folder / name}.xyz.xz: {len(frames)} crystals, standard deviation {np.std(per_atom):.3f} eV/atom")
    write_coupling(options.folder / "truth.txt", "the coupling that made the energies", elements, u)
    for k in range(1, options.starts + 1):
        # A common part, so that no element is without a place to begin from.
        start = rng.normal([[0.5], [0.0]], 0.5, u.shape)
        write_coupling(options.folder / f"start_{k}.txt", "at random", elements, start)
    groups = "".join(f"{name}: {' '.join(members)}\n" for name, members in GROUPS.items())
    (options.folder / "groups.txt").write_text(groups, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
