// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/base/large_array.hpp"
#include "soapstone/features/feature_block.hpp"
#include "soapstone/kernel/feature_store.hpp"
#include "soapstone/linalg/matrix_view.hpp"
#include "soapstone/parallel/communicator.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace soapstone::kernel {

/// A model that does not see its training set. Over feature rows of width d,
///
///     degree 1:  f(A) = 1/N_A sum_j w . p_j         w = sum_M x_M / N_M sum_k p_k              (d numbers)
///     degree 2:  f(A) = 1/N_A sum_j p_j^T W p_j     W = sum_M x_M / N_M sum_k p_k p_k^T        (d x d,
///     symmetric)
///
/// which equals sum_M x_M K(A, M) of the average kernel with zeta = degree exactly, at a cost that does not
/// depend on the number of training structures. Holds one such form per target.
class CompactForm {
public:
  /// All zero. `weight` multiplies f (the kernel's weight in a sum of kernels).
  CompactForm(int degree, features::FeatureLayout layout, std::int64_t targets, double weight = 1.0);

  int degree() const noexcept { return degree_; }
  std::int64_t width() const noexcept { return width_; } ///< d
  std::int64_t targets() const noexcept { return targets_; }
  double weight() const noexcept { return weight_; }
  std::int64_t numbers() const noexcept { return degree_ == 1 ? width_ : width_ * width_; } ///< per target
  std::span<double> values(std::int64_t target);
  std::span<const double> values(std::int64_t target) const;
  void set_zero();

  /// Degree 2: from now on evaluate() takes the lower triangle as zero from this column on, and add() need
  /// not fill it there. With few columns both cost little: 2 d columns operations per row instead of d^2.
  void limit_columns(std::int64_t columns);

  /// Adds the structures of a block with coefficients x (block.structures x targets). For degree 2 only the
  /// lower triangle grows: call symmetrize() when all is added.
  void add(const features::FeatureBlock& block, linalg::MatrixView<const double> x);
  /// Copies the lower triangles onto the upper ones.
  void symmetrize();
  /// Computes out (block.structures x targets) += weight f(A), or the contribution of a
  /// part of a structure to that.
  void evaluate(const features::FeatureBlock& block, linalg::MatrixView<double> out) const;

private:
  void add_rows(const features::FeatureGroup& group, const std::vector<double>& row_weights, double* sum);

  int degree_;
  features::FeatureLayout layout_;
  std::vector<std::int64_t> starts_; ///< first column of every segment
  std::int64_t width_, targets_;
  std::int64_t columns_ = 0; ///< of the lower triangle that are not zero
  double weight_;
  LargeArray<double> values_; ///< goes back to the system when freed
};

/// Collective over store.grid().all(). The form of all structures of a store with replicated coefficients x
/// (structures x targets): summed over ranks, symmetric. `form` is overwritten.
void build_form(const FeatureStore& store, std::span<const double> x, CompactForm& form);

/// Collective. f of all structures of a store: structures x targets, column-major, on every rank.
std::vector<double> evaluate_form(const FeatureStore& store, const CompactForm& form);

} // namespace soapstone::kernel
