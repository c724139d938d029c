// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/kernel/primal_rows.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace soapstone::regression {

/// Says how the linear system is solved; all give the same answer.
enum class SolverKind {
  cholesky, ///< dense kernel matrix, N x N
  primal,   ///< normal equations in the features, F x F
  iterative ///< conjugate gradients without a kernel matrix
};

/// Holds what a choice depends on.
struct SolverProblem {
  /// One kernel of the sum.
  struct Kernel {
    int zeta = 2;
    std::int64_t width = 0; ///< features per environment
  };
  std::int64_t structures = 0; ///< N
  std::vector<Kernel> kernels;
  bool dense_fits = true; ///< the kernel matrix and the features fit in memory and in ScaLAPACK's indices

  /// Returns the unknowns of the primal problem, of all kernels: the width for zeta = 1, the products of two
  /// features for zeta = 2.
  std::int64_t primal_unknowns() const;
};

/// The solver that is wanted, or without a wish: primal where it has fewer unknowns than
/// structures, else the dense Cholesky where it fits, else the iterative solver. All three solve the same
/// problem. Throws ConfigError (`solver`) when the one wanted cannot do it: primal and cg take kernels with
/// zeta 1 or 2.
SolverKind choose_solver(std::optional<SolverKind> wanted, const SolverProblem& problem);

/// Columns of the iterative solver's preconditioner: as many as wanted, without a wish as as there are
/// unknowns or structures, at most 20 000, and no more than an F x F matrix over all ranks fits into `bytes`.
std::int64_t choose_preconditioner_columns(std::optional<std::int64_t> wanted, const SolverProblem& problem,
                                           std::int64_t bytes);

std::string to_string(SolverKind kind); ///< as regression.solver spells it

} // namespace soapstone::regression
