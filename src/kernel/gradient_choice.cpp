// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/kernel/gradient_choice.hpp"

#include <algorithm>

namespace soapstone::kernel {

double tiled_operations(const GradientSize& size) {
  return 4 * size.numbers * size.numbers / static_cast<double>(size.width);
}

double low_rank_operations(const GradientSize& size) {
  return size.numbers *
         (3 * size.vectors * size.numbers / size.environments + 4 * size.environments / size.structures);
}

std::int64_t form_bytes(const GradientSize& size) {
  return static_cast<std::int64_t>(sizeof(double)) * size.width * size.width;
}

std::int64_t forms_at_once(const GradientSize& size, std::int64_t memory) {
  if (size.zeta != 2 || size.columns == 0 || size.width == 0 || size.environments == 0)
    return 0;
  if (low_rank_operations(size) >= tiled_operations(size))
    return 0;
  return std::clamp<std::int64_t>(memory / form_bytes(size), 0, 2 * size.columns);
}

} // namespace soapstone::kernel
