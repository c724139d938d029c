// SPDX-License-Identifier: BSD-3-Clause
#include "form_runs.hpp"

namespace soapstone::kernel {

using features::FeatureGroup;

std::vector<FormRun> runs_of(const FeatureGroup& group, const std::vector<std::int64_t>& starts) {
  std::vector<FormRun> runs;
  for (const auto& segment : group.segments) {
    const auto start = starts[static_cast<std::size_t>(segment.id)];
    if (!runs.empty() && runs.back().start + runs.back().width == start)
      runs.back().width += segment.width;
    else
      runs.push_back({segment.offset, start, segment.width});
  }
  return runs;
}

std::vector<double> row_weights(const FeatureGroup& group, std::span<const double> x) {
  std::vector<double> weights;
  weights.reserve(static_cast<std::size_t>(group.rows()));
  for (std::size_t s = 0; s < group.structures.size(); ++s)
    weights.insert(weights.end(), static_cast<std::size_t>(group.environments[s]),
                   x[static_cast<std::size_t>(group.structures[s])] / group.size(s));
  return weights;
}

} // namespace soapstone::kernel
