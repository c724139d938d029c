// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/kernel/primal_sum.hpp"
#include "soapstone/linalg/distributed_matrix.hpp"

#include <vector>

namespace soapstone::regression {

/// The primal normal equations (X^T X + lambda I) w = X^T y over the columns of a sum of kernels: F x F
/// instead of N x N, never holding X. With all columns the model is that of the dual problem (K + lambda I) x
/// = y, exactly.
class PrimalRidge {
public:
  /// Collective. Accumulates X^T X in one pass over the features.
  PrimalRidge(const kernel::PrimalTerms& terms, kernel::SumColumns columns, std::int64_t block,
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

  const kernel::SumColumns& columns() const noexcept { return columns_; }
  double lambda() const noexcept { return lambda_; }
  double flops() const noexcept { return flops_; } ///< of this rank, for the products

private:
  kernel::SumColumns columns_;
  linalg::DistributedMatrix gram_;
  std::vector<double> diagonal_; ///< of X^T X + lambda I
  double lambda_ = 0, flops_ = 0;
};

/// Collective. The primal solution as forms (all targets): w of (X^T X + lambda I) w = X^T y, refined.
/// `targets` is structures x k. Precondition: the ridge has all columns. Returns the largest backward error
/// of the targets; throws NumericalError if that exceeds max_backward_error.
double solve_primal(const kernel::PrimalTerms& terms, const PrimalRidge& ridge,
                    const std::vector<double>& targets, std::vector<kernel::CompactForm>& forms);

/// Returns the bytes that solve_primal() takes beside the ridge, for so many structures, numbers of the forms
/// of one target, columns and targets: the forms and their gradients, and vectors.
std::int64_t primal_memory(std::int64_t structures, std::int64_t form, std::int64_t columns,
                           std::int64_t targets);

} // namespace soapstone::regression
