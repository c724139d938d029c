// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace soapstone::regression {

/// Positions of the training and test structures in a data set, in the order in which they are used.
struct Split {
  std::vector<std::int64_t> train, test;
};

/// Draws a test set of `test` and a training set of `train` (nothing: all the rest) out of `size` structures.
/// The test set comes first in the random order of `seed`, so it stays the same while training sets of
/// growing size are nested. `repeat` gives further independent splits. Throws ConfigError (key data.train or
/// data.test) when there are not enough structures.
Split draw_split(std::int64_t size, std::optional<std::int64_t> train, std::int64_t test, std::uint64_t seed,
                 std::uint64_t repeat = 0);

} // namespace soapstone::regression
