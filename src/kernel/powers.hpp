// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <array>
#include <cstddef>

namespace soapstone::kernel {

/// x^exponent of several numbers at once, exponent >= 1, by repeated squaring: the cost grows with the
/// logarithm of the exponent.
template <std::size_t Count>
std::array<double, Count> powers(const double* x, int exponent) {
  std::array<double, Count> result, square;
  for (std::size_t i = 0; i < Count; ++i) {
    square[i] = x[i];
    result[i] = exponent % 2 != 0 ? x[i] : 1.0;
  }
  for (int rest = exponent / 2; rest > 0; rest /= 2) {
    for (std::size_t i = 0; i < Count; ++i)
      square[i] *= square[i];
    if (rest % 2 != 0)
      for (std::size_t i = 0; i < Count; ++i)
        result[i] *= square[i];
  }
  return result;
}

} // namespace soapstone::kernel
