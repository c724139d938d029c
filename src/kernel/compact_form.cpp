// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/kernel/compact_form.hpp"

#include "form_runs.hpp"
#include "sample_matrix.hpp"
#include "soapstone/base/check.hpp"
#include "soapstone/linalg/blas.hpp"
#include "soapstone/parallel/collectives.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace soapstone::kernel {

using features::FeatureBlock;
using features::FeatureGroup;

namespace {

// Rows per matrix product: long enough for full speed, short enough for the cache.
constexpr std::int64_t add_chunk = 1024, evaluate_chunk = 512;

/// Calls visit(row, col) for all pairs of runs with row below col.
template <typename Visit>
void for_pairs(const std::vector<FormRun>& runs, Visit&& visit) {
  for (auto col = runs.begin(); col != runs.end(); ++col)
    for (auto row = col + 1; row != runs.end(); ++row)
      visit(*row, *col);
}

/// sum += sign P^T P, lower triangle, of `count` rows.
void add_squares(const double* rows, std::int64_t width, std::int64_t count, const std::vector<FormRun>& runs,
                 double sign, double* sum, std::int64_t ld) {
  for (const auto& run : runs)
    linalg::syrk(linalg::Triangle::lower, linalg::Op::none, sign,
                 {rows + run.offset, run.width, count, width}, 1.0,
                 {sum + run.start * (ld + 1), run.width, run.width, ld});
  for_pairs(runs, [&](const FormRun& row, const FormRun& col) {
    linalg::gemm(linalg::Op::none, linalg::Op::transpose, sign, {rows + row.offset, row.width, count, width},
                 {rows + col.offset, col.width, count, width}, 1.0,
                 {sum + row.start + col.start * ld, row.width, col.width, ld});
  });
}

/// sum += P^T diag(weights) P (lower triangle), as P+^T P+ - P-^T P- with rows scaled by the roots of their
/// weights: half the work of a general product.
void add_weighted_squares(const FeatureGroup& group, const std::vector<FormRun>& runs,
                          const std::vector<double>& weights, double* sum, std::int64_t ld) {
  const auto width = static_cast<std::size_t>(group.width);
  LargeArray<double> rows(std::min<std::size_t>(add_chunk, weights.size()) * width);
  for (const double sign : {1.0, -1.0}) {
    std::int64_t filled = 0;
    for (std::size_t r = 0; r < weights.size(); ++r) {
      if (weights[r] * sign <= 0)
        continue;
      const double scale = std::sqrt(std::abs(weights[r]));
      std::transform(group.values.data() + r * width, group.values.data() + (r + 1) * width,
                     rows.data() + static_cast<std::size_t>(filled) * width,
                     [scale](double value) { return scale * value; });
      if (++filled == add_chunk) {
        add_squares(rows.data(), group.width, filled, runs, sign, sum, ld);
        filled = 0;
      }
    }
    if (filled > 0)
      add_squares(rows.data(), group.width, filled, runs, sign, sum, ld);
  }
}

/// sum += P^T diag(weights) P, lower triangle, in the columns of the form below `columns`: a general product
/// of all rows of the form with few columns.
void add_few_columns(const FeatureGroup& group, const std::vector<FormRun>& runs,
                     const std::vector<double>& weights, std::int64_t columns, double* sum, std::int64_t ld) {
  const auto width = group.width;
  std::vector<double> weighted;
  for (std::int64_t first = 0; first < group.rows(); first += add_chunk) {
    const auto count = std::min(add_chunk, group.rows() - first);
    const double* rows = group.values.data() + first * width;
    for (auto col = runs.begin(); col != runs.end(); ++col) {
      const auto used = col->used(columns);
      if (used == 0)
        continue;
      weighted.resize(static_cast<std::size_t>(count * used));
      for (std::int64_t r = 0; r < count; ++r)
        std::transform(
            rows + r * width + col->offset, rows + r * width + col->offset + used, weighted.data() + r * used,
            [w = weights[static_cast<std::size_t>(first + r)]](double value) { return w * value; });
      for (auto row = col; row != runs.end(); ++row)
        linalg::gemm(linalg::Op::none, linalg::Op::transpose, 1.0,
                     {rows + row->offset, row->width, count, width}, {weighted.data(), used, count}, 1.0,
                     {sum + row->start + col->start * ld, row->width, used, ld});
    }
  }
}

/// products = (W on and below the diagonal)^T p of `count` rows p, in the columns of the form below
/// `columns`.
void multiply_lower(const double* rows, std::int64_t width, std::int64_t count,
                    const std::vector<FormRun>& runs, std::int64_t columns, const double* form,
                    std::int64_t ld, double* products) {
  std::copy_n(rows, count * width, products);
  for (const auto& run : runs) {
    const auto used = run.used(columns);
    linalg::trmm_lower(linalg::Op::transpose, {form + run.start * (ld + 1), used, used, ld},
                       {products + run.offset, used, count, width});
    linalg::gemm(linalg::Op::transpose, linalg::Op::none, 1.0,
                 {form + run.start * (ld + 1) + used, run.width - used, used, ld},
                 {rows + run.offset + used, run.width - used, count, width}, 1.0,
                 {products + run.offset, used, count, width});
  }
  for_pairs(runs, [&](const FormRun& row, const FormRun& col) {
    linalg::gemm(linalg::Op::transpose, linalg::Op::none, 1.0,
                 {form + row.start + col.start * ld, row.width, col.used(columns), ld},
                 {rows + row.offset, row.width, count, width}, 1.0,
                 {products + col.offset, col.used(columns), count, width});
  });
}

/// The diagonal of a form in the columns of a group.
std::vector<double> diagonal_of(const FeatureGroup& group, const std::vector<FormRun>& runs,
                                const double* form, std::int64_t ld) {
  std::vector<double> diagonal(static_cast<std::size_t>(group.width));
  for (const auto& run : runs)
    for (std::int64_t f = 0; f < run.width; ++f)
      diagonal[static_cast<std::size_t>(run.offset + f)] = form[(run.start + f) * (ld + 1)];
  return diagonal;
}

/// p^T W p of every row of a group, W symmetric: 2 p . (L^T p) - sum_i W_ii p_i^2 with L = W on and below the
/// diagonal, zero from column `columns` on: half the work of a general product, or less.
std::vector<double> quadratic_values(const FeatureGroup& group, const std::vector<FormRun>& runs,
                                     std::int64_t columns, const double* form, std::int64_t ld) {
  const auto width = group.width;
  const auto diagonal = diagonal_of(group, runs, form, ld);
  std::vector<double> result(static_cast<std::size_t>(group.rows()));
  std::vector<double> products(static_cast<std::size_t>(std::min(evaluate_chunk, group.rows()) * width));
  for (std::int64_t first = 0; first < group.rows(); first += evaluate_chunk) {
    const auto count = std::min(evaluate_chunk, group.rows() - first);
    const double* rows = group.values.data() + first * width;
    multiply_lower(rows, width, count, runs, columns, form, ld, products.data());
    for (std::int64_t r = 0; r < count; ++r) {
      const double* p = rows + r * width;
      const double* product = products.data() + r * width;
      double sum = 0;
      for (const auto& run : runs)
        for (auto f = run.offset; f < run.offset + run.used(columns); ++f)
          sum += p[f] * (2 * product[f] - diagonal[static_cast<std::size_t>(f)] * p[f]);
      result[static_cast<std::size_t>(first + r)] = sum;
    }
  }
  return result;
}

/// w . p of every row of a group.
std::vector<double> linear_values(const FeatureGroup& group, const std::vector<FormRun>& runs,
                                  const double* form) {
  std::vector<double> result(static_cast<std::size_t>(group.rows()), 0.0);
  for (const auto& run : runs)
    linalg::gemv(linalg::Op::transpose, 1.0,
                 {group.values.data() + run.offset, run.width, group.rows(), group.width},
                 {form + run.start, static_cast<std::size_t>(run.width)}, 1.0, result);
  return result;
}

} // namespace

