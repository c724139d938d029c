// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <span>
#include <vector>

namespace soapstone::soap {

/// Gaussian-type functions (see RadialBasis::gto). Computed with 50 digits, because the functions are nearly
/// linearly dependent, and rounded once.
std::vector<double> gto_basis(int n_max, double cutoff, std::span<const double> points);

/// Width of the n-th Gaussian-type function, Å: r_c max(sqrt n, 1) / n_max.
double gto_width(int n, int n_max, double cutoff);

} // namespace soapstone::soap
