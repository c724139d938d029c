// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <span>
#include <vector>

namespace soapstone::soap {

/// A radial basis: n_max functions at `points` (Å), row-major points x n_max, in Å^-3/2, orthonormal under x²
/// dx on [0, inf) and smooth on the scale of cutoff / n_max. Asked for up to ten widths of the density's
/// Gaussians beyond the cutoff, where the quadrature ends.
using RadialBasis = std::vector<double> (*)(int n_max, double cutoff, std::span<const double> points);

/// Width of the n-th Gaussian-type function, Å: r_c max(sqrt n, 1) / n_max.
double gto_width(int n, int n_max, double cutoff);

/// The orthonormal radial functions R_0 .. R_{n_max - 1} at `points` (Å), row-major points x n_max, in
/// Å^-3/2: Gaussian-type functions x^n exp(-x² / 2 gto_width(n)²), orthonormalised in this order under x² dx
/// on [0, inf). Computed with 50 digits, because the functions are nearly linearly dependent, and rounded
/// once. Throws NumericalError where even 50 digits do not separate them.
std::vector<double> radial_basis(int n_max, double cutoff, std::span<const double> points);

} // namespace soapstone::soap
