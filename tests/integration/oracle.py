# SPDX-License-Identifier: BSD-3-Clause
"""Kernels and kernel ridge regression again, by numpy and scikit-learn, from the feature vectors that the program writes.

The formulas are those of Willatt, Musil, Ceriotti, Phys. Chem. Chem. Phys. 20, 29661 (2018), doi:10.1039/C8CP05921G.
"""
import h5py
import numpy as np

# CODATA 2018; the joule, the mole and (thermochemical) calorie are exact.
ELEMENTARY_CHARGE, AVOGADRO = 1.602176634e-19, 6.02214076e23
UNITS = {"eV": 1.0, "meV": 1e-3, "hartree": 27.211386245988, "kJ/mol": 1e3 / (AVOGADRO * ELEMENTARY_CHARGE),
         "kcal/mol": 4184 / (AVOGADRO * ELEMENTARY_CHARGE)}


def read_features(path):
    """The environment vectors of each structure."""
    with h5py.File(path, "r") as file:
        rows, owner, atom = file["features"][:], file["environment_structure"][:], file["environment_atom"][:]
    structures = [np.flatnonzero(owner == index) for index in range(owner.max() + 1)]
    return [rows[mine[np.argsort(atom[mine])]] for mine in structures]


def read_kernel(path):
    with h5py.File(path, "r") as file:
        return file["kernel"][:]


def kernel(rows, columns, zeta):
    """K_AB = mean over j in A and k in B of (p_j . p_k)^zeta (eqs. 10 and 11)."""
    return np.array([[np.mean((a @ b.T)**zeta) for b in columns] for a in rows])


def fractions(frames, elements):
    return np.array([[frame.species.count(element) / len(frame.species) for element in elements] for frame in frames])


def composition(frames, per_atom, elements):
    """Energy of each element: least squares of the energies per atom in the composition."""
    return np.linalg.lstsq(fractions(frames, elements), per_atom, rcond=None)[0]


def ridge(matrix, per_atom, regularization):
    """Coefficients x of (K + λ I) x = y (eq. 19), λ relative to the mean of the diagonal of K."""
    from sklearn.kernel_ridge import KernelRidge
    model = KernelRidge(alpha=regularization * np.mean(np.diag(matrix)), kernel="precomputed")
    return model.fit(matrix, per_atom).dual_coef_
