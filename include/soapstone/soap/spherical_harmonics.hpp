// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <span>
#include <vector>

namespace soapstone::soap {

/// Position of (l, m) among the spherical harmonics: l² + l + m.
constexpr int harmonic_index(int l, int m) {
  return l * l + l + m;
}

/// Real orthonormal spherical harmonics: Y_lm proportional to cos(m phi) for m >= 0 and to sin(|m| phi) for m
/// < 0, positive near the positive axes (Y_1,-1 ~ y, Y_10 ~ z, Y_11 ~ x). Fully normalised associated
/// Legendre functions by forward recurrence over l (Holmes, Featherstone, J. Geodesy 76, 279 (2002),
/// doi:10.1007/s00190-002-0216-2) times real and imaginary part of (x + iy)^m: no angles.
class SphericalHarmonics {
public:
  explicit SphericalHarmonics(int l_max);

  int l_max() const { return l_max_; }

  /// Directions go in whole vectors: arrays must be readable, and rows of values writable, up to a multiple
  /// of this many.
  static constexpr int block = 8;

  /// values[harmonic_index(l, m) * stride + i] = weights[i] * Y_lm of the unit vector (x[i], y[i], z[i]) for
  /// i < count; `stride` is at least count rounded up to whole blocks, and the entries of a row past count
  /// may be written too.
  void evaluate(int count, std::span<const double> x, std::span<const double> y, std::span<const double> z,
                std::span<const double> weights, int stride, std::span<double> values) const;

private:
  void evaluate_lanes(const double* x, const double* y, const double* z, const double* weights, long stride,
                      double* values) const;

  int l_max_;
  std::vector<double> start_;    ///< normalisation of P_mm, by m
  std::vector<double> step_;     ///< of the recurrence: factor of z P_{l-1,m}; (l_max + 1)² entries, row m
  std::vector<double> subtract_; ///< of the recurrence: factor of P_{l-2,m}
};

} // namespace soapstone::soap
