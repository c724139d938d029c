# SPDX-License-Identifier: BSD-3-Clause
"""Compares a learnt coupling with the known one from which the energies were computed."""
import json

import numpy as np

from .inputs import Coupling, InputError


def aligned(path, elements, kernel=1):
    """Returns the u of a file with its columns in the order of `elements`."""
    coupling = Coupling(path, kernel)
    missing = [symbol for symbol in elements if symbol not in coupling.elements]
    if missing:
        raise InputError(f"{path}: 'elements' does not contain {', '.join(missing)}")
    return np.array(coupling.rows, float)[:, [coupling.elements.index(symbol) for symbol in elements]]


def misalignment(u, truth):
    """Returns the square of the sine of the largest angle between the spaces that the rows span. It is 0 if these are the
    same combinations of elements and 1 if one of them is lost, whatever invertible mixing or scale the channels have."""
    cosines = np.linalg.svd(np.linalg.qr(truth.T)[0].T @ np.linalg.qr(u.T)[0], compute_uv=False)
    return float(max(0.0, 1 - min(1.0, cosines.min())**2))


def correlation(u, truth):
    """Returns the Pearson correlation of the elements of κ above the diagonal, which a rotation or a common scale does not change."""
    upper = np.triu_indices(u.shape[1], 1)
    return float(np.corrcoef((u.T @ u)[upper], (truth.T @ truth)[upper])[0, 1])


def mixed(u, truth):
    """Returns the combination of the channels of u that comes closest to the truth (least squares)."""
    return np.linalg.lstsq(u.T, truth.T, rcond=None)[0].T @ u


def compare_couplings(options):
    """Prints how well the coupling of a file agrees with the true one, and writes the numbers to --output."""
    known = Coupling(options.truth)
    truth = np.array(known.rows, float)
    u = aligned(options.inputs[0], known.elements, options.kernel)
    if len(truth) > len(u):
        raise InputError(f"{options.inputs[0]}: 'u' has {len(u)} channels, but the true u has {len(truth)}")
    best = mixed(u, truth)
    result = {"misalignment": misalignment(u, truth), "kappa_correlation": correlation(u, truth),
              "kappa_correlation_best_mixing": correlation(best, truth),
              "unexplained_variance": float(np.sum((best - truth)**2) / np.sum(truth**2))}
    print(f"misalignment of row spaces (0: equal, 1: orthogonal) {result['misalignment']:.4f}")
    print(f"correlation of the elements of kappa                 {result['kappa_correlation']:.4f}")
    print(f"  after the best mixing of channels                  {result['kappa_correlation_best_mixing']:.4f}")
    print(f"part of the true u that no mixing of channels gives  {result['unexplained_variance']:.4f}")
    if options.output:
        try:
            with open(options.output, "w", encoding="utf-8") as file:
                file.write(json.dumps({"file": options.inputs[0], "truth": options.truth, **result}, indent=2) + "\n")
        except OSError as error:
            raise InputError(f"{options.output}: cannot be written: {error.strerror}") from None
        print(options.output)
