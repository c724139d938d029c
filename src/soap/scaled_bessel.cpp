// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/soap/scaled_bessel.hpp"

#include <cmath>

namespace soapstone::soap {
namespace {

// exp(-z) sinh(z) / z.
double scaled_bessel_zero(double z) {
  return z == 0 ? 1.0 : -std::expm1(-2 * z) / (2 * z);
}

// Where the ratio recursion starts so that its starting error has died out at l: each step damps it by the
// square of a ratio, all steps together by about exp(-(start² - l²) / z).
int recursion_start(int l, double z) {
  return l + 12 + static_cast<int>(std::sqrt(40 * z));
}

} // namespace

void scaled_bessel(double z, std::span<double> values) {
  if (values.empty())
    return;
  const int last = static_cast<int>(values.size()) - 1;
  // Ratios q_l = i_{l+1} / i_l downwards, q_l = z / (2 l + 3 + z q_{l+1}): only positive terms, so nothing
  // cancels for any z.
  const int start = recursion_start(last, z);
  const double twice = 2 * start + 3;
  double ratio = 2 * z / (twice + std::sqrt(twice * twice + 4 * z * z));
  for (int l = start - 1; l >= last; --l)
    ratio = z / (2 * l + 3 + z * ratio);
  for (int l = last - 1; l >= 0; --l) {
    ratio = z / (2 * l + 3 + z * ratio);
    values[static_cast<std::size_t>(l) + 1] = ratio;
  }
  values[0] = scaled_bessel_zero(z);
  for (std::size_t l = 1; l < values.size(); ++l)
    values[l] *= values[l - 1];
}

} // namespace soapstone::soap
