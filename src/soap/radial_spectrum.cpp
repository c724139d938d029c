// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/soap/radial_spectrum.hpp"

#include "simd.hpp"

#include <algorithm>

namespace soapstone::soap {

double radial_spectrum(const DensityShape& shape, const double* density, double* features) {
  const int width = shape.channels * shape.n_max;
  std::copy_n(density, width, features);
  return simd::sum_of_squares(features, width);
}

} // namespace soapstone::soap
