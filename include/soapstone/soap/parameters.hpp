// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <vector>

namespace soapstone::soap {

/// Radial scaling u(r) of eq. 21 of Willatt, Musil, Ceriotti, PCCP 20, 29661 (2018), doi:10.1039/C8CP05921G:
/// rate c = 0: (r/scale)^-exponent; exponent m = 0: 1; else c / (c + (r/scale)^m).
struct RadialScaling {
  double scale = 2.0;    ///< r0, Å
  double exponent = 7.0; ///< m
  double rate = 1.0;     ///< c
};

inline constexpr double steepest_exponent = 1000; ///< a step
/// Of sigma to the cutoff; the radial table grows with its inverse.
inline constexpr double finest_width_ratio = 0.002;
/// Of sigma to the cutoff: flat, and quadrature ends in what can be told apart.
inline constexpr double coarsest_width_ratio = 100;

/// Everything that defines the environment features, apart from the species coupling. Lengths in Å.
struct SoapParameters {
  double cutoff = 5.0;         ///< r_c
  double cutoff_width = 0.5;   ///< Δ of the cosine cutoff
  double gaussian_width = 0.3; ///< σ
  int n_max = 12;              ///< number of radial functions
  int l_max = 9;               ///< largest angular channel
  double central_weight = 1.0; ///< u0
  int body_order = 3;          ///< 3: power spectrum (ν = 2), 2: radial spectrum (ν = 1)
  bool normalize = true;       ///< unit environment vectors
  RadialScaling scaling;

  /// Throws ConfigError naming the key (soap.cutoff, ...) of the first value that makes no sense.
  void validate() const;
};

} // namespace soapstone::soap
