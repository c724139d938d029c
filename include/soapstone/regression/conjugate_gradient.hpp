// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/regression/primal.hpp"

#include <functional>
#include <span>
#include <vector>

namespace soapstone::regression {

/// When to stop.
struct IterationLimits {
  int max_iterations = 500;
  /// Stop when, twice running, an iteration moves the predictions for the monitor set by less than this
  /// (root mean square, same unit as the targets) and the residual is small as well (max_settled_residual).
  double prediction_tolerance = 1e-12;
};

/// Predictions that no longer change are no solution while the relative residual exceeds this, unless the
/// residual itself (root mean square) is negligible.
inline constexpr double max_settled_residual = 1e-2;
/// Coefficients whose true relative residual exceeds this are refused, with the same exception.
inline constexpr double max_relative_residual = 0.1;

/// Residuals below this (eV per atom) are negligible: targets as small as this leave nothing to learn.
inline constexpr double negligible_residual = 1e-6;

/// Predictions are watched for at most so many structures, to decide when to stop.
inline constexpr std::int64_t most_monitored = 500;

/// Holds what one iteration did.
struct IterationRecord {
  int iteration = 0;
  double residual = 0;          ///< ||y - (K + lambda I) x|| / ||y||, by recurrence
  double prediction_change = 0; ///< root mean square over the monitor set
};

/// Result of an iterative solve of (K + lambda I) x = y for one target.
struct IterativeSolution {
  std::vector<double> coefficients; ///< x, structures
  std::vector<double> fitted;       ///< K x
  std::vector<IterationRecord> history;
  double residual = 0;    ///< true relative residual at the end, by one more product
  bool converged = false; ///< settled, and the true residual is as small as that wants
};

/// All that the next iteration depends on; the same on every rank.
struct IterationState {
  std::vector<double> x, fitted, r, p; ///< structures each: solution, K x, residual, search direction
  double rz = 0;                       ///< r M^-1 r
  std::vector<IterationRecord> history;
};

/// Takes over an earlier solve of the same problem, and hands out what a later one needs.
struct IterationContinuation {
  const IterationState* from = nullptr; ///< none: from zero
  /// Called on all ranks between iterations. May be collective, and may throw Stopped.
  std::function<void(const IterationState&)> keep = {};
};

/// Collective. Preconditioned conjugate gradients on (K + lambda I) x = y without the kernel matrix: K v is
/// two passes over the features of each kernel (theory: W(v) = sum_M v_M/N_M sum_k p_k p_k^T, then 1/N_A
/// sum_j p_j^T W p_j). The preconditioner is the primal factor of the most important columns X in Woodbury
/// form, M^-1 r = (r - X (X^T X + lambda I)^-1 X^T r) / lambda (Max A. Woodbury, Memorandum Rept. 42,
/// Princeton (1950)). `monitor`: features of structures whose predictions decide when to stop, may be empty
/// (then the training structures' own values do). `watch` is called after every iteration. Throws
/// NumericalError when the iteration breaks down, or when the true residual at its end exceeds
/// max_relative_residual.
IterativeSolution solve_iteratively(const kernel::PrimalTerms& terms, const PrimalRidge& preconditioner,
                                    std::span<const double> targets, const kernel::PrimalTerms& monitor,
                                    const IterationLimits& limits,
                                    const std::function<void(const IterationRecord&)>& watch = {},
                                    const IterationContinuation& continuation = {});

/// Returns the bytes that solve_iteratively() takes on a rank beside the features and the preconditioner, for
/// so many structures, numbers of the forms, and columns of the preconditioner: forms and the parts of them
/// that are summed over ranks, and vectors.
std::int64_t iteration_memory(std::int64_t structures, std::int64_t form, std::int64_t columns);

} // namespace soapstone::regression
