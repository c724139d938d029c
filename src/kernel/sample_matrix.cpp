// SPDX-License-Identifier: BSD-3-Clause
#include "sample_matrix.hpp"

#include "soapstone/base/check.hpp"
#include "soapstone/linalg/blas.hpp"

#include <numeric>

namespace soapstone::kernel {

using linalg::Op;

std::vector<ColumnRun> column_runs(const features::FeatureGroup& group,
                                   std::span<const std::int64_t> starts) {
  std::vector<ColumnRun> runs;
  for (const auto& segment : group.segments) {
    const auto column = starts[static_cast<std::size_t>(segment.id)];
    const bool joins = !runs.empty() && runs.back().column + runs.back().width == column &&
                       runs.back().offset + runs.back().width == segment.offset;
    if (joins)
      runs.back().width += segment.width;
    else
      runs.push_back({segment.offset, column, segment.width});
  }
  return runs;
}

std::vector<std::int64_t> segment_starts(const features::FeatureLayout& layout) {
  std::vector<std::int64_t> starts(layout.widths.size());
  std::exclusive_scan(layout.widths.begin(), layout.widths.end(), starts.begin(), std::int64_t{0});
  return starts;
}

SampleMatrix::SampleMatrix(const features::FeatureBlock& block, const features::FeatureLayout& layout)
    : block_(block), starts_(segment_starts(layout)), columns_(layout.total_width()) {
  for (const auto& group : block.groups)
    rows_ += group.rows();
}

double SampleMatrix::sum_of_squares() const {
  double sum = 0;
  for (const auto& group : block_.groups)
    sum += std::inner_product(group.values.begin(), group.values.end(), group.values.begin(), 0.0);
  return sum;
}

std::vector<double> SampleMatrix::times(const std::vector<double>& b, std::int64_t width) const {
  expects(b.size() == static_cast<std::size_t>(columns_ * width), "B with a row per feature");
  std::vector<double> product(static_cast<std::size_t>(rows_ * width), 0.0);
  std::int64_t row = 0;
  for (const auto& group : block_.groups) {
    for (const auto& run : column_runs(group, starts_))
      linalg::gemm(Op::transpose, Op::none, 1.0,
                   {group.values.data() + run.offset, run.width, group.rows(), group.width},
                   {b.data() + run.column, run.width, width, columns_}, 1.0,
                   {product.data() + row, group.rows(), width, rows_});
    row += group.rows();
  }
  return product;
}

std::vector<double> SampleMatrix::transposed_times(const std::vector<double>& b, std::int64_t width) const {
  expects(b.size() == static_cast<std::size_t>(rows_ * width), "B with a row per row");
  std::vector<double> product(static_cast<std::size_t>(columns_ * width), 0.0);
  std::int64_t row = 0;
  for (const auto& group : block_.groups) {
    for (const auto& run : column_runs(group, starts_))
      linalg::gemm(Op::none, Op::none, 1.0,
                   {group.values.data() + run.offset, run.width, group.rows(), group.width},
                   {b.data() + row, group.rows(), width, rows_}, 1.0,
                   {product.data() + run.column, run.width, width, columns_});
    row += group.rows();
  }
  return product;
}

} // namespace soapstone::kernel
