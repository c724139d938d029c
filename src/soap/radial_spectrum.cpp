// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/soap/radial_spectrum.hpp"

#include "soapstone/base/simd.hpp"

#include <algorithm>

namespace soapstone::soap {

double radial_spectrum(DensityView density, std::span<double> features) {
  const int width = density.shape.channels * density.shape.n_max;
  std::copy_n(density.values, width, features.begin());
  return simd::sum_of_squares(features.data(), width);
}

} // namespace soapstone::soap
