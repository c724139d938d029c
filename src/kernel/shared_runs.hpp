// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/features/feature_block.hpp"

#include <cstdint>
#include <vector>

namespace soapstone::kernel {

/// Consecutive columns that two groups share.
struct SharedRun {
  std::int64_t row_offset, col_offset, width;
};

/// Shared segments, neighbouring ones joined so that the products have a long inner dimension.
std::vector<SharedRun> shared_runs(const features::FeatureGroup& rows, const features::FeatureGroup& cols);

/// The rows of one structure in a chunk.
struct StructureRows {
  std::int32_t structure; ///< position in the block
  std::int32_t count;
  std::int32_t size; ///< N, environments of the structure, of which `count` may be a part
};

/// Consecutive rows [env_first, env_last) of a group, and the structures to which they belong.
struct Chunk {
  std::vector<StructureRows> structures;
  std::int64_t env_first = 0, env_last = 0;
  std::int64_t size() const { return env_last - env_first; }
};

/// Returns all rows of a group in chunks of at most `limit`. A structure that has more is cut, any other
/// stays whole.
std::vector<Chunk> chunks_of(const features::FeatureGroup& group, std::int64_t limit);

} // namespace soapstone::kernel
