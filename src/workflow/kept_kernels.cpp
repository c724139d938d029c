// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/workflow/kept_kernels.hpp"

#include "soapstone/planning/evaluation_plan.hpp"
#include "soapstone/workflow/kernel_specs.hpp"
#include "soapstone/workflow/kernel_stages.hpp"
#include "soapstone/workflow/training_set.hpp"

namespace soapstone::workflow {

namespace {

std::int64_t block_of(const Context& context, const EvaluationSet& set) {
  return context.machine.block_size(static_cast<std::int64_t>(set.data.size()));
}

/// sum += weight * kernel; local, both are spread alike.
void add(linalg::DistributedMatrix& sum, double weight, const linalg::DistributedMatrix& kernel) {
  const auto to = sum.local();
  const auto from = kernel.local();
  for (std::size_t i = 0; i < to.size(); ++i)
    to[i] += weight * from[i];
}

/// Returns whether all kernels may stay beside a cross-validation of their sum.
bool can_stay(const Context& context, const planning::EvaluationProblem& problem, std::size_t kernels) {
  const auto machine = context.machine;
  const auto need = planning::evaluation_need(problem, machine);
  return need.least() + static_cast<std::int64_t>(kernels) * need.matrix <= machine.memory_per_rank;
}

} // namespace

void KeptKernels::forget() {
  features_.clear();
  specs_.clear();
  kernels_.clear();
}

linalg::DistributedMatrix KeptKernels::assemble(const Context& context, const EvaluationSet& set,
                                                std::size_t kernel,
                                                const options::Configuration& configuration) {
  std::vector<kernel::KernelSpec> alone{specs_[kernel]};
  alone.front().weight = 1;
  const planning::EvaluationProblem problem(configuration, alone, set.data.structures, set.folds);
  const auto budget =
      planning::require_memory(context.stages.log(), context.machine, [&](const planning::Machine& machine) {
        return planning::evaluation_need(problem, machine);
      });
  auto features = run_features(context, alone, set.data.structures, block_of(context, set), budget.features);
  ++assembled_;
  return run_assembly(context.stages, features, budget.rows);
}

EvaluateResult KeptKernels::evaluate(const Context& context, const formats::DataSet& all,
                                     const options::Configuration& configuration,
                                     const std::string& features) {
  auto set = draw_evaluation_set(all, configuration);
  warn_of_left_out(context.stages.log(), set);
  if (features != features_) {
    forget();
    specs_ = kernel_specs(context, configuration, set.elements, set.data.structures);
    features_ = features;
  }
  const planning::EvaluationProblem problem(configuration, specs_, set.data.structures, set.folds);
  const bool keep = can_stay(context, problem, specs_.size());
  const auto n = static_cast<std::int64_t>(set.data.size());
  linalg::DistributedMatrix sum(context.grid, n, n, block_of(context, set));
  const bool known = !kernels_.empty();
  try {
    for (std::size_t k = 0; k < specs_.size(); ++k) {
      const double weight = configuration.kernels[k].weight;
      if (known) {
        add(sum, weight, kernels_[k]);
        continue;
      }
      auto kernel = assemble(context, set, k, configuration);
      add(sum, weight, kernel);
      if (keep)
        kernels_.push_back(std::move(kernel));
    }
  } catch (...) {
    forget(); // some of the kernels are none
    throw;
  }
  auto result = evaluate_kernel(context.stages, std::move(set), std::move(sum), configuration);
  result.kernels = specs_;
  return result;
}

} // namespace soapstone::workflow
