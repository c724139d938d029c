// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <vector>

namespace soapstone::regression {

/// Folds of a cross-validation: fold f holds the positions order[offsets[f]] .. order[offsets[f + 1] - 1] of
/// a data set. A kernel assembled in this order has the folds as contiguous diagonal blocks.
struct Folds {
  std::vector<std::int64_t> order;      ///< every position once
  std::vector<std::int64_t> offsets{0}; ///< count() + 1 of them

  std::int64_t count() const noexcept { return static_cast<std::int64_t>(offsets.size()) - 1; }
  std::int64_t begin(std::int64_t fold) const { return offsets.at(static_cast<std::size_t>(fold)); }
  std::int64_t end(std::int64_t fold) const { return begin(fold + 1); }
  std::int64_t size(std::int64_t fold) const { return end(fold) - begin(fold); }
};

/// Deals n structures into k folds at random; sizes differ by one at most. k = n is leave-one-out. A function
/// of n, k and seed alone. Throws ConfigError (key validation.folds) unless 2 <= k <= n.
Folds draw_folds(std::int64_t n, std::int64_t k, std::uint64_t seed);

} // namespace soapstone::regression
