// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/kernel/compact_form.hpp"

#include "soapstone/base/check.hpp"
#include "soapstone/linalg/blas.hpp"
#include "soapstone/parallel/collectives.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace soapstone::kernel {

using soap::FeatureBlock;
using soap::FeatureGroup;

namespace {

// Rows per matrix product: long enough for full speed, short enough for the cache.
constexpr std::int64_t row_chunk = 512;
// Of a symmetric form only what is on and below the diagonal is touched: half the operations of a general
// product, and base_width / d more for the squares along the diagonal.
constexpr std::int64_t base_width = 128;

/// Columns that follow each other both in a group's rows and in the form.
struct Run {
  std::int64_t offset, start, width; ///< in the group, in the form
};

std::vector<Run> runs_of(const FeatureGroup& group, const std::vector<std::int64_t>& starts) {
  std::vector<Run> runs;
  for (const auto& segment : group.segments) {
    const auto start = starts[static_cast<std::size_t>(segment.id)];
    if (!runs.empty() && runs.back().start + runs.back().width == start)
      runs.back().width += segment.width;
    else
      runs.push_back({segment.offset, start, segment.width});
  }
  return runs;
}

/// Calls visit(rows, columns) for rectangles that cover the lower triangle of a run with itself: halves,
/// quarters, ... down to squares on the diagonal, so that most of the work is in large products.
template <typename Visit>
void for_triangle(const Run& run, Visit&& visit) {
  if (run.width <= base_width)
    return visit(run, run);
  const auto half = (run.width / 2 + base_width - 1) / base_width * base_width;
  const Run left{run.offset, run.start, half}, right{run.offset + half, run.start + half, run.width - half};
  for_triangle(left, visit);
  visit(right, left);
  for_triangle(right, visit);
}

/// The same for the lower triangle of all runs.
template <typename Visit>
void for_lower(const std::vector<Run>& runs, Visit&& visit) {
  for (auto column = runs.begin(); column != runs.end(); ++column) {
    for_triangle(*column, visit);
    for (auto row = column + 1; row != runs.end(); ++row)
      visit(*row, *column);
  }
}

/// Weight x_M / N_M of every row of a group.
std::vector<double> row_weights(const FeatureGroup& group, const double* x) {
  std::vector<double> weights;
  weights.reserve(static_cast<std::size_t>(group.rows()));
  for (std::size_t s = 0; s < group.structures.size(); ++s)
    weights.insert(weights.end(), static_cast<std::size_t>(group.environments[s]),
                   x[group.structures[s]] / group.environments[s]);
  return weights;
}

/// sum += P^T diag(weights) P, lower triangle (and some of the upper).
void add_weighted_squares(const FeatureGroup& group, const std::vector<Run>& runs,
                          const std::vector<double>& weights, double* sum, std::int64_t ld) {
  const auto width = group.width;
  std::vector<double> scaled(static_cast<std::size_t>(std::min(row_chunk, group.rows()) * width));
  for (std::int64_t first = 0; first < group.rows(); first += row_chunk) {
    const auto count = std::min(row_chunk, group.rows() - first);
    const double* rows = group.values.data() + first * width;
    for (std::int64_t r = 0; r < count; ++r)
      std::transform(
          rows + r * width, rows + (r + 1) * width, scaled.data() + r * width,
          [weight = weights[static_cast<std::size_t>(first + r)]](double value) { return weight * value; });
    for_lower(runs, [&](const Run& row, const Run& col) {
      linalg::gemm(linalg::Op::none, linalg::Op::transpose, row.width, col.width, count, 1.0,
                   rows + row.offset, width, scaled.data() + col.offset, width, 1.0,
                   sum + row.start + col.start * ld, ld);
    });
  }
}

/// p^T W p of every row of a group: a . b over its columns with a = p and b = 2 (W below the diagonal)^T p,
/// plus the squares on the diagonal.
std::vector<double> quadratic_values(const FeatureGroup& group, const std::vector<Run>& runs,
                                     const double* form, std::int64_t ld) {
  const auto width = group.width;
  std::vector<double> result(static_cast<std::size_t>(group.rows()), 0.0);
  std::vector<double> products(static_cast<std::size_t>(std::min(row_chunk, group.rows()) * width));
  for (std::int64_t first = 0; first < group.rows(); first += row_chunk) {
    const auto count = std::min(row_chunk, group.rows() - first);
    const double* rows = group.values.data() + first * width;
    std::fill(products.begin(), products.end(), 0.0);
    for_lower(runs, [&](const Run& row, const Run& col) {
      const bool square = row.start == col.start; // what is below the diagonal counts twice
      linalg::gemm(linalg::Op::transpose, linalg::Op::none, col.width, count, row.width, square ? 1.0 : 2.0,
                   form + row.start + col.start * ld, ld, rows + row.offset, width, 1.0,
                   products.data() + col.offset, width);
    });
    for (std::int64_t r = 0; r < count; ++r)
      result[static_cast<std::size_t>(first + r)] =
          std::inner_product(rows + r * width, rows + (r + 1) * width, products.data() + r * width, 0.0);
  }
  return result;
}

/// w . p of every row of a group.
std::vector<double> linear_values(const FeatureGroup& group, const std::vector<Run>& runs,
                                  const double* form) {
  std::vector<double> result(static_cast<std::size_t>(group.rows()), 0.0);
  for (const auto& run : runs)
    linalg::gemv(linalg::Op::transpose, run.width, group.rows(), 1.0, group.values.data() + run.offset,
                 group.width, form + run.start, 1.0, result.data());
  return result;
}

} // namespace

