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

std::int64_t gradient_memory(const GradientSize& size, std::int64_t features, std::int64_t block,
                             std::int64_t memory) {
  const auto forms = forms_at_once(size, memory);
  const auto rows = static_cast<std::int64_t>(sizeof(double)) * form_rows_at_once * size.width;
  return forms > 0 ? forms * form_bytes(size) + block + rows : std::max(std::min(features, memory), block);
}

} // namespace soapstone::kernel
