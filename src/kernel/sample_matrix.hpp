// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/features/feature_block.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace soapstone::kernel {

/// Consecutive columns that a group of rows occupies, neighbouring segments joined.
struct ColumnRun {
  std::int64_t offset; ///< within the group's rows
  std::int64_t column; ///< within all features
  std::int64_t width;
};

/// The runs of a group; starts: first column of every segment.
std::vector<ColumnRun> column_runs(const features::FeatureGroup& group, std::span<const std::int64_t> starts);

/// First column of every segment of a layout.
std::vector<std::int64_t> segment_starts(const features::FeatureLayout& layout);

/// All rows of a feature block as one matrix X (rows x columns, group after group) that is multiplied segment
/// by segment.
class SampleMatrix {
public:
  SampleMatrix(const features::FeatureBlock& block, const features::FeatureLayout& layout);

  std::int64_t rows() const { return rows_; }
  std::int64_t columns() const { return columns_; }
  double sum_of_squares() const;

  /// X B, rows x width, for B columns x width; all matrices column-major.
  std::vector<double> times(const std::vector<double>& b, std::int64_t width) const;
  /// Xᵀ B, columns x width, for B rows x width.
  std::vector<double> transposed_times(const std::vector<double>& b, std::int64_t width) const;

private:
  const features::FeatureBlock& block_;
  std::vector<std::int64_t> starts_;
  std::int64_t rows_ = 0, columns_;
};

} // namespace soapstone::kernel
