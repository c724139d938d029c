// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/workflow/evaluation.hpp"

#include "soapstone/base/text.hpp"
#include "soapstone/planning/evaluation_plan.hpp"
#include "soapstone/regression/kernel_scale.hpp"
#include "soapstone/workflow/data_summary.hpp"
#include "soapstone/workflow/kernel_specs.hpp"
#include "soapstone/workflow/kernel_stages.hpp"
#include "soapstone/workflow/load_data.hpp"
#include "soapstone/workflow/training_set.hpp"

#include <limits>

namespace soapstone::workflow {

using regression::ErrorSummary;
using structure::Structure;

namespace {

std::vector<regression::HeldOut> hold_out(Stages& stages, const EvaluationSet& set,
                                          linalg::DistributedMatrix kernel,
                                          regression::ValidationMethod method,
                                          const options::Configuration& configuration) {
  const double scale = regression::require_scale(linalg::mean_diagonal(kernel));
  std::vector<double> lambdas;
  for (const double regularization : configuration.regularizations)
    lambdas.push_back(regularization * scale);
  const auto problem = validation_problem(set, configuration);
  return stages.run("cross-validation", [&](const Progress& progress) {
    return regression::cross_validate(std::move(kernel), problem, lambdas, method, progress);
  });
}

ErrorSummary errors_between(const EvaluationSet& set, const std::vector<double>& references,
                            const std::vector<double>& predicted, std::int64_t begin, std::int64_t end) {
  const auto from = static_cast<std::size_t>(begin), count = static_cast<std::size_t>(end - begin);
  std::vector<double> atoms;
  for (const auto& structure : std::span(set.data.structures).subspan(from, count))
    atoms.push_back(static_cast<double>(structure.size()));
  return regression::summarize_errors(std::span(predicted).subspan(from, count),
                                      std::span(references).subspan(from, count), atoms);
}

RegularizationErrors summarize(const EvaluationSet& set, double regularization,
                               const regression::HeldOut& held_out) {
  RegularizationErrors errors;
  errors.regularization = regularization;
  errors.lambda = held_out.lambda;
  errors.failure = held_out.failure;
  errors.backward_error = held_out.backward_error;
  const auto references = set.references();
  for (std::size_t t = 0; t < held_out.energies.size(); ++t) {
    const auto& predicted = held_out.energies[t];
    errors.errors.push_back(
        errors_between(set, references[t], predicted, 0, static_cast<std::int64_t>(predicted.size())));
    auto& folds = errors.folds.emplace_back();
    for (std::int64_t fold = 0; fold < set.folds.count(); ++fold)
      folds.push_back(
          errors_between(set, references[t], predicted, set.folds.begin(fold), set.folds.end(fold)));
  }
  return errors;
}

std::size_t least_mae(const std::vector<RegularizationErrors>& scanned) {
  std::vector<double> scores;
  scores.reserve(scanned.size());
  for (const auto& one : scanned)
    scores.push_back(one.failure.empty() ? one.errors.front().mae : std::numeric_limits<double>::infinity());
  const auto best = regression::first_of_least(scores);
  return best < scanned.size() ? best : 0;
}

EvaluateResult cross_validate(Stages& stages, EvaluationSet set, linalg::DistributedMatrix kernel,
                              regression::ValidationMethod method,
                              const options::Configuration& configuration) {
  auto held_out = hold_out(stages, set, std::move(kernel), method, configuration);
  EvaluateResult result;
  result.method = method;
  for (std::size_t i = 0; i < held_out.size(); ++i)
    result.scanned.push_back(summarize(set, configuration.regularizations[i], held_out[i]));
  result.best = least_mae(result.scanned);
  result.predictions = std::move(held_out[result.best].energies);
  result.set = std::move(set);
  return result;
}

} // namespace

void warn_of_left_out(Log& log, const EvaluationSet& set) {
  const auto& left_out = set.left_out;
  const auto warn = [&](std::int64_t count, const std::string& why) {
    if (count > 0)
      log.warn(format("%lld of %zu structures are left out of the cross-validation errors: the "
                      "structures outside their folds ",
                      static_cast<long long>(count), set.data.size()) +
               why);
  };
  warn(left_out.by_elements, "do not contain " + element_list(left_out.lacking));
  warn(left_out.by_composition, "do not determine the baseline of their compositions");
  if (set.counted() == 0)
    throw DataError(
        "cross-validation has no errors to average: for every structure, the structures outside its fold "
        "do not contain its elements or do not determine the baseline of its composition. "
        "Use more structures, or `baseline` = atoms");
}

void describe_evaluation(const Stages& stages, const EvaluationSet& set,
                         const options::Configuration& configuration) {
  stages.line("cross-validation of " + describe_sizes(set.data.structures) +
              format(", %s, %zu regularization%s",
                     configuration.validation.folds == 0
                         ? "leave-one-out"
                         : format("%lld folds", static_cast<long long>(set.folds.count())).c_str(),
                     configuration.regularizations.size(),
                     configuration.regularizations.size() == 1 ? "" : "s"));
  describe_targets(stages, configuration, set.data);
  warn_of_copies(stages, set.data);
  warn_of_left_out(stages.log(), set);
}

void describe_result(Log& log, const EvaluateResult& result) {
  for (const auto& one : result.scanned)
    if (!one.failure.empty())
      log.warn(format("regularization %g: ", one.regularization) + one.failure);
  log.line(format("regularization %.3g: backward error %.2g", result.winner().regularization,
                  result.winner().backward_error));
}

regression::ValidationProblem validation_problem(const EvaluationSet& set,
                                                 const options::Configuration& configuration) {
  return {set.data.structures,
          set.data.targets,
          set.folds,
          [&configuration](std::span<const Structure> structures, std::span<const double> energies,
                           std::size_t target) {
            return make_baseline(configuration, structures, energies, target);
          },
          [&set](std::int64_t i) { return place_of(set.data, i); },
          set.left_out.flags};
}

PreparedEvaluation prepare_evaluation(const Context& context, const formats::DataSet& all,
                                      const options::Configuration& configuration) {
  auto set = draw_evaluation_set(all, configuration);
  describe_evaluation(context.stages, set, configuration);
  auto kernels = kernel_specs(context, configuration, set.elements, set.data.structures);
  const planning::EvaluationProblem problem(configuration, kernels, set.data.structures, set.folds);
  const auto budget =
      planning::require_memory(context.stages.log(), context.machine, [&](const planning::Machine& machine) {
        return planning::evaluation_need(problem, machine);
      });
  const auto method = planning::choose_validation_on(problem, context.machine);
  return {std::move(set), std::move(kernels), budget, method};
}

EvaluateResult evaluate_kernel(Stages& stages, EvaluationSet set, linalg::DistributedMatrix kernel,
                               const options::Configuration& configuration) {
  regression::ValidationSize size{static_cast<std::int64_t>(set.data.size()), set.folds.count(),
                                  static_cast<std::int64_t>(configuration.regularizations.size()),
                                  static_cast<std::int64_t>(set.data.targets.size())};
  const auto method = regression::choose_validation(configuration.validation.method, size, true);
  return cross_validate(stages, std::move(set), std::move(kernel), method, configuration);
}

EvaluateResult evaluate_set(const Context& context, const formats::DataSet& all,
                            const options::Configuration& configuration) {
  auto prepared = prepare_evaluation(context, all, configuration);
  const auto& structures = prepared.set.data.structures;
  auto matrix = [&] { // the features are freed before the factorisation
    auto features = run_features(context, prepared.kernels, structures,
                                 context.machine.block_size(static_cast<std::int64_t>(structures.size())),
                                 prepared.budget.features);
    return run_assembly(context.stages, features, prepared.budget.rows);
  }();
  auto result = cross_validate(context.stages, std::move(prepared.set), std::move(matrix), prepared.method,
                               configuration);
  result.kernels = std::move(prepared.kernels);
  return result;
}

} // namespace soapstone::workflow
