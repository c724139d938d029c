// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/planning/evaluation_plan.hpp"

#include "soapstone/regression/cross_validation.hpp"
#include "soapstone/regression/weights.hpp"

#include <algorithm>

namespace soapstone::planning {

using regression::ValidationMethod;

namespace {

constexpr double expected_gradients = 30; // until weights have converged

/// Kernels beside their sum, and what a gradient takes.
void add_weight_work(const EvaluationProblem& problem, linalg::GridShape grid, MemoryNeed& need) {
  const auto kernels = problem.kept * need.matrix;
  need.feature_work += kernels;
  need.assembly_work += kernels;
  need.solve_work += kernels + regression::weights_memory(problem.size, grid);
}

MemoryNeed need_of(const EvaluationProblem& problem, ValidationMethod method, const Machine& machine) {
  auto need = training_need(problem.training, machine);
  need.solve_work += regression::validation_memory(problem.size, problem.largest_fold, machine.grid) +
                     regression::validation_matrices(method, problem.size) * need.matrix;
  if (problem.kept > 0)
    add_weight_work(problem, machine.grid, need);
  return need;
}

} // namespace

TrainingProblem dense_problem(const options::Configuration& configuration,
                              const std::vector<kernel::KernelSpec>& kernels,
                              std::span<const structure::Structure> structures) {
  TrainingProblem problem(configuration, kernels, structures, {});
  problem.dense_only = true;
  problem.makes_compact = false;
  return problem;
}

EvaluationProblem::EvaluationProblem(const options::Configuration& configuration,
                                     const std::vector<kernel::KernelSpec>& kernels,
                                     std::span<const structure::Structure> structures,
                                     const regression::Folds& folds)
    : training(dense_problem(configuration, kernels, structures)), wanted(configuration.validation.method) {
  size.structures = static_cast<std::int64_t>(structures.size());
  size.folds = folds.count();
  size.lambdas = static_cast<std::int64_t>(configuration.regularizations.size());
  size.targets = training.targets;
  largest_fold = folds.size(0);
  if (configuration.validation.optimize_weights)
    kept = static_cast<std::int64_t>(kernels.size());
}

ValidationMethod choose_validation_on(const EvaluationProblem& problem, const Machine& machine) {
  const bool eigen_fits = need_of(problem, ValidationMethod::eigen, machine).fits(machine);
  return regression::choose_validation(problem.wanted, problem.size, eigen_fits);
}

MemoryNeed evaluation_need(const EvaluationProblem& problem, const Machine& machine) {
  return need_of(problem, choose_validation_on(problem, machine), machine);
}

void plan_evaluation(const EvaluationProblem& problem, const Rates& rates, RunPlan& plan) {
  plan_training(problem.training, rates, 1, plan);
  const auto factorised = std::find_if(plan.stages.begin(), plan.stages.end(),
                                       [](const PlannedStage& stage) { return stage.name == "cholesky"; });
  plan.stages.erase(factorised, plan.stages.end());
  const auto method = choose_validation_on(problem, plan.machine);
  plan.need = need_of(problem, method, plan.machine);
  plan.solver = regression::to_string(method);
  if (problem.kept > 0) {
    auto one = problem.size;
    one.lambdas = 1;
    plan.stages.push_back(
        {"weights",
         expected_gradients * regression::validation_effort(ValidationMethod::inverse, one) /
             (1e9 * rates.dgemm_gflops * plan.machine.ranks),
         plan.program + plan.need.solving()});
  }
  plan.stages.push_back(
      {"cross-validation",
       regression::validation_effort(method, problem.size) / (1e9 * rates.dgemm_gflops * plan.machine.ranks),
       plan.program + plan.need.solving()});
}

} // namespace soapstone::planning
