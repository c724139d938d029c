// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/app/report.hpp"
#include "soapstone/app/solver_plan.hpp"
#include "soapstone/app/training_set.hpp"
#include "soapstone/kernel/kernel_sum.hpp"
#include "soapstone/regression/model.hpp"

#include <vector>

namespace soapstone::app {

/// How a training run will be solved, decided before anything large is allocated.
struct SolverPlan : SolverChoice {
  MemoryBudget memory = {}; ///< for features and for gathering rows of them
};

/// Collective. Chooses the solver, tells the user, and throws ResourceError when it does not fit.
SolverPlan plan_solver(Session& session, const TrainingProblem& problem);

/// What the solver found, besides the model's coefficients.
struct Solution {
  std::vector<double> fitted; ///< training values per atom without baseline, structures x targets
  Json details;               ///< for the report: solver, its size, residuals, iterations
};

/// Collective. Solves for the model's coefficients, lambda and backward error with the planned solver (stages
/// kernel/cholesky/solve, or primal/..., or iterate).
Solution solve(Session& session, const DrawnData& data, kernel::KernelSum& features, const SolverPlan& plan,
               regression::Model& model);

} // namespace soapstone::app
