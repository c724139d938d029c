// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/soap/cutoff_function.hpp"

#include <cmath>
#include <numbers>

namespace soapstone::soap {

double cutoff_function(double r, double cutoff, double width) {
  if (r >= cutoff)
    return 0;
  if (r <= cutoff - width)
    return 1;
  return 0.5 * (1 + std::cos(std::numbers::pi * (r - cutoff + width) / width));
}

} // namespace soapstone::soap
