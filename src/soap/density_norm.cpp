// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/soap/density_norm.hpp"

#include "soapstone/base/simd.hpp"

namespace soapstone::soap {

namespace {

double sum_of(const simd::Vector& vector) {
  double sum = 0;
  for (int lane = 0; lane < simd::lanes; ++lane)
    sum += vector[lane];
  return sum;
}

double product(const double* a, const double* b, int count) {
  simd::Vector sums[2] = {};
  int i = 0;
  for (; i + 2 * simd::lanes <= count; i += 2 * simd::lanes)
    for (long v = 0; v < 2; ++v)
      sums[v] += simd::load(a + i + v * simd::lanes) * simd::load(b + i + v * simd::lanes);
  double total = sum_of(sums[0] + sums[1]);
  for (; i < count; ++i)
    total += a[i] * b[i];
  return total;
}

} // namespace

double power_spectrum_norm_squared(DensityView density) {
  const auto& shape = density.shape;
  const int width = shape.channels * shape.n_max;
  double total = 0;
  for (int l = 0; l <= shape.l_max; ++l) {
    const double* rows = density.values + shape.offset(l * l);
    double sum = 0;
    for (int m = 0; m < 2 * l + 1; ++m)
      for (int k = 0; k <= m; ++k) {
        const double overlap = product(rows + shape.offset(m), rows + shape.offset(k), width);
        sum += (k == m ? 1 : 2) * overlap * overlap;
      }
    total += sum / (2 * l + 1);
  }
  return total;
}

double radial_spectrum_norm_squared(DensityView density) {
  return simd::sum_of_squares(density.values, long{density.shape.channels} * density.shape.n_max);
}

} // namespace soapstone::soap
