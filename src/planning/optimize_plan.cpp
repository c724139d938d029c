// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/planning/optimize_plan.hpp"

#include "soapstone/linalg/distributed_matrix.hpp"
#include "soapstone/planning/evaluation_plan.hpp"
#include "soapstone/planning/search_sharing.hpp"
#include "soapstone/search/loss_memory.hpp"

#include <algorithm>

namespace soapstone::planning {

namespace {

// A gradient takes so many assemblies of the kernel matrix: by tiles twice the products, of all pairs and
// not of half of them (measured: 4.0). From means over structures it is less, and all of it little.
constexpr double tiled_kernels = 4, mean_kernels = 2.5;
constexpr double evaluations = 1.3; // of the loss per iteration

std::int64_t block_of(const OptimizationProblem& problem, const Machine& machine) {
  return machine.block_size(problem.training.train.structures());
}

std::int64_t local_matrix(const OptimizationProblem& problem, const Machine& machine) {
  const auto n = problem.training.train.structures();
  return linalg::local_bytes(n, n, block_of(problem, machine), machine.grid);
}

/// Bytes of the gradients in the rows that a contraction of rows takes, as many as there are at once.
std::int64_t gradients_before_projection(kernel::KernelSpec spec,
                                         std::span<const structure::Structure> structures) {
  if (!spec.projection)
    return 0;
  spec.projection = nullptr;
  FeatureSizes sizes({spec}, structures);
  sizes.keep_whole();
  return sizes.largest_run(sizes.blocks_of(search::gradients_at_once));
}

/// Beside three matrices.
std::int64_t rest_of(const OptimizationProblem& problem, const Machine& machine) {
  return std::max<std::int64_t>(machine.memory_per_rank - 3 * local_matrix(problem, machine), 0);
}

/// Returns the bytes of all densities that belong to the part of the rank with most features.
std::int64_t density_share(const OptimizationProblem& problem, const Machine& machine) {
  const auto& features = problem.training.train;
  const auto share = static_cast<double>(features.largest_share(block_of(problem, machine), machine.grid)) /
                     static_cast<double>(std::max<std::int64_t>(1, features.total()));
  return static_cast<std::int64_t>(share * static_cast<double>(problem.densities));
}

/// Returns the size with a_c full and b_c zero in the structures of its fold.
kernel::GradientSize gradient_size(const kernel::KernelSpec& spec, const TrainingProblem& training,
                                   std::span<const structure::Structure> structures, std::int64_t folds) {
  double bytes = 0;
  for (const auto& structure : structures)
    bytes += static_cast<double>(kernel::feature_bytes(spec, structure));
  return {spec.zeta,
          static_cast<double>(structures.size()),
          static_cast<double>(training.train_environments),
          bytes / sizeof(double),
          kernel::feature_layout(spec).total_width(),
          folds * training.targets,
          static_cast<double>((2 * folds - 1) * training.targets)};
}

/// Returns the bytes of the gradients of one kernel after the other.
std::int64_t gradient_bytes(const OptimizationProblem& problem, const MemoryNeed& need, std::int64_t memory) {
  std::int64_t most = 0;
  const auto block = need.again_work / 2; // at least, whatever may be held at once
  for (const auto& size : problem.gradients)
    most = std::max(most, kernel::gradient_memory(size, need.features, block, memory));
  return most;
}

/// Returns what gradients take, in assemblies of the kernel matrix.
double gradient_work(const OptimizationProblem& problem, std::int64_t memory) {
  double tiled = 0, chosen = 0;
  for (const auto& size : problem.gradients) {
    tiled += kernel::tiled_operations(size);
    chosen += kernel::forms_at_once(size, memory) > 0 ? kernel::low_rank_operations(size)
                                                      : kernel::tiled_operations(size);
  }
  return tiled > 0 ? tiled_kernels * chosen / tiled : mean_kernels;
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

options::Configuration optimized_configuration(options::Configuration configuration) {
  if (configuration.optimize.parameters.contains(search::Hyperparameter::coupling))
    for (auto& kernel : configuration.kernels)
      if (kernel.species.coupling == options::CouplingKind::none)
        kernel.species.coupling = options::CouplingKind::gaussian;
  for (const auto& kernel : configuration.kernels)
    if (kernel.precision != kernel::Precision::float64)
      throw ConfigError("optimize needs features in float64, because rounded ones have no gradient: omit "
                        "`precision` here, and use it only to train with the optimum",
                        "precision");
  return configuration;
}

OptimizationProblem::OptimizationProblem(const options::Configuration& configuration,
                                         const std::vector<kernel::KernelSpec>& kernels,
                                         std::span<const structure::Structure> structures,
                                         const regression::Folds& drawn)
    : training(dense_problem(configuration, kernels, structures)), wanted(configuration.optimize),
      folds(drawn.count()) {
  training.train.keep_whole();
  for (const auto& kernel : kernels) {
    densities += static_cast<std::int64_t>(features::density_bytes(kernel.soap, structures));
    if (kernel.zeta > 1)
      gradients.push_back(gradient_size(kernel, training, structures, folds));
    back = std::max(back, gradients_before_projection(kernel, structures));
  }
}

search::LossOptions loss_options(const OptimizationProblem& problem, const Machine& machine) {
  const auto rest = rest_of(problem, machine);
  const auto each = static_cast<std::int64_t>(problem.training.kernels.size());
  search::LossOptions options;
  options.block = block_of(problem, machine);
  options.regularizer = problem.wanted.regularizer;
  options.errors.width = problem.wanted.huber_width;
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
  const auto gradients = gradient_bytes(problem, need, loss_options(problem, machine).gradients);
  const auto columns = search::fold_columns_memory(problem.folds, problem.training.train.structures(),
                                                   problem.training.targets);
  need.features = std::min(need.features, rest / 2);
  need.gathered = std::min(need.gathered, rest / 10);
  need.feature_work += densities;
  // Features and gathered rows are made anew every time, in a heap with holes: measured to take a tenth more.
  need.assembly_work += densities + (need.features + need.gathered) / 8;
  need.solve_work += densities + columns + need.matrix; // the inverse, as it is multiplied
  need.predict_work = densities + gradients + columns + problem.back;
  need.again_work = 0; // the parts that are computed again are chosen above, by the same memory
  return need;
}

void plan_optimization(const OptimizationProblem& problem, const Rates& rates, RunPlan& plan) {
  const auto& need = plan.need = optimization_need(problem, plan.machine);
  const auto real = [](std::int64_t value) { return static_cast<double>(value); };
  const double ranks = plan.machine.ranks, n = real(problem.training.train.structures());
  const double times = 1 + evaluations * real(problem.wanted.iterations);
  const double kernel = n * (n + 1) / 2 * rates.pair_seconds / ranks;
  const double cholesky = n * n * n / (1e9 * rates.dgemm_gflops * ranks * 0.8); // factor and inverse
  const auto options = loss_options(problem, plan.machine);
  const auto add = [&](const char* name, double seconds, std::int64_t bytes) {
    plan.stages.push_back({name, times * seconds, plan.program + bytes});
  };
  add("features",
      rates.setup_seconds + real(problem.training.train_environments) * rates.environment_seconds / ranks,
      need.computing_features());
  add("kernel", kernel, need.assembling(options.row_memory));
  add("inverse", cholesky, need.solving());
  add("gradient", gradient_work(problem, options.gradients) * kernel, need.predicting());
  plan_refit(plan);
}

} // namespace soapstone::planning
