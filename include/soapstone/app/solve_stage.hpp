// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/app/report.hpp"
#include "soapstone/app/solver_plan.hpp"
#include "soapstone/app/training_checkpoint.hpp"
#include "soapstone/app/training_set.hpp"
#include "soapstone/kernel/kernel_sum.hpp"
#include "soapstone/regression/model.hpp"

#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace soapstone::app {

/// How a training run will be solved, decided before anything large is allocated.
struct SolverPlan : SolverChoice {
  MemoryBudget memory = {}; ///< for features and for gathering rows of them
  bool compact = false;     ///< compact forms follow, which take the features
};

/// Collective. Chooses the solver, tells the user, and throws ResourceError when it does not fit.
SolverPlan plan_solver(Session& session, const TrainingProblem& problem);

/// "backward error 0.01", "relative residual 1e-5" or both, as far as the model has them.
std::string describe_accuracy(const regression::Model& model);

/// What the solver found, besides the model's coefficients.
struct Solution {
  std::vector<double> fitted; ///< training values per atom without baseline, structures x targets
  Json details;               ///< for the report: solver, its size, residuals, iterations
};

/// Collective. The features of the training structures, computed when they are first asked for: a run that
/// goes on from a kernel matrix may do without.
using TrainingFeatures = std::function<kernel::KernelSum&()>;

/// Collective. Solves for the model's coefficients, lambda, backward error and residual with the planned
/// solver (stages kernel/cholesky/solve, or primal/..., or iterate). `checkpoint` may be null. Throws Stopped
/// on all ranks when one was asked to stop.
Solution solve(Session& session, const DrawnData& data, const TrainingFeatures& features,
               const SolverPlan& plan, regression::Model& model, TrainingCheckpoint* checkpoint = nullptr);

} // namespace soapstone::app
