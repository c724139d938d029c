// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/planning/solver_plan.hpp"
#include "soapstone/regression/model.hpp"
#include "soapstone/workflow/kernel_stages.hpp"
#include "soapstone/workflow/training_checkpoint.hpp"
#include "soapstone/workflow/training_set.hpp"

#include <optional>
#include <string>
#include <vector>

namespace soapstone::workflow {

/// Says how a training run will be solved, decided before anything large is allocated.
struct SolverPlan : planning::SolverChoice {
  planning::MemoryBudget memory = {};  ///< for features and for gathering rows of them
  bool compact = false;                ///< the model gets compact forms, which take the features
  options::SolverOptions options = {}; ///< limits of the iterations, whether a committee is trained
};

/// Collective. Chooses the solver, tells the user, and throws ResourceError when it does not fit, ConfigError
/// when it needs a regularization (relative) above 0.
SolverPlan plan_solver(const Context& context, const planning::TrainingProblem& problem,
                       double regularization);

/// "backward error 0.01", "relative residual 1e-5" or both, as far as they are known.
std::string describe_accuracy(std::optional<double> backward_error, std::optional<double> residual);

/// Records how the regression was solved and how accurately. What a solver does not have is absent.
struct SolverRecord {
  regression::SolverKind solver = regression::SolverKind::cholesky;
  std::optional<std::int64_t> unknowns;               ///< of the factorised system
  std::optional<std::int64_t> preconditioner_columns; ///< of the iterative solver
  std::optional<double> backward_error;               ///< of the direct solvers, see linalg::Residual
  std::optional<double>
      residual; ///< ||y - (K + lambda I) x|| / ||y||, largest of the targets, after iterations
  std::optional<double> residual_before_refinement; ///< of the primal solver
  std::vector<TargetIterations> targets;            ///< where there were iterations
};

/// The solution of (K + lambda I) x = y for all targets.
struct Solution {
  std::vector<double> coefficients; ///< x, structures x targets, eV per atom
  std::vector<double> fitted;       ///< K x: training values per atom without baseline, structures x targets
  double lambda = 0;                ///< absolute
  std::vector<kernel::CompactForm> compact; ///< one per kernel where the solver has made them, else none
  regression::Committee committee;          ///< without forms; none unless asked for
  SolverRecord record;
};

/// Collective. Solves for the coefficients of a model that has everything but these, with the planned solver
/// (stages kernel/cholesky/solve, or primal/..., or iterate). `checkpoint` may be null. Throws Stopped on all
/// ranks when one was asked to stop.
Solution solve(const Context& context, const DrawnData& data, LazyFeatures& features, const SolverPlan& plan,
               const regression::Model& model, TrainingCheckpoint* checkpoint = nullptr);

} // namespace soapstone::workflow
