// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/soap/spherical_harmonics.hpp"

#include "soapstone/base/check.hpp"
#include "soapstone/base/simd.hpp"

#include <cmath>
#include <cstddef>
#include <numbers>

namespace soapstone::soap {
SphericalHarmonics::SphericalHarmonics(int l_max) : l_max_(l_max) {
  expects(l_max >= 0, "spherical harmonics need l_max >= 0");
  const auto rows = static_cast<std::size_t>(l_max) + 1;
  start_.resize(rows);
  step_.resize(rows * rows);
  subtract_.resize(rows * rows);
  // P_mm / sin^m theta = sqrt((2 - delta_m0) (2m + 1)!! / (2m)!! / 4 pi), positive by convention.
  double square = 1 / (4 * std::numbers::pi);
  for (std::size_t m = 0; m < rows; ++m) {
    if (m > 0)
      square *= (m == 1 ? 2.0 : 1.0) * static_cast<double>(2 * m + 1) / static_cast<double>(2 * m);
    start_[m] = std::sqrt(square);
    for (std::size_t l = m + 1; l < rows; ++l) {
      const auto dl = static_cast<double>(l), dm = static_cast<double>(m);
      const double span = dl * dl - dm * dm;
      step_[m * rows + l] = std::sqrt((4 * dl * dl - 1) / span);
      if (l > m + 1)
        subtract_[m * rows + l] =
            std::sqrt(((dl - 1) * (dl - 1) - dm * dm) * (2 * dl + 1) / ((2 * dl - 3) * span));
    }
  }
}

void SphericalHarmonics::evaluate_lanes(const double* x, const double* y, const double* z,
                                        const double* weights, long stride, double* values) const {
  const long rows = l_max_ + 1;
  const simd::Vector vx = simd::load(x), vy = simd::load(y), vz = simd::load(z), weight = simd::load(weights);
  const simd::Vector zero = {};
  simd::Vector c = zero + 1.0, s = zero; // real and imaginary part of (x + iy)^m
  for (long m = 0; m < rows; ++m) {
    const double* step = &step_[static_cast<std::size_t>(m * rows)];
    const double* subtract = &subtract_[static_cast<std::size_t>(m * rows)];
    simd::Vector value = start_[static_cast<std::size_t>(m)] * weight, previous = zero;
    for (long l = m; l < rows; ++l) {
      simd::store(values + (l * l + l + m) * stride, value * c);
      if (m > 0)
        simd::store(values + (l * l + l - m) * stride, value * s);
      if (l + 1 == rows)
        break;
      const simd::Vector next = step[l + 1] * vz * value - subtract[l + 1] * previous;
      previous = value;
      value = next;
    }
    const simd::Vector turned = vx * c - vy * s;
    s = vx * s + vy * c;
    c = turned;
  }
}

void SphericalHarmonics::evaluate(int count, std::span<const double> x, std::span<const double> y,
                                  std::span<const double> z, std::span<const double> weights, int stride,
                                  std::span<double> values) const {
  expects(std::ssize(values) >= long{l_max_ + 1} * (l_max_ + 1) * stride, "room for the harmonics");
  for (int i = 0; i < count; i += simd::lanes)
    evaluate_lanes(x.data() + i, y.data() + i, z.data() + i, weights.data() + i, stride, values.data() + i);
}

} // namespace soapstone::soap
