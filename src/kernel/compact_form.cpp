// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/kernel/compact_form.hpp"

#include "soapstone/base/check.hpp"
#include "soapstone/linalg/blas.hpp"
#include "soapstone/parallel/collectives.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace soapstone::kernel {

using soap::FeatureBlock;
using soap::FeatureGroup;

namespace {

constexpr std::int64_t row_chunk =
    512; // rows per matrix product: long enough for full speed, short enough for the cache

bool covers_all(const FeatureGroup& group, std::int64_t width) {
  return group.width == width;
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

/// sum += P^T diag(weights) P (lower triangle), as P+^T P+ - P-^T P- with rows scaled by the roots of their
/// weights: half the work of a general product.
void add_weighted_squares(const FeatureGroup& group, const std::vector<double>& weights, double* sum,
                          std::int64_t ld) {
  const auto width = static_cast<std::size_t>(group.width);
  std::vector<double> rows(std::min<std::size_t>(row_chunk, weights.size()) * width);
  for (const double sign : {1.0, -1.0}) {
    std::int64_t filled = 0;
    const auto flush = [&] {
      linalg::syrk(linalg::Triangle::lower, linalg::Op::none, group.width, filled, sign, rows.data(),
                   group.width, 1.0, sum, ld);
      filled = 0;
    };
    for (std::size_t r = 0; r < weights.size(); ++r) {
      if (weights[r] * sign <= 0)
        continue;
      const double scale = std::sqrt(std::abs(weights[r]));
      std::transform(group.values.data() + r * width, group.values.data() + (r + 1) * width,
                     rows.data() + static_cast<std::size_t>(filled) * width,
                     [scale](double value) { return scale * value; });
      if (++filled == row_chunk)
        flush();
    }
    if (filled > 0)
      flush();
  }
}

/// Calls visit(a, b) for all pairs of segments, a from `outer`, b from `inner` of the same group.
template <typename Visit>
void for_segment_pairs(const FeatureGroup& group, Visit&& visit) {
  for (const auto& a : group.segments)
    for (const auto& b : group.segments)
      visit(a, b);
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
  if (degree_ == 1) {
    std::vector<double> part(static_cast<std::size_t>(group.width));
    linalg::gemv(linalg::Op::none, group.width, group.rows(), 1.0, group.values.data(), group.width,
                 weights.data(), 0.0, part.data());
    for (const auto& segment : group.segments)
      for (std::int64_t f = 0; f < segment.width; ++f)
        sum[starts_[static_cast<std::size_t>(segment.id)] + f] +=
            part[static_cast<std::size_t>(segment.offset + f)];
    return;
  }
  if (covers_all(group, width_)) {
    add_weighted_squares(group, weights, sum, width_);
    return;
  }
  std::vector<double> part(static_cast<std::size_t>(group.width * group.width), 0.0);
  add_weighted_squares(group, weights, part.data(), group.width);
  for_segment_pairs(group, [&](const soap::Segment& row, const soap::Segment& col) {
    if (row.id < col.id)
      return; // upper triangle
    for (std::int64_t j = 0; j < col.width; ++j) {
      double* to = sum + starts_[static_cast<std::size_t>(row.id)] +
                   (starts_[static_cast<std::size_t>(col.id)] + j) * width_;
      const double* from = part.data() + row.offset + (col.offset + j) * group.width;
      for (std::int64_t i = 0; i < row.width; ++i)
        to[i] += from[i]; // above the diagonal of a diagonal block these are zeros
    }
  });
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

namespace {

/// The part of a form that belongs to the columns of a group, in the group's own order.
std::vector<double> restrict_to(const FeatureGroup& group, std::span<const double> values, int degree,
                                std::int64_t width, const std::vector<std::int64_t>& starts) {
  std::vector<double> part(static_cast<std::size_t>(degree == 1 ? group.width : group.width * group.width));
  if (degree == 1) {
    for (const auto& segment : group.segments)
      std::copy_n(values.data() + starts[static_cast<std::size_t>(segment.id)], segment.width,
                  part.data() + segment.offset);
    return part;
  }
  for_segment_pairs(group, [&](const soap::Segment& row, const soap::Segment& col) {
    for (std::int64_t j = 0; j < col.width; ++j)
      std::copy_n(values.data() + starts[static_cast<std::size_t>(row.id)] +
                      (starts[static_cast<std::size_t>(col.id)] + j) * width,
                  row.width, part.data() + row.offset + (col.offset + j) * group.width);
  });
  return part;
}

/// p^T W p (or w . p) of every row of a group.
std::vector<double> row_values(const FeatureGroup& group, const double* form, int degree) {
  std::vector<double> result(static_cast<std::size_t>(group.rows()));
  if (degree == 1) {
    linalg::gemv(linalg::Op::transpose, group.width, group.rows(), 1.0, group.values.data(), group.width,
                 form, 0.0, result.data());
    return result;
  }
  std::vector<double> products(static_cast<std::size_t>(std::min(row_chunk, group.rows()) * group.width));
  for (std::int64_t first = 0; first < group.rows(); first += row_chunk) {
    const auto count = std::min(row_chunk, group.rows() - first);
    const double* rows = group.values.data() + first * group.width;
    linalg::gemm(linalg::Op::none, linalg::Op::none, group.width, count, group.width, 1.0, form, group.width,
                 rows, group.width, 0.0, products.data(), group.width);
    for (std::int64_t r = 0; r < count; ++r) {
      double dot = 0;
      for (std::int64_t f = 0; f < group.width; ++f)
        dot += rows[r * group.width + f] * products[static_cast<std::size_t>(r * group.width + f)];
      result[static_cast<std::size_t>(first + r)] = dot;
    }
  }
  return result;
}

} // namespace

void CompactForm::evaluate(const FeatureBlock& block, double* out, std::int64_t ld) const {
  for (const auto& group : block.groups)
    for (std::int64_t t = 0; t < targets_; ++t) {
      const auto part = covers_all(group, width_) ? std::vector<double>()
                                                  : restrict_to(group, values(t), degree_, width_, starts_);
      const auto rows = row_values(group, part.empty() ? values(t).data() : part.data(), degree_);
      auto row = rows.begin();
      for (std::size_t s = 0; s < group.structures.size(); ++s) {
        double sum = 0;
        for (int e = 0; e < group.environments[s]; ++e)
          sum += *row++;
        out[group.structures[s] + t * ld] = weight_ * sum / group.environments[s];
      }
    }
}

void build_form(const FeatureStore& store, std::span<const double> x, CompactForm& form) {
  form.set_zero();
  for (const auto& [b, block] : store.all_mine())
    form.add(block, x.data() + b * store.block(), store.structures());
  for (std::int64_t t = 0; t < form.targets(); ++t)
    parallel::all_reduce(store.grid().all(), form.values(t));
  form.symmetrize();
}

std::vector<double> evaluate_form(const FeatureStore& store, const CompactForm& form) {
  std::vector<double> values(static_cast<std::size_t>(store.structures() * form.targets()), 0.0);
  for (const auto& [b, block] : store.all_mine())
    form.evaluate(block, values.data() + b * store.block(), store.structures());
  parallel::all_reduce(store.grid().all(), std::span(values));
  return values;
}

} // namespace soapstone::kernel
