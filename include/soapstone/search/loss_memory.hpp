// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>

namespace soapstone::search {

// The needs of HyperparameterLoss beside features, densities and matrices.

/// Structures whose gradients in the features before a projection exist at once.
inline constexpr std::int64_t gradients_at_once = 8;

/// Returns the bytes of the vectors of all folds: four arrays with a column for each fold and target.
constexpr std::int64_t fold_columns_memory(std::int64_t folds, std::int64_t structures,
                                           std::int64_t targets) {
  return static_cast<std::int64_t>(sizeof(double)) * 4 * folds * structures * targets;
}

} // namespace soapstone::search