CompactForm::CompactForm(int degree, soap::FeatureLayout layout, std::int64_t targets, double weight)
    : degree_(degree), layout_(std::move(layout)), width_(layout_.total_width()), targets_(targets),
      weight_(weight) {
  expects(degree == 1 || degree == 2, "a form of degree 1 or 2");
  std::int64_t start = 0;
  for (const auto segment_width : layout_.widths) {
    starts_.push_back(start);
    start += segment_width;
  }
  values_.assign(static_cast<std::size_t>(numbers() * targets_), 0.0);
}

std::span<double> CompactForm::values(std::int64_t target) {
  return std::span(values_).subspan(static_cast<std::size_t>(target * numbers()),
                                    static_cast<std::size_t>(numbers()));
}

std::span<const double> CompactForm::values(std::int64_t target) const {
  return std::span(values_).subspan(static_cast<std::size_t>(target * numbers()),
                                    static_cast<std::size_t>(numbers()));
}

void CompactForm::set_zero() {
  std::fill(values_.begin(), values_.end(), 0.0);
}

void CompactForm::add(const FeatureBlock& block, const double* x, std::int64_t ld) {
  for (const auto& group : block.groups)
    for (std::int64_t t = 0; t < targets_; ++t)
      add_rows(group, row_weights(group, x + t * ld), values(t).data());
}

void CompactForm::add_rows(const FeatureGroup& group, const std::vector<double>& weights, double* sum) {
  const auto runs = runs_of(group, starts_);
  if (degree_ == 2) {
    add_weighted_squares(group, runs, weights, sum, width_);
    return;
  }
  for (const auto& run : runs)
    linalg::gemv(linalg::Op::none, run.width, group.rows(), 1.0, group.values.data() + run.offset,
                 group.width, weights.data(), 1.0, sum + run.start);
}

void CompactForm::symmetrize() {
  if (degree_ == 1)
    return;
  for (std::int64_t t = 0; t < targets_; ++t) {
    double* w = values(t).data();
    for (std::int64_t j = 0; j < width_; ++j)
      for (std::int64_t i = j + 1; i < width_; ++i)
        w[j + i * width_] = w[i + j * width_];
  }
}

void CompactForm::evaluate(const FeatureBlock& block, double* out, std::int64_t ld) const {
  for (const auto& group : block.groups) {
    const auto runs = runs_of(group, starts_);
    for (std::int64_t t = 0; t < targets_; ++t) {
      const double* form = values(t).data();
      const auto rows =
          degree_ == 1 ? linear_values(group, runs, form) : quadratic_values(group, runs, form, width_);
      auto row = rows.begin();
      for (std::size_t s = 0; s < group.structures.size(); ++s) {
        double sum = 0;
        for (int e = 0; e < group.environments[s]; ++e)
          sum += *row++;
        out[group.structures[s] + t * ld] = weight_ * sum / group.environments[s];
      }
    }
  }
}

void build_form(const FeatureStore& store, std::span<const double> x, CompactForm& form) {
  form.set_zero();
  store.for_each_mine([&](std::int64_t b, const FeatureBlock& block) {
    form.add(block, x.data() + b * store.block(), store.structures());
  });
  for (std::int64_t t = 0; t < form.targets(); ++t)
    parallel::all_reduce(store.grid().all(), form.values(t));
  form.symmetrize();
}

std::vector<double> evaluate_form(const FeatureStore& store, const CompactForm& form) {
  std::vector<double> values(static_cast<std::size_t>(store.structures() * form.targets()), 0.0);
  store.for_each_mine([&](std::int64_t b, const FeatureBlock& block) {
    form.evaluate(block, values.data() + b * store.block(), store.structures());
  });
  parallel::all_reduce(store.grid().all(), std::span(values));
  return values;
}

} // namespace soapstone::kernel
