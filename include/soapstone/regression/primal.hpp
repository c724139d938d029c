// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/kernel/compact_form.hpp"
#include "soapstone/kernel/primal_rows.hpp"
#include "soapstone/linalg/distributed_matrix.hpp"

#include <vector>

namespace soapstone::regression {

/// The primal normal equations (X^T X + lambda I) w = X^T y over the columns of kernel::PrimalRows: F x F
/// instead of N x N, never holding X. With all columns the model is that of the dual problem (K + lambda I) x
/// = y, exactly.
class PrimalRidge {
public:
  /// Collective. Accumulates X^T X in one pass over the store.
  PrimalRidge(const kernel::FeatureStore& store, kernel::PrimalRows columns, std::int64_t block,
              const Progress& progress = {});

  /// Collective. Factorises X^T X + lambda I, lambda absolute. Throws NumericalError with advice when that is
  /// not positive definite.
  void factorize(double lambda);

  /// Collective. (X^T X + lambda I)^-1 b for b = X^T v, F numbers, replicated.
  std::vector<double> solve(const std::vector<double>& right_hand_side) const;

  /// Collective. The backward error of such a solution (see linalg::Residual), by the matrix itself, which
  /// stays above its factor.
  double backward_error(const std::vector<double>& right_hand_side,
                        const std::vector<double>& solution) const;

  const kernel::PrimalRows& columns() const noexcept { return columns_; }
  double lambda() const noexcept { return lambda_; }
  double flops() const noexcept { return flops_; } ///< of this rank, for the products

private:
  kernel::PrimalRows columns_;
  linalg::DistributedMatrix gram_;
  std::vector<double> diagonal_; ///< of X^T X + lambda I
  double lambda_ = 0, flops_ = 0;
};

/// Collective. The primal solution as a form (all targets): w of (X^T X + lambda I) w = X^T y, refined.
/// `targets` is structures x k. Precondition: the ridge has all columns. Returns the largest backward error
/// of the targets; throws NumericalError if that exceeds max_backward_error.
double solve_primal(const kernel::FeatureStore& store, const PrimalRidge& ridge,
                    const std::vector<double>& targets, kernel::CompactForm& form);

/// Returns the bytes that solve_primal() takes beside the ridge, for so many structures, numbers of a form of
/// one target, columns and targets: the form and its gradient, and vectors.
std::int64_t primal_memory(std::int64_t structures, std::int64_t form, std::int64_t columns,
                           std::int64_t targets);

} // namespace soapstone::regression
