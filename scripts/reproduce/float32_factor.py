#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Does a float32 Cholesky factor help as preconditioner of a float64 conjugate-gradient solve of (K + lambda I) x = y?

    soapstone kernel --data.structures molecules.xyz ... --output kernel.h5
    scripts/reproduce/float32_factor.py kernel.h5

For lambda (relative to the mean diagonal of K) from 1e-3 to 1e-9 it shows whether K + lambda I has a float32 factor, how much must
be added to its diagonal otherwise, and how many iterations (products with K) reduce the residual to 1e-12 of y, together with the
time of a float64 factorisation and solve.
"""
import argparse
import time

import h5py
import numpy as np
from scipy.linalg import cho_factor, cho_solve


def float32_factor(matrix, scale):
    """Returns the factor, and what had to be added to the diagonal, relative to the mean diagonal."""
    jitter = 0.0
    while True:
        shifted = (matrix + jitter * scale * np.eye(len(matrix))).astype(np.float32)
        try:
            return cho_factor(shifted, lower=True, overwrite_a=True), jitter
        except np.linalg.LinAlgError:
            jitter = 10 * jitter if jitter else 1e-8


def conjugate_gradients(matrix, y, precondition, tolerance=1e-12, most=2000):
    x, r = np.zeros_like(y), y.copy()
    z = precondition(r)
    p, rz = z.copy(), r @ z
    for iteration in range(1, most + 1):
        product = matrix @ p
        step = rz / (p @ product)
        x += step * p
        r -= step * product
        if np.linalg.norm(r) < tolerance * np.linalg.norm(y):
            return x, iteration
        z = precondition(r)
        rz, before = r @ z, rz
        p = z + rz / before * p
    return x, most


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kernel", help="HDF5 file of `soapstone kernel`")
    arguments = parser.parse_args()
    with h5py.File(arguments.kernel) as file:
        kernel = file["/kernel"][:]
    n, scale = len(kernel), kernel.trace() / len(kernel)
    y = np.random.default_rng(1).normal(size=n)
    y -= y.mean()
    print(f"N = {n}\nlambda    float64 s  float32 s  added to diagonal  iterations  iterations s")
    for exponent in range(-3, -10, -1):
        matrix = kernel + 10.0**exponent * scale * np.eye(n)
        begin = time.perf_counter()
        cho_solve(cho_factor(matrix, lower=True), y)
        double = time.perf_counter() - begin
        begin = time.perf_counter()
        factor, jitter = float32_factor(matrix, scale)
        single = time.perf_counter() - begin
        begin = time.perf_counter()
        _, iterations = conjugate_gradients(matrix, y,
                                            lambda r: cho_solve(factor, r.astype(np.float32)).astype(np.float64))
        print(f"{10.0**exponent:7.0e}  {double:9.3f}  {single:9.3f}  {jitter:17.0e}  {iterations:10d}  "
              f"{time.perf_counter() - begin:12.3f}", flush=True)


if __name__ == "__main__":
    main()
