// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/base/large_array.hpp"
#include "soapstone/kernel/compact_form.hpp"
#include "soapstone/kernel/feature_store.hpp"
#include "soapstone/linalg/distributed_matrix.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace soapstone::kernel {

/// The columns of the primal problem: numbers X_A of a structure whose dot products are the average kernel.
///     degree 1:  X_A = 1/N_A sum_j p_j
///     degree 2:  X_A = elements (a, b), a >= b, of S_A = 1/N_A sum_j p_j p_j^T, those off the diagonal times
///     sqrt 2
/// All of them give the kernel exactly; a selection of the most important ones is its best approximation of
/// that size.
class PrimalRows {
public:
  /// All columns of a form of this degree over features of this layout.
  static PrimalRows all(int degree, features::FeatureLayout layout);
  /// Returns how many columns those are, for features of this width.
  static constexpr std::int64_t possible(int degree, std::int64_t width) {
    return degree == 1 ? width : width * (width + 1) / 2;
  }
  /// Collective. The `count` products (degree 2) with the largest mean square over at most `sample`
  /// structures of the store.
  static PrimalRows most_important(const FeatureStore& store, features::FeatureLayout layout,
                                   std::int64_t count, std::int64_t sample = 2000);

  std::int64_t count() const noexcept { return static_cast<std::int64_t>(positions_.size()); }
  int degree() const noexcept { return degree_; }
  const features::FeatureLayout& layout() const noexcept { return layout_; }
  /// Returns how many columns, from the first on, of a form's lower triangle gather() reads and scatter()
  /// fills.
  std::int64_t form_columns() const;

  /// Returns X of all structures of a block: count x block.structures, column-major. The block's rows must be
  /// dense (one segment) of full width.
  std::vector<double> rows(const features::FeatureBlock& block) const;
  /// Appends rows(block) to `x`.
  void append_rows(const features::FeatureBlock& block, LargeArray<double>& x) const;
  /// Returns X^T v from the form built with coefficients v (see build_form). scatter() is the reverse: it
  /// writes the form with f(A) = X_A . z.
  std::vector<double> gather(std::span<const double> form) const;
  void scatter(std::span<const double> z, std::span<double> form) const;

private:
  int degree_ = 1;
  features::FeatureLayout layout_;
  std::int64_t width_ = 0;
  std::vector<std::int64_t> positions_; ///< in the d or d x d (lower triangle) numbers of a form
};

/// Collective over store.grid(). gram (F x F, lower triangle) += sum_A X_A X_A^T over all structures of the
/// store. Returns this rank's floating-point operations.
double accumulate_gram(const FeatureStore& store, const PrimalRows& columns, linalg::DistributedMatrix& gram,
                       const Progress& progress = {});

/// Returns the bytes that accumulate_gram() takes on a rank for so many structures in blocks and columns,
/// beside the matrix and a block's features: batches of rows X (mine twice), the parts of it that go to the
/// rows and columns of the grid, and what I need of those of all ranks.
std::int64_t gram_memory(std::int64_t structures, std::int64_t block, std::int64_t columns,
                         linalg::GridShape grid);

/// Returns the bytes that PrimalRows take over features of this width: the positions of all columns, and the
/// form that a structure's row is taken from.
std::int64_t columns_memory(int degree, std::int64_t width);
/// Returns the bytes that PrimalRows::most_important() takes: these, the power of each product,
/// and the copy in which MPI adds them up.
std::int64_t choice_memory(std::int64_t width);

/// Collective. Returns the mean over the structures of K(A, A) for zeta = degree and features of this layout.
double mean_self_kernel(const FeatureStore& store, int degree, const features::FeatureLayout& layout);

} // namespace soapstone::kernel
