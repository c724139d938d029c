// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace soapstone::soap {

/// Radial functions that a density is expanded in.
enum class RadialBasis {
  gto, ///< Gaussian-type functions x^n exp(-x² / 2 gto_width(n)²), orthonormalised in this order
  /// (r_c - x)^(n + 3) within the cutoff, orthonormalised in this order: those of Bartók, Kondor, Csányi, PRB
  /// 87, 184115 (2013), doi:10.1103/PhysRevB.87.184115
  polynomial
};

/// Names of the radial bases in the order of their values.
inline constexpr std::string_view radial_basis_names = "gto|polynomial";

std::string to_string(RadialBasis basis);
/// Throws ConfigError (soap.radial-basis).
RadialBasis radial_basis_named(std::string_view name);

/// The functions R_0 .. R_{n_max - 1} of a basis at `points` (Å), row-major points x n_max, in Å^-3/2,
/// orthonormal under x² dx on [0, inf) and smooth on the scale of cutoff / n_max. Throws NumericalError where
/// even 50 digits do not tell the functions apart.
std::vector<double> radial_functions(RadialBasis basis, int n_max, double cutoff,
                                     std::span<const double> points);

/// Where the functions of a basis end, Å; infinity for Gaussians.
double radial_extent(RadialBasis basis, double cutoff);

/// Width of the n-th Gaussian-type function, Å: r_c max(sqrt n, 1) / n_max.
double gto_width(int n, int n_max, double cutoff);

} // namespace soapstone::soap
