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

/// Writes the rows of a group from `first` on, of `count` rows, to `to`, whose numbers are zero.
void spread_rows(const FeatureGroup& group, std::int64_t first, std::int64_t count,
                 const FeatureLayout& layout, double* to) {
  std::vector<std::int64_t> columns(layout.widths.size(), 0);
  std::exclusive_scan(layout.widths.begin(), layout.widths.end(), columns.begin(), std::int64_t{0});
  const auto width = layout.total_width();
  const double* row = group.values.data() + first * group.width;
  for (std::int64_t r = 0; r < count; ++r, row += group.width, to += width)
    for (const Segment& segment : group.segments)
      std::copy_n(row + segment.offset, segment.width, to + columns[static_cast<std::size_t>(segment.id)]);
}

} // namespace

std::vector<double> to_dense(const FeatureGroup& group, const FeatureLayout& layout) {
  std::vector<double> dense(static_cast<std::size_t>(group.rows() * layout.total_width()), 0.0);
  spread_rows(group, 0, group.rows(), layout, dense.data());
  return dense;
}

std::vector<double> to_dense(const FeatureBlock& block, const FeatureLayout& layout) {
  const std::vector<std::int64_t> starts = first_rows(block);
  const std::int64_t width = layout.total_width();
  std::vector<double> dense(static_cast<std::size_t>(starts.back() * width), 0.0);
  for (const FeatureGroup& group : block.groups) {
    std::int64_t row = 0;
    for (std::size_t i = 0; i < group.structures.size(); row += group.environments[i++])
      spread_rows(group, row, group.environments[i], layout,
                  dense.data() + starts[static_cast<std::size_t>(group.structures[i])] * width);
  }
  return dense;
}

} // namespace soapstone::features
