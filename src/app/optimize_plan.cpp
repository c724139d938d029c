// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/app/optimize_plan.hpp"

#include "soapstone/app/evaluation_plan.hpp"
#include "soapstone/app/search_plan.hpp"
#include "soapstone/linalg/distributed_matrix.hpp"

#include <algorithm>

namespace soapstone::app {

namespace {

constexpr double gradient_kernels = 2.5; // what a gradient takes, in assemblies of the kernel matrix
constexpr double evaluations = 1.3;      // of the loss per iteration

std::int64_t block_of(const OptimizationProblem& problem, const Machine& machine) {
  return block_size_on(*problem.training.configuration, problem.training.train.structures(), machine.grid);
}

std::int64_t local_matrix(const OptimizationProblem& problem, const Machine& machine) {
  const auto n = problem.training.train.structures();
  return linalg::local_bytes(n, n, block_of(problem, machine), machine.grid);
}

/// Bytes of the gradients in the rows that a contraction of rows takes, as many as there are at once.
std::int64_t gradients_before_reduction(kernel::KernelSpec spec,
                                        std::span<const structure::Structure> structures) {
  constexpr std::int64_t batch = 8; // search::KernelFeatures::add_derivatives
  if (!spec.reduction)
    return 0;
  spec.reduction = nullptr;
  return FeatureSizes({spec}, structures).largest_run(batch);
}

/// Beside three matrices.
std::int64_t rest_of(const OptimizationProblem& problem, const Machine& machine) {
  return std::max<std::int64_t>(machine.memory_per_rank - 3 * local_matrix(problem, machine), 0);
}

/// Of all densities, the part of the rank with most features.
std::int64_t density_share(const OptimizationProblem& problem, const Machine& machine) {
  const auto& features = problem.training.train;
  const auto share = static_cast<double>(features.largest_share(block_of(problem, machine), machine.grid)) /
                     static_cast<double>(std::max<std::int64_t>(1, features.total()));
  return static_cast<std::int64_t>(share * static_cast<double>(problem.densities));
}

/// The fit of a contraction at the optimum is that at the start once more, in a heap with holes by then:
/// measured to take 1.3 to 1.5 times as much.
void plan_refit(RunPlan& plan) {
  const auto first = std::find_if(plan.stages.begin(), plan.stages.end(),
                                  [](const auto& stage) { return stage.name == "contraction"; });
  if (first == plan.stages.end())
    return;
  auto refit = *first;
  refit.name = "refit";
  refit.bytes += std::max<std::int64_t>(0, refit.bytes - plan.program) / 2;
  plan.stages.push_back(refit);
}

} // namespace

std::set<search::Hyperparameter> chosen_parameters(const Configuration& configuration) {
  std::set<search::Hyperparameter> chosen;
  for (const auto& name : configuration.optimize.parameters)
    chosen.insert(search::hyperparameter_named(name));
  return chosen;
}

Configuration optimized_configuration(Configuration configuration) {
  if (chosen_parameters(configuration).contains(search::Hyperparameter::coupling))
    for (auto& kernel : configuration.kernels)
      if (kernel.species.coupling == "none")
        kernel.species.coupling = "gaussian";
  for (const auto& kernel : configuration.kernels)
    if (kernel.precision != kernel::Precision::float64)
      throw ConfigError("optimize keeps features as float64, since rounded ones have no gradient: leave "
                        "soap.precision out, or train with it at the optimum",
                        "soap.precision");
  return configuration;
}

OptimizationProblem::OptimizationProblem(const Configuration& configuration,
                                         const std::vector<kernel::KernelSpec>& kernels,
                                         const EvaluationSet& set)
    : training(dense_problem(configuration, kernels, set)), folds(set.folds.count()) {
  for (const auto& kernel : kernels) {
    densities += static_cast<std::int64_t>(density_bytes(kernel.soap, set.data.structures));
    tiled = tiled || kernel.zeta > 1;
    back = std::max(back, gradients_before_reduction(kernel, set.data.structures));
  }
}

search::LossOptions loss_options(const OptimizationProblem& problem, const Machine& machine) {
  const auto rest = rest_of(problem, machine);
  const auto each = static_cast<std::int64_t>(problem.training.kernels.size());
  search::LossOptions options;
  options.block = block_of(problem, machine);
  options.regularizer = problem.training.configuration->optimize.regularizer;
  options.errors.width = problem.training.configuration->optimize.huber_width;
  options.features = rest / 2 / each;
  options.densities = rest / 5 / each;
  options.gradients = rest / 5;
  options.row_memory = std::max<std::int64_t>(rest / 10, 1);
  return options;
}

MemoryNeed optimization_need(const OptimizationProblem& problem, const Machine& machine) {
  const auto rest = rest_of(problem, machine);
  auto need = training_need(problem.training, machine);
  const auto densities = std::min(density_share(problem, machine), rest / 5);
  // A block at least, whatever may be held at once.
  const auto gradients = problem.tiled ? std::max(std::min(need.features, rest / 5), need.again_work / 2) : 0;
  const auto columns = static_cast<std::int64_t>(sizeof(double)) * 4 * problem.folds *
                       problem.training.train.structures() * problem.training.targets;
  need.features = std::min(need.features, rest / 2);
  need.gathered = std::min(need.gathered, rest / 10);
  need.feature_work += densities;
  need.assembly_work += densities;
  need.solve_work += densities + columns + need.matrix; // the inverse, as it is multiplied
  need.predict_work = densities + gradients + columns + problem.back;
  need.again_work = 0; // the parts that are computed again are chosen above, by the same memory
  return need;
}

void plan_optimization(const OptimizationProblem& problem, const Rates& rates, RunPlan& plan) {
  const auto& need = plan.need = optimization_need(problem, plan.machine);
  const auto real = [](std::int64_t value) { return static_cast<double>(value); };
  const double ranks = plan.machine.ranks, n = real(problem.training.train.structures());
  const double times = 1 + evaluations * real(problem.training.configuration->optimize.iterations);
  const double kernel = n * (n + 1) / 2 * rates.pair_seconds / ranks;
  const double cholesky = n * n * n / (1e9 * rates.dgemm_gflops * ranks * 0.8); // factor and inverse
  const auto add = [&](const char* name, double seconds, std::int64_t bytes) {
    plan.stages.push_back({name, times * seconds, plan.program + bytes});
  };
  add("features",
      rates.setup_seconds + real(problem.training.train_environments) * rates.environment_seconds / ranks,
      need.computing_features());
  add("kernel", kernel, need.assembling(loss_options(problem, plan.machine).row_memory));
  add("inverse", cholesky, need.solving());
  add("gradient", gradient_kernels * kernel, need.predicting());
  plan_refit(plan);
}

} // namespace soapstone::app
