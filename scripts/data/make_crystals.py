#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
"""Makes inputs/data/crystals.xyz.xz: ionic crystals with a TOY energy in closed form.

Rock salts (2-atom primitive and 8-atom conventional cells), cubic perovskites ABX3 (5 atoms) and elpasolites
A2BCX6 (10-atom primitive cells). Lattice constants come from contacts of ionic radii. Of each compound one cell is
ideal (of rock salts the primitive one: two ideal cells of one crystal would be duplicates to any model per atom);
all others get a small random strain and random displacements, so they are triclinic. Needs numpy only.

The energy per cell, in eV, with formal charges q, ionic radii s and r the distance of a pair:

    E = 1/2 Σ_i Σ_{j, r < R} [ φ_ij(r) - φ_ij(R) - (r - R) φ_ij'(R) ] - C0 Σ_i q_i²
    φ_ij(r) = k q_i q_j erfc(a r)/r + b (1 + q_i/8 + q_j/8) exp((s_i + s_j - r)/h)
    C0 = k [ erfc(a R)/(2R) + a/sqrt(π) ]

j runs over all atoms and periodic images but i itself. This is the damped shifted-force Coulomb sum of Fennell
and Gezelter, J. Chem. Phys. 124, 234104 (2006), doi:10.1063/1.2206581 (its self term after Wolf et al., J. Chem.
Phys. 110, 8254 (1999), doi:10.1063/1.478738), plus Born-Mayer repulsion with the size rule of Huggins and Mayer,
J. Chem. Phys. 1, 643 (1933), doi:10.1063/1.1749344. It is NOT a quantum-mechanical energy: it serves tests of
periodic structures, where a target that anyone can recompute is worth more than a realistic one.
"""
import argparse
import math
import sys
from pathlib import Path

import numpy as np

import xyz_archive

COULOMB = 14.399645    # k = e²/(4πε0), eV Å
DAMPING = 0.20         # a, 1/Å
CUTOFF = 12.0          # R, Å
REPULSION = 0.21       # b, eV
HARDNESS = 0.33        # h, Å
STRAIN = 0.03          # largest component of the random symmetric strain
DISPLACEMENT = 0.06    # standard deviation per Cartesian component, Å

# Formal charge and ionic radius in Å (Shannon, Acta Cryst. A32, 751 (1976), coordination six).
IONS = {"Li": (1, 0.76), "Na": (1, 1.02), "K": (1, 1.38), "Cs": (1, 1.67),
        "Mg": (2, 0.72), "Ca": (2, 1.00), "Sr": (2, 1.18), "Ba": (2, 1.35),
        "Al": (3, 0.535), "Sc": (3, 0.745), "Y": (3, 0.90), "Ti": (4, 0.605), "Zr": (4, 0.72),
        "O": (-2, 1.40), "F": (-1, 1.33), "Cl": (-1, 1.81), "Br": (-1, 1.96)}
ROCK_SALTS = [m + x for m in ("Li ", "Na ", "K ") for x in ("F", "Cl", "Br")] + \
             [m + "O" for m in ("Mg ", "Ca ", "Sr ", "Ba ")]
PEROVSKITES = [f"{a} {b} {x}" for a, b, x in (
    ("Na", "Mg", "F"), ("K", "Mg", "F"), ("K", "Ca", "F"), ("Cs", "Ca", "F"), ("Cs", "Sr", "F"), ("Cs", "Ca", "Cl"),
    ("Cs", "Sr", "Cl"), ("Cs", "Mg", "Br"), ("Ca", "Ti", "O"), ("Sr", "Ti", "O"), ("Ba", "Ti", "O"),
    ("Sr", "Zr", "O"), ("Ba", "Zr", "O"))]
ELPASOLITES = [f"{a} {b} {c} {x}" for a, b in (("K", "Na"), ("Cs", "Na"), ("Cs", "K"))
               for c in ("Al", "Sc", "Y") for x in ("F", "Cl")]
FACE_CENTRED = np.array([[0.0, 0.5, 0.5], [0.5, 0.0, 0.5], [0.5, 0.5, 0.0]])


def radius(ion):
    return IONS[ion][1]


def rock_salt(ions, conventional):
    """Fm-3m, cation at 0 and anion at 1/2 of the cube's edge: a = 2 (r_M + r_X)."""
    m, x = ions
    edge = 2 * (radius(m) + radius(x))
    if not conventional:
        return [m, x], edge * FACE_CENTRED, edge * np.array([[0, 0, 0], [0.5, 0.5, 0.5]])
    corners = np.vstack([np.zeros(3), FACE_CENTRED])
    return [m] * 4 + [x] * 4, edge * np.eye(3), edge * np.vstack([corners, corners + [0.5, 0.0, 0.0]])


def perovskite(ions):
    """Pm-3m, B at the corner, A at the centre, X on the edges; the larger of the B-X and A-X contacts decides a."""
    a, b, x = ions
    edge = max(2 * (radius(b) + radius(x)), math.sqrt(2) * (radius(a) + radius(x)))
    sites = [[0.5, 0.5, 0.5], [0, 0, 0], [0.5, 0, 0], [0, 0.5, 0], [0, 0, 0.5]]
    return [a, b, x, x, x], edge * np.eye(3), edge * np.array(sites)


