// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/soap/feature_block.hpp"

#include <cstdint>
#include <vector>

namespace soapstone::kernel {

/// Consecutive columns that two groups share.
struct SharedRun {
  std::int64_t row_offset, col_offset, width;
};

/// Shared segments, neighbouring ones joined so that the products have a long inner dimension.
std::vector<SharedRun> shared_runs(const soap::FeatureGroup& rows, const soap::FeatureGroup& cols);

/// Whole structures [first, last) of a group and their environments [env_first, env_last).
struct Chunk {
  std::size_t first, last;
  std::int64_t env_first, env_last;
  std::int64_t size() const { return env_last - env_first; }
};

/// All structures of a group, at most `limit` environments in each chunk that has more than one structure.
std::vector<Chunk> chunks_of(const soap::FeatureGroup& group, std::int64_t limit);

} // namespace soapstone::kernel
