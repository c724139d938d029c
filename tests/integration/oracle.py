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


def radial_functions(basis, n_max, cutoff, x, weights):
    """Functions of a radial basis at points of a quadrature, orthonormalised in their order by a QR factorisation there."""
    n = np.arange(n_max)
    if basis == "gto":
        width = cutoff * np.maximum(np.sqrt(n), 1) / n_max
        primitives = x[:, None]**n * np.exp(-x[:, None]**2 / (2 * width**2))
    else:  # polynomial
        primitives = np.maximum(1 - x[:, None] / cutoff, 0)**(n + 3)
    measure = np.sqrt(weights)[:, None] * x[:, None]
    return np.linalg.qr(measure * primitives)[0] / measure


def radial_integrals(basis, n_max, l_max, cutoff, sigma, distances):
    """I_nl(r) = 4 pi int x² R_n(x) exp(-(x² + r²) / 2 sigma²) i_l(x r / sigma²) dx as l x n x distances (eqs. 12, 13)."""
    from scipy.special import ive
    points, weights = np.polynomial.legendre.leggauss(16)
    edges = np.linspace(0, 4 * cutoff, 161)  # the cutoff is one of them
    half, middle = np.diff(edges)[:, None] / 2, (edges[1:] + edges[:-1])[:, None] / 2
    x, weights = (middle + half * points).ravel(), (half * weights).ravel()
    functions = radial_functions(basis, n_max, cutoff, x, weights)
    r = np.maximum(np.asarray(distances), 1e-9)  # i_l(z) has a limit at 0
    z = np.outer(x, r) / sigma**2
    gaussian = np.exp(-(x[:, None] - r)**2 / (2 * sigma**2)) * np.sqrt(np.pi / (2 * z))
    measure = 4 * np.pi * (weights * x**2)[:, None] * functions
    return np.array([measure.T @ (gaussian * ive(l + 0.5, z)) for l in range(l_max + 1)])


def soap_vectors(frame, elements, basis, n_max, l_max, cutoff, cutoff_width, sigma, r0, m):
    """Normalised power spectra of the atoms of a molecule (eqs. 2 to 9, 21), by the addition theorem of spherical harmonics."""
    from scipy.special import eval_legendre
    vectors = []
    for centre in frame.positions:
        bonds = frame.positions - centre
        r = np.linalg.norm(bonds, axis=1)
        cut = np.where(r < cutoff - cutoff_width, 1, 0.5 * (1 + np.cos(np.pi * (r - cutoff + cutoff_width) / cutoff_width)))
        weights = np.where(r < cutoff, cut, 0) / (1 + (r / r0)**m)
        integrals = weights * radial_integrals(basis, n_max, l_max, cutoff, sigma, r)
        cosines = np.clip(bonds @ bonds.T / np.maximum(np.outer(r, r), 1e-300), -1, 1)
        channels = np.array([[z == element for element in elements] for z in frame.species], float)
        spectrum = [np.sqrt(2 * l + 1) / (4 * np.pi) *
                    np.einsum("ia,ni,ij,mj,jb->anbm", channels, integrals[l], eval_legendre(l, cosines), integrals[l], channels)
                    for l in range(l_max + 1)]
        vectors.append(np.array(spectrum).ravel())
    return np.array([vector / np.linalg.norm(vector) for vector in vectors])
