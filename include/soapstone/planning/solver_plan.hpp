// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/options/options.hpp"
#include "soapstone/planning/memory_check.hpp"
#include "soapstone/regression/solver_choice.hpp"

#include <span>
#include <vector>

namespace soapstone::planning {

/// A training run, as far as memory and the choice of solver depend on it.
struct TrainingProblem {
  TrainingProblem(const options::Configuration& configuration, std::vector<kernel::KernelSpec> kernels,
                  std::span<const structure::Structure> train, std::span<const structure::Structure> test);

  options::SolverOptions solver;
  std::vector<kernel::KernelSpec> kernels;
  FeatureSizes train, test;
  std::int64_t train_environments = 0, test_environments = 0;
  std::int64_t targets = 1;
  std::int64_t columns = 1;  ///< coefficient vectors: targets, times the sizes of a learning curve
  std::int64_t members = 0;  ///< of a committee, for each target
  bool checkpoint = false;   ///< the kernel matrix may be written to a file
  bool dense_only = false;   ///< cross-validation needs the kernel matrix
  bool makes_compact = true; ///< training may add the forms that predict without the training set

  bool is_pairwise() const;   ///< a kernel without one space of features: the dense solver only
  std::int64_t width() const; ///< features of the first kernel
  /// Returns the numbers of the forms over the features of all kernels, of one target: d, or d x d for zeta
  /// = 2.
  std::int64_t form_numbers() const;
  /// Bytes of the compact forms that training adds to the model; 0: none.
  std::int64_t compact_bytes() const;
};

/// The solver of a run on a machine.
struct SolverChoice {
  regression::SolverKind kind = regression::SolverKind::cholesky;
  std::int64_t columns = 0; ///< of the primal problem or the preconditioner; 0 for cholesky
};

/// Throws ConfigError when the solver that is asked for cannot solve the problem.
SolverChoice choose_solver_on(const TrainingProblem& problem, const Machine& machine);

/// Returns what that run needs with this solver.
MemoryNeed training_need(const TrainingProblem& problem, const SolverChoice& choice, const Machine& machine);
/// Returns the same with the solver that suits the machine.
MemoryNeed training_need(const TrainingProblem& problem, const Machine& machine);

/// Returns what it needs with the solver that has been chosen on a machine of so many ranks, and on others
/// with the one that suits them. `problem` must outlive it.
NeedOn training_need_on(const TrainingProblem& problem, const SolverChoice& choice, const Machine& machine);

} // namespace soapstone::planning