CompactForm::CompactForm(int degree, features::FeatureLayout layout, std::int64_t targets, double weight)
    : degree_(degree), layout_(std::move(layout)), starts_(segment_starts(layout_)),
      width_(layout_.total_width()), targets_(targets), weight_(weight) {
  expects(degree == 1 || degree == 2, "a form of degree 1 or 2");
  columns_ = width_;
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

void CompactForm::limit_columns(std::int64_t columns) {
  expects(degree_ == 2 && columns >= 0 && columns <= width_, "columns of a form of degree 2");
  columns_ = columns;
}

void CompactForm::add(const FeatureBlock& block, linalg::MatrixView<const double> x) {
  expects(x.rows == block.structures && x.columns == targets_, "a coefficient for each structure and target");
  for (const auto& group : block.groups)
    for (std::int64_t t = 0; t < targets_; ++t)
      add_rows(group, row_weights(group, x.column(t)), values(t).data());
}

void CompactForm::add_rows(const FeatureGroup& group, const std::vector<double>& weights, double* sum) {
  const auto runs = runs_of(group, starts_);
  if (degree_ == 2) {
    if (2 * columns_ < width_) // a general product costs twice as much per number
      add_few_columns(group, runs, weights, columns_, sum, width_);
    else
      add_weighted_squares(group, runs, weights, sum, width_);
    return;
  }
  for (const auto& run : runs)
    linalg::gemv(linalg::Op::none, 1.0,
                 {group.values.data() + run.offset, run.width, group.rows(), group.width}, weights, 1.0,
                 {sum + run.start, static_cast<std::size_t>(run.width)});
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

void CompactForm::evaluate(const FeatureBlock& block, linalg::MatrixView<double> out) const {
  expects(out.rows == block.structures && out.columns == targets_, "a value for each structure and target");
  for (const auto& group : block.groups) {
    const auto runs = runs_of(group, starts_);
    for (std::int64_t t = 0; t < targets_; ++t) {
      const double* form = values(t).data();
      const auto rows = degree_ == 1 ? linear_values(group, runs, form)
                                     : quadratic_values(group, runs, columns_, form, width_);
      auto row = rows.begin();
      for (std::size_t s = 0; s < group.structures.size(); ++s) {
        double sum = 0;
        for (int e = 0; e < group.environments[s]; ++e)
          sum += *row++;
        out(group.structures[s], t) += weight_ * sum / group.size(s);
      }
    }
  }
}

void build_form(const FeatureStore& store, std::span<const double> x, CompactForm& form) {
  form.set_zero();
  store.for_each_mine([&](std::int64_t b, const FeatureBlock& block) {
    form.add(block,
             {x.data() + store.first_structure(b), block.structures, form.targets(), store.structures()});
  });
  for (std::int64_t t = 0; t < form.targets(); ++t)
    parallel::all_reduce(store.grid().all(), form.values(t));
  form.symmetrize();
}

std::vector<double> evaluate_form(const FeatureStore& store, const CompactForm& form) {
  std::vector<double> values(static_cast<std::size_t>(store.structures() * form.targets()), 0.0);
  store.for_each_mine([&](std::int64_t b, const FeatureBlock& block) {
    form.evaluate(block, {values.data() + store.first_structure(b), block.structures, form.targets(),
                          store.structures()});
  });
  parallel::all_reduce(store.grid().all(), std::span(values));
  return values;
}

} // namespace soapstone::kernel
