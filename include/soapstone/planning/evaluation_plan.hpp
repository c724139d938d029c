// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/options/options.hpp"
#include "soapstone/planning/run_plan.hpp"
#include "soapstone/planning/solver_plan.hpp"
#include "soapstone/regression/folds.hpp"
#include "soapstone/regression/validation_method.hpp"

#include <optional>
#include <span>
#include <vector>

namespace soapstone::planning {

/// Features and kernel of all structures, for a kernel matrix that is kept whole and no model.
TrainingProblem dense_problem(const options::Configuration& configuration,
                              const std::vector<kernel::KernelSpec>& kernels,
                              std::span<const structure::Structure> structures);

/// A cross-validation, as far as memory, time and the choice of method depend on it.
struct EvaluationProblem {
  EvaluationProblem(const options::Configuration& configuration,
                    const std::vector<kernel::KernelSpec>& kernels,
                    std::span<const structure::Structure> structures, const regression::Folds& folds);

  TrainingProblem training; ///< of all structures, for features and kernel
  regression::ValidationSize size;
  std::int64_t largest_fold = 0;
  std::int64_t kept = 0; ///< kernels that are kept while their weights are optimised
  std::optional<regression::ValidationMethod> wanted; ///< validation.method
};

/// Which way folds are held out on this machine: that of validation.method, or the faster one that fits.
regression::ValidationMethod choose_validation_on(const EvaluationProblem& problem, const Machine& machine);

/// Returns what that cross-validation needs.
MemoryNeed evaluation_need(const EvaluationProblem& problem, const Machine& machine);

/// Adds its stages, timed as those of a training.
void plan_evaluation(const EvaluationProblem& problem, const Rates& rates, RunPlan& plan);

} // namespace soapstone::planning
