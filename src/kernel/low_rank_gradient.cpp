// SPDX-License-Identifier: BSD-3-Clause
#include "low_rank_gradient.hpp"

#include "form_runs.hpp"
#include "sample_matrix.hpp"
#include "soapstone/kernel/compact_form.hpp"
#include "soapstone/kernel/gradient_choice.hpp"
#include "soapstone/linalg/blas.hpp"
#include "soapstone/parallel/agree.hpp"
#include "soapstone/parallel/collectives.hpp"
#include "tile_gradient.hpp"

#include <algorithm>

namespace soapstone::kernel {

using features::FeatureBlock;
using features::FeatureGroup;

namespace {

constexpr std::int64_t own_columns = 512; // environments of one structure at a time

/// gradient += F X in the segments of a group, for `count` rows X.
void add_product(const double* form, std::int64_t ld, const std::vector<FormRun>& runs, const double* x,
                 std::int64_t width, std::int64_t count, double* gradient) {
  for (const auto& row : runs)
    for (const auto& col : runs)
      linalg::gemm(linalg::Op::none, linalg::Op::none, 1.0,
                   {form + row.start + col.start * ld, row.width, col.width, ld},
                   {x + col.offset, col.width, count, width}, 1.0,
                   {gradient + row.offset, row.width, count, width});
}

/// gradient_j += scales_j F p_j. Rows with scale zero at either end of a chunk are left out: those of a fold
/// follow each other.
void add_scaled_product(const double* form, std::int64_t ld, const std::vector<FormRun>& runs,
                        const FeatureGroup& group, const std::vector<double>& scales,
                        LargeArray<double>& scaled, FeatureGroup& gradient) {
  const auto width = group.width;
  for (std::int64_t at = 0; at < group.rows(); at += form_rows_at_once) {
    auto first = at, last = std::min(at + form_rows_at_once, group.rows());
    const auto is_zero = [&](std::int64_t row) { return scales[static_cast<std::size_t>(row)] == 0; };
    while (first < last && is_zero(first))
      ++first;
    while (first < last && is_zero(last - 1))
      --last;
    if (first == last)
      continue;
    scaled.resize(static_cast<std::size_t>((last - first) * width));
    auto to = scaled.begin();
    for (auto row = first; row < last; ++row)
      to = std::transform(
          group.values.data() + row * width, group.values.data() + (row + 1) * width, to,
          [scale = scales[static_cast<std::size_t>(row)]](double value) { return scale * value; });
    add_product(form, ld, runs, scaled.data(), width, last - first, gradient.values.data() + first * width);
  }
}

/// gradient_j += factor / N_A^2 sum_{k in A} (p_j . p_k) p_k for the environments j of every structure A.
void add_own(const FeatureGroup& group, double factor, LargeArray<double>& products, FeatureGroup& gradient) {
  const auto width = group.width;
  const double* rows = group.values.data();
  double* to = gradient.values.data();
  for (const std::int64_t n : group.environments) {
    const double each = factor / (static_cast<double>(n) * static_cast<double>(n));
    for (std::int64_t first = 0; first < n; first += own_columns)
      for (std::int64_t k = 0; k < n; k += form_rows_at_once) {
        const auto count = std::min(own_columns, n - first), others = std::min(form_rows_at_once, n - k);
        products.resize(static_cast<std::size_t>(others * count));
        linalg::gemm(linalg::Op::transpose, linalg::Op::none, each, {rows + k * width, width, others},
                     {rows + first * width, width, count}, 0.0, {products.data(), others, count});
        linalg::gemm(linalg::Op::none, linalg::Op::none, 1.0, {rows + k * width, width, others},
                     {products.data(), others, count}, 1.0, {to + first * width, width, count});
      }
    rows += n * width;
    to += n * width;
  }
}

class LowRankGradient {
public:
  LowRankGradient(const FeatureStore& store, const features::FeatureLayout& layout,
                  const KernelSensitivity& w, double weight, const UseGradient& use)
      : store_(store), layout_(layout), starts_(segment_starts(layout)), w_(w), weight_(weight), use_(use) {}

  double run(std::int64_t most, const Progress& progress) {
    const auto terms = 2 * w_.columns;
    double product = 0;
    for (std::int64_t first = 0; first < terms; first += most) {
      product += run_part(first, std::min(first + most, terms));
      if (progress)
        progress(static_cast<double>(std::min(first + most, terms)) / static_cast<double>(terms));
    }
    return parallel::all_reduce(store_.grid().all(), product);
  }

private:
  /// Term 2 c is b_Ac F(a_c), term 2 c + 1 is a_Ac F(b_c): the coefficients of the form,
  const double* inside(std::int64_t term) const {
    return (term % 2 == 0 ? w_.a : w_.b).data() + term / 2 * w_.structures;
  }
  /// and those before it.
  const double* outside(std::int64_t term) const {
    return (term % 2 == 0 ? w_.b : w_.a).data() + term / 2 * w_.structures;
  }

  CompactForm build(std::int64_t first, std::int64_t last) const {
    std::vector<double> x;
    for (auto term = first; term < last; ++term)
      x.insert(x.end(), inside(term), inside(term) + w_.structures);
    CompactForm form(2, layout_, last - first);
    const auto& comm = store_.grid().all();
    parallel::agree(comm, [&] {
      store_.for_each_mine([&](std::int64_t b, const FeatureBlock& block) {
        form.add(block,
                 {x.data() + store_.first_structure(b), block.structures, form.targets(), w_.structures});
      });
    });
    for (std::int64_t t = 0; t < form.targets(); ++t)
      parallel::all_reduce(comm, form.values(t));
    form.symmetrize();
    return form;
  }

  double run_part(std::int64_t first, std::int64_t last) {
    const auto form = build(first, last);
    double product = 0;
    parallel::agree(store_.grid().all(), [&] {
      store_.for_each_mine([&](std::int64_t b, const FeatureBlock& features) {
        auto gradient = zero_like(features);
        for (std::size_t g = 0; g < features.groups.size(); ++g) {
          const auto& group = features.groups[g];
          const auto runs = runs_of(group, starts_);
          for (auto term = first; term < last; ++term) {
            auto scales =
                row_weights(group, std::span(outside(term), static_cast<std::size_t>(w_.structures))
                                       .subspan(static_cast<std::size_t>(store_.first_structure(b))));
            for (auto& scale : scales)
              scale *= -2 * weight_;
            add_scaled_product(form.values(term - first).data(), form.width(), runs, group, scales, scratch_,
                               gradient.groups[g]);
          }
          if (first == 0)
            add_own(group, 4 * weight_ * w_.diagonal, scratch_, gradient.groups[g]);
        }
        product += inner_product(gradient, features) / 4; // of degree four in the features
        use_(b, gradient);
      });
    });
    return product;
  }

  const FeatureStore& store_;
  const features::FeatureLayout& layout_;
  std::vector<std::int64_t> starts_;
  const KernelSensitivity& w_;
  double weight_;
  const UseGradient& use_;
  LargeArray<double> scratch_;
};

} // namespace

double low_rank_gradient(const FeatureStore& store, const features::FeatureLayout& layout,
                         const KernelSensitivity& sensitivity, double weight, std::int64_t forms,
                         const UseGradient& use, const Progress& progress) {
  return LowRankGradient(store, layout, sensitivity, weight, use).run(forms, progress);
}

} // namespace soapstone::kernel
