// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/base/large_array.hpp"
#include "soapstone/kernel/feature_store.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace soapstone::kernel {

/// The columns of the primal problem: numbers X_A of a structure whose dot products are the average kernel
/// times its weight w.
///     degree 1:  X_A = w^1/2 1/N_A sum_j p_j
///     degree 2:  X_A = w^1/2 times the elements (a, b), a >= b, of S_A = 1/N_A sum_j p_j p_j^T, those off
///     the diagonal times sqrt 2
/// All of them give the kernel exactly; a selection of the most important ones is its best approximation of
/// that size.
class PrimalRows {
public:
  /// All columns of a form of this degree over features of this layout.
  static PrimalRows all(int degree, features::FeatureLayout layout, double weight = 1);
  /// Returns how many columns those are, for features of this width.
  static constexpr std::int64_t possible(int degree, std::int64_t width) {
    return degree == 1 ? width : width * (width + 1) / 2;
  }
  /// Keeps the columns at these places among those that there are, ascending.
  void keep(const std::vector<std::int64_t>& places);

  std::int64_t count() const noexcept { return static_cast<std::int64_t>(positions_.size()); }
  int degree() const noexcept { return degree_; }
  double weight() const noexcept { return weight_; }
  const features::FeatureLayout& layout() const noexcept { return layout_; }
  /// Returns how many columns, from the first on, of a form's lower triangle gather() reads and scatter()
  /// fills.
  std::int64_t form_columns() const;
  /// Adds the square of every column of a structure to `sum`, from its form with coefficient 1.
  void add_squares(std::span<const double> form, std::span<double> sum) const;

  /// Returns X of all structures of a block: count x block.structures, column-major. The block's rows must be
  /// dense (one segment) of full width.
  std::vector<double> rows(const features::FeatureBlock& block) const;
  /// Writes rows(block) with `leading` numbers from one structure to the next.
  void write_rows(const features::FeatureBlock& block, double* x, std::int64_t leading) const;
  /// Returns X^T v from the form built with coefficients v (see build_form), and z of what scatter() wrote.
  std::vector<double> gather(std::span<const double> form) const;
  /// Writes the form that with this weight has f(A) = X_A . z.
  void scatter(std::span<const double> z, std::span<double> form) const;

private:
  bool on_diagonal(std::int64_t position) const {
    return degree_ == 1 || position % width_ == position / width_;
  }

  int degree_ = 1;
  double weight_ = 1;
  features::FeatureLayout layout_;
  std::int64_t width_ = 0;
  std::vector<std::int64_t> positions_; ///< in the d or d x d (lower triangle) numbers of a form
};

/// Returns the bytes that PrimalRows take over features of this width: the positions of all columns, and the
/// form that a structure's row is taken from.
std::int64_t columns_memory(int degree, std::int64_t width);
/// Returns the bytes that a choice of columns takes: these, the power of each, and the copy in which MPI adds
/// them up.
std::int64_t choice_memory(int degree, std::int64_t width);

} // namespace soapstone::kernel
