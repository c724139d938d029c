// SPDX-License-Identifier: BSD-3-Clause
#include "shared_runs.hpp"

#include <algorithm>

namespace soapstone::kernel {

using features::FeatureGroup;

std::vector<SharedRun> shared_runs(const FeatureGroup& rows, const FeatureGroup& cols) {
  std::vector<SharedRun> runs;
  auto r = rows.segments.begin();
  auto c = cols.segments.begin();
  while (r != rows.segments.end() && c != cols.segments.end()) {
    if (r->id < c->id) {
      ++r;
    } else if (c->id < r->id) {
      ++c;
    } else {
      const bool joins = !runs.empty() && runs.back().row_offset + runs.back().width == r->offset &&
                         runs.back().col_offset + runs.back().width == c->offset;
      if (joins)
        runs.back().width += r->width;
      else
        runs.push_back({r->offset, c->offset, r->width});
      ++r;
      ++c;
    }
  }
  return runs;
}

std::vector<Chunk> chunks_of(const FeatureGroup& group, std::int64_t limit) {
  std::vector<Chunk> chunks;
  std::int64_t at = 0;
  for (std::size_t s = 0; s < group.structures.size(); ++s) {
    const auto rows = group.environments[s];
    for (std::int32_t done = 0, count = 0; done < rows; done += count, at += count) {
      count = static_cast<std::int32_t>(std::min<std::int64_t>(rows - done, limit));
      if (chunks.empty() || chunks.back().size() + count > limit)
        chunks.push_back({{}, at, at});
      chunks.back().structures.push_back({group.structures[s], count, group.size(s)});
      chunks.back().env_last += count;
    }
  }
  return chunks;
}

} // namespace soapstone::kernel
