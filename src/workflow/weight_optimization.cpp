// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/workflow/weight_optimization.hpp"

#include "soapstone/base/text.hpp"
#include "soapstone/options/parameter_keys.hpp"
#include "soapstone/workflow/kernel_stages.hpp"

#include <cmath>
#include <numeric>

namespace soapstone::workflow {

using linalg::DistributedMatrix;
using Kernels = std::vector<DistributedMatrix>;

namespace {

/// The kernels at weight 1. Only one has its features at a time.
Kernels assemble_all(const Context& context, const EvaluationSet& set,
                     const std::vector<kernel::KernelSpec>& specs, const planning::MemoryBudget& budget) {
  const auto block = context.machine.block_size(static_cast<std::int64_t>(set.data.size()));
  Kernels kernels;
  for (auto spec : specs) {
    spec.weight = 1;
    auto features = run_features(context, {spec}, set.data.structures, block, budget.features);
    kernels.push_back(run_assembly(context.stages, features, budget.rows));
  }
  return kernels;
}

double diagonal_of(const OptimizedEvaluation& result, const std::vector<double>& weights) {
  return std::inner_product(weights.begin(), weights.end(), result.diagonals.begin(), 0.0);
}

regression::OptimizedWeights descend(Stages& stages, const OptimizedEvaluation& result,
                                     const Kernels& kernels, const options::Configuration& configuration) {
  const auto& set = result.before.set;
  const auto problem = validation_problem(set, configuration);
  const bool free = configuration.validation.optimize_regularization;
  const auto& begin = result.before.winner();
  return stages.run("weights", [&](const Progress&) {
    int evaluation = 0;
    return regression::optimize_weights(
        kernels, problem, result.start, free ? begin.lambda : begin.regularization,
        free ? regression::LambdaScale::absolute : regression::LambdaScale::relative, {},
        [&](const regression::WeightStep& step) {
          std::string text = format("evaluation %3d  loss %.6e  weights", ++evaluation, step.loss);
          for (const double weight : step.weights)
            text += format(" %.4g", weight);
          stages.line(text);
        });
  });
}

/// The configuration of one regularisation with the weights found.
options::Configuration optimized_configuration(const OptimizedEvaluation& result,
                                               const options::Configuration& base, double regularization,
                                               const options::WithValues& with_values) {
  std::vector<options::Assignment> changes{
      {options::key_of("regularization"), format("%.12g", regularization), "weights"}};
  for (std::size_t k = 0; k < result.numbers.size(); ++k)
    changes.push_back(
        {options::key_of("weight", result.numbers[k]), format("%.12g", result.weights[k]), "weights"});
  return with_values(base, changes);
}

} // namespace

double OptimizedEvaluation::share(std::size_t kernel) const {
  return weights[kernel] * diagonals[kernel] / diagonal_of(*this, weights);
}

OptimizedEvaluation optimize_evaluation(const Context& context, const formats::DataSet& all,
                                        const options::Configuration& configuration,
                                        const options::WithValues& with_values) {
  auto prepared = prepare_evaluation(context, all, configuration);
  auto& specs = prepared.kernels;
  const auto kernels = assemble_all(context, prepared.set, specs, prepared.budget);
  OptimizedEvaluation result;
  for (std::size_t k = 0; k < specs.size(); ++k) {
    result.numbers.push_back(configuration.kernels[k].number);
    result.start.push_back(specs[k].weight);
    result.diagonals.push_back(linalg::mean_diagonal(kernels[k]));
  }
  result.before = evaluate_kernel(context.stages, std::move(prepared.set),
                                  linalg::weighted_sum(kernels, result.start), configuration);
  describe_result(context.stages.log(), result.before);
  result.path = descend(context.stages, result, kernels, configuration);
  // All weights together do not matter: leave the kernel its size.
  result.weights = result.path.weights;
  const double scale = diagonal_of(result, result.start) / diagonal_of(result, result.weights);
  for (double& weight : result.weights)
    weight *= scale;
  if (!result.path.converged)
    context.stages.warn("the weights have not converged: " + result.path.reason);
  result.configuration =
      optimized_configuration(result, configuration, result.path.regularization, with_values);
  result.after = evaluate_kernel(context.stages, result.before.set,
                                 linalg::weighted_sum(kernels, result.weights), result.configuration);
  describe_result(context.stages.log(), result.after);
  for (std::size_t k = 0; k < specs.size(); ++k)
    specs[k].weight = result.weights[k];
  result.after.kernels = std::move(specs);
  return result;
}

} // namespace soapstone::workflow
