// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/app/evaluation.hpp"

#include "soapstone/app/data_summary.hpp"
#include "soapstone/app/evaluation_plan.hpp"
#include "soapstone/app/kernel_stages.hpp"
#include "soapstone/app/load_data.hpp"
#include "soapstone/base/text.hpp"
#include "soapstone/regression/kernel_scale.hpp"
#include "soapstone/regression/split.hpp"

#include <algorithm>
#include <limits>

namespace soapstone::app {

using regression::ErrorSummary;
using structure::Structure;

namespace {

std::vector<regression::HeldOut> hold_out(Session& session, const EvaluationSet& set,
                                          linalg::DistributedMatrix kernel,
                                          regression::ValidationMethod method,
                                          const Configuration& configuration) {
  const double scale = regression::require_scale(linalg::mean_diagonal(kernel));
  std::vector<double> lambdas;
  for (const double regularization : configuration.regularizations)
    lambdas.push_back(regularization * scale);
  const auto problem = validation_problem(set, configuration);
  return session.stages().run("cross-validation", [&](const Progress& progress) {
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
  for (const auto& one : scanned)
    scores.push_back(one.failure.empty() ? one.errors.front().mae : std::numeric_limits<double>::infinity());
  const auto best = regression::first_of_least(scores);
  return best < scanned.size() ? best : 0;
}

void warn_of_failures(Session& session, const std::vector<RegularizationErrors>& scanned) {
  for (const auto& one : scanned)
    if (!one.failure.empty())
      session.console().warn(format("regularization %g: ", one.regularization) + one.failure);
}

EvaluateResult cross_validate(Session& session, EvaluationSet set, linalg::DistributedMatrix kernel,
                              regression::ValidationMethod method, const Configuration& configuration) {
  auto held_out = hold_out(session, set, std::move(kernel), method, configuration);
  EvaluateResult result;
  result.method = regression::to_string(method);
  for (std::size_t i = 0; i < held_out.size(); ++i)
    result.scanned.push_back(summarize(set, configuration.regularizations[i], held_out[i]));
  result.best = least_mae(result.scanned);
  result.predictions = std::move(held_out[result.best].energies);
  result.set = std::move(set);
  warn_of_failures(session, result.scanned);
  session.console().line(format("regularization %.3g: backward error %.2g", result.winner().regularization,
                                result.winner().backward_error));
  return result;
}

/// Within each fold structures of the same elements stand together, as in training; where every fold is one
/// structure, the folds do.
void order_by_elements(const structure::DataSet& all, EvaluationSet& set) {
  const auto drawn = structure::subset(all, set.positions);
  auto order = element_order(drawn.structures);
  if (set.folds.count() < static_cast<std::int64_t>(order.size())) {
    std::vector<std::int64_t> fold_of(order.size());
    for (std::int64_t fold = 0; fold < set.folds.count(); ++fold)
      std::fill(fold_of.begin() + set.folds.begin(fold), fold_of.begin() + set.folds.end(fold), fold);
    std::stable_sort(order.begin(), order.end(), [&](std::int64_t a, std::int64_t b) {
      return fold_of[static_cast<std::size_t>(a)] < fold_of[static_cast<std::size_t>(b)];
    });
  }
  auto positions = set.positions;
  for (std::size_t i = 0; i < order.size(); ++i)
    positions[i] = set.positions[static_cast<std::size_t>(order[i])];
  set.positions = std::move(positions);
  set.data = structure::subset(drawn, order);
}

} // namespace

EvaluationSet draw_evaluation_set(const structure::DataSet& all, const Configuration& configuration) {
  const auto& options = configuration.data;
  const auto drawn =
      regression::draw_split(static_cast<std::int64_t>(all.size()), options.train, options.test, options.seed)
          .train;
  const auto n = static_cast<std::int64_t>(drawn.size());
  const auto k = configuration.validation.folds == 0 ? n : configuration.validation.folds;
  EvaluationSet set;
  set.folds = regression::draw_folds(n, k, options.seed);
  for (auto& position : set.folds.order) {
    set.positions.push_back(drawn[static_cast<std::size_t>(position)]);
    position = static_cast<std::int64_t>(set.positions.size()) - 1; // the set is in this order from now on
  }
  order_by_elements(all, set);
  set.elements = channel_elements(configuration, set.data);
  set.left_out = left_out_of(configuration, set.data.structures, set.folds);
  return set;
}

std::vector<std::vector<double>> EvaluationSet::references() const {
  auto known = data.targets;
  for (std::size_t s = 0; s < left_out.flags.size(); ++s)
    if (left_out.flags[s] != 0)
      for (auto& energies : known)
        energies[s] = std::numeric_limits<double>::quiet_NaN();
  return known;
}

void warn_of_left_out(Session& session, const EvaluationSet& set) {
  const auto& left_out = set.left_out;
  const auto warn = [&](std::int64_t count, const std::string& why) {
    if (count > 0)
      session.console().warn(format("%lld of %zu structures are left out of the cross-validation errors: the "
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
        "Use more structures, or data.baseline = atoms");
}

void describe_evaluation(Session& session, const EvaluationSet& set, const Configuration& configuration) {
  session.console().line("cross-validation of " + describe_sizes(set.data.structures) +
                         format(", %s, %zu regularization%s",
                                configuration.validation.folds == 0
                                    ? "leave-one-out"
                                    : format("%lld folds", static_cast<long long>(set.folds.count())).c_str(),
                                configuration.regularizations.size(),
                                configuration.regularizations.size() == 1 ? "" : "s"));
  describe_targets(session.stages(), configuration, set.data);
  warn_of_copies(session.stages(), set.data);
  warn_of_left_out(session, set);
}

regression::ValidationProblem validation_problem(const EvaluationSet& set,
                                                 const Configuration& configuration) {
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

std::vector<kernel::KernelSpec> evaluation_kernels(Session& session, const EvaluationSet& set,
                                                   const Configuration& configuration) {
  return kernel_specs(session.context(), configuration, set.elements, set.data.structures);
}

EvaluateResult evaluate_kernel(Session& session, EvaluationSet set, linalg::DistributedMatrix kernel,
                               const Configuration& configuration) {
  regression::ValidationSize size{static_cast<std::int64_t>(set.data.size()), set.folds.count(),
                                  static_cast<std::int64_t>(configuration.regularizations.size()),
                                  static_cast<std::int64_t>(set.data.targets.size())};
  const auto method = regression::choose_validation(configuration.validation.method, size, true);
  return cross_validate(session, std::move(set), std::move(kernel), method, configuration);
}

EvaluateResult evaluate_set(Session& session, const structure::DataSet& all,
                            const Configuration& configuration) {
  auto prepared = prepare_evaluation(session, all, configuration);
  const auto& structures = prepared.set.data.structures;
  auto matrix = [&] { // the features are freed before the factorisation
    auto features = run_features(session.context(), prepared.kernels, structures,
                                 session.machine().block_size(static_cast<std::int64_t>(structures.size())),
                                 prepared.budget.features);
    return run_assembly(session.stages(), features, prepared.budget.rows);
  }();
  auto result =
      cross_validate(session, std::move(prepared.set), std::move(matrix), prepared.method, configuration);
  result.kernels = std::move(prepared.kernels);
  return result;
}

} // namespace soapstone::app
