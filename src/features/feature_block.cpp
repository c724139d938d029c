// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/features/feature_block.hpp"

#include <algorithm>
#include <numeric>

namespace soapstone::features {

std::int64_t FeatureGroup::rows() const {
  return std::accumulate(environments.begin(), environments.end(), std::int64_t{0});
}

std::size_t FeatureBlock::bytes() const {
  std::size_t total = 0;
  for (const FeatureGroup& group : groups)
    total += group.values.size() * sizeof(double);
  return total;
}

std::int64_t FeatureLayout::total_width() const {
  return std::accumulate(widths.begin(), widths.end(), std::int64_t{0});
}

namespace {

// First row of each structure of the block when all environments stand in structure order; one more entry for
// the end.
std::vector<std::int64_t> first_rows(const FeatureBlock& block) {
  std::vector<std::int64_t> starts(static_cast<std::size_t>(block.structures) + 1, 0);
  for (const FeatureGroup& group : block.groups)
    for (std::size_t i = 0; i < group.structures.size(); ++i)
      starts[static_cast<std::size_t>(group.structures[i]) + 1] = group.environments[i];
  std::partial_sum(starts.begin(), starts.end(), starts.begin());
  return starts;
}

} // namespace

std::vector<double> to_dense(const FeatureBlock& block, const FeatureLayout& layout) {
  std::vector<std::int64_t> columns(layout.widths.size(), 0);
  std::exclusive_scan(layout.widths.begin(), layout.widths.end(), columns.begin(), std::int64_t{0});
  const std::vector<std::int64_t> starts = first_rows(block);
  const std::int64_t width = layout.total_width();
  std::vector<double> dense(static_cast<std::size_t>(starts.back() * width), 0.0);
  for (const FeatureGroup& group : block.groups) {
    const double* row = group.values.data();
    for (std::size_t i = 0; i < group.structures.size(); ++i) {
      double* to = dense.data() + starts[static_cast<std::size_t>(group.structures[i])] * width;
      for (std::int32_t environment = 0; environment < group.environments[i];
           ++environment, row += group.width, to += width)
        for (const Segment& segment : group.segments)
          std::copy_n(row + segment.offset, segment.width,
                      to + columns[static_cast<std::size_t>(segment.id)]);
    }
  }
  return dense;
}

} // namespace soapstone::features