def elpasolite(ions):
    """Fm-3m, A2BCX6: C at 0, B at 1/2, A at ±1/4, X around C; B-X-C contacts along the edge of the cube."""
    a, b, c, x = ions
    edge = 2 * (radius(b) + radius(c) + 2 * radius(x))
    u = (radius(c) + radius(x)) / edge
    octahedron = np.vstack([u * np.eye(3), -u * np.eye(3)])
    sites = np.vstack([[[0.25] * 3, [-0.25] * 3, [0.5] * 3, [0.0] * 3], octahedron])
    return [a, a, b, c] + [x] * 6, edge * FACE_CENTRED, edge * sites


def lattice_shifts(cell):
    """All lattice vectors that can bring an atom of the cell within the cutoff of another one."""
    heights = 1 / np.linalg.norm(np.linalg.inv(cell), axis=0)  # distances between opposite faces
    spans = [int(math.ceil(CUTOFF / h)) + 1 for h in heights]  # + 1: atoms may sit outside the cell
    axes = [np.arange(-n, n + 1) for n in spans]
    return np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, 3) @ cell


erfc = np.vectorize(math.erfc)  # numpy has none of its own


def pair_energy(r, charges, strength, contact):
    """φ(r) and φ'(r); charges = q_i q_j, strength = b (1 + q_i/8 + q_j/8), contact = s_i + s_j."""
    repulsion = strength * np.exp((contact - r) / HARDNESS)
    coulomb = COULOMB * charges * erfc(DAMPING * r) / r
    gaussian = 2 * DAMPING / math.sqrt(math.pi) * np.exp(-(DAMPING * r) ** 2)
    slope = -coulomb / r - COULOMB * charges * gaussian / r - repulsion / HARDNESS
    return coulomb + repulsion, slope


def toy_energy(frame):
    """The formula at the head of this file, in eV per cell."""
    q = np.array([IONS[s][0] for s in frame.symbols], dtype=float)
    size = np.array([IONS[s][1] for s in frame.symbols])
    gaps = frame.positions[None, :, None] - frame.positions[:, None, None] + lattice_shifts(frame.cell)
    r = np.linalg.norm(gaps, axis=-1)
    i, j, image = np.nonzero((r < CUTOFF) & (r > 1e-6))
    pairs = q[i] * q[j], REPULSION * (1 + q[i] / 8 + q[j] / 8), size[i] + size[j]
    r = r[i, j, image]
    value, _ = pair_energy(r, *pairs)
    edge_value, edge_slope = pair_energy(np.full_like(r, CUTOFF), *pairs)
    self_term = COULOMB * (math.erfc(DAMPING * CUTOFF) / (2 * CUTOFF) + DAMPING / math.sqrt(math.pi)) * (q @ q)
    return 0.5 * np.sum(value - edge_value - (r - CUTOFF) * edge_slope) - self_term


def distorted(rng, cell, positions):
    """A random symmetric strain of cell and positions, then random displacements."""
    strain = rng.uniform(-STRAIN, STRAIN, (3, 3))
    deformation = np.eye(3) + (strain + strain.T) / 2
    return cell @ deformation, positions @ deformation + rng.normal(0, DISPLACEMENT, positions.shape)


def variants(rng, prototype, label, ions, build, count):
    """`count` frames of one compound; the first one ideal, except for conventional cells."""
    for index in range(count):
        symbols, cell, positions = build(ions)
        if index > 0 or prototype == "rocksalt-conventional":
            cell, positions = distorted(rng, cell, positions)
        # The energy belongs to the coordinates as written, so it can be recomputed from the file.
        frame = xyz_archive.rounded(xyz_archive.Frame(symbols, positions, {}, cell))
        frame.keys = {"energy": f"{toy_energy(frame):.8f}", "energy_unit": "eV", "prototype": prototype,
                      "compound": label, "method": "toy-DSF-Born-Mayer"}
        yield frame


def crystals(seed, per_compound):
    rng = np.random.Generator(np.random.Philox(seed))
    kinds = [("rocksalt-primitive", ROCK_SALTS, lambda ions: rock_salt(ions, False), "{}{}"),
             ("rocksalt-conventional", ROCK_SALTS, lambda ions: rock_salt(ions, True), "{}{}"),
             ("perovskite", PEROVSKITES, perovskite, "{}{}{}3"),
             ("elpasolite", ELPASOLITES, elpasolite, "{}2{}{}{}6")]
    frames = []
    for prototype, compounds, build, label in kinds:
        for compound in compounds:
            ions = compound.split()
            frames += variants(rng, prototype, label.format(*ions), ions, build, per_compound)
    order = np.argsort(rng.random(len(frames)), kind="stable")
    return [frames[i] for i in order]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=Path, default=Path(__file__).resolve().parents[2] / "inputs/data/crystals.xyz.xz")
    parser.add_argument("--per-compound", type=int, default=5)
    parser.add_argument("--count", type=int, help="keep only the first COUNT frames")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    frames = crystals(options.seed, options.per_compound)[:options.count]
    xyz_archive.write_archive(options.output, frames)
    print(f"- numpy {np.__version__}; seed {options.seed}")
    kinds = [f.keys["prototype"] for f in frames]
    print("- " + ", ".join(f"{kind}: {kinds.count(kind)}" for kind in sorted(set(kinds))))
    return 0 if xyz_archive.report(options.output) else 1


if __name__ == "__main__":
    sys.exit(main())
