// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/features/feature_block.hpp"

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

namespace soapstone::kernel {

/// Columns that follow each other both in a group's rows and in a form over all features.
struct FormRun {
  std::int64_t offset, start, width; ///< in the group, in the form

  /// Returns how many of them are columns of the form below `columns`, where the rest is zero.
  std::int64_t used(std::int64_t columns) const {
    return std::clamp<std::int64_t>(columns - start, 0, width);
  }
};

/// The segments of a group, neighbouring ones joined; `starts` as segment_starts() gives them.
std::vector<FormRun> runs_of(const features::FeatureGroup& group, const std::vector<std::int64_t>& starts);

/// Weight x_M / N_M of every row of a group, x numbered as the structures of its block.
std::vector<double> row_weights(const features::FeatureGroup& group, std::span<const double> x);

} // namespace soapstone::kernel
