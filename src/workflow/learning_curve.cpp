// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/workflow/learning_curve.hpp"

#include "soapstone/base/maximum.hpp"
#include "soapstone/base/text.hpp"
#include "soapstone/planning/learning_curve_setup.hpp"
#include "soapstone/regression/compact_model.hpp"
#include "soapstone/regression/learning_curve.hpp"
#include "soapstone/workflow/load_data.hpp"
#include "soapstone/workflow/model_stages.hpp"
#include "soapstone/workflow/outside.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

namespace soapstone::workflow {

using structure::Structure;

namespace {

constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

/// Factorises once and solves for every size; lambda is relative to the mean diagonal of the largest set.
regression::NestedFits fit_sizes(Stages& stages, const options::Configuration& configuration,
                                 const DrawnData& data, linalg::DistributedMatrix matrix,
                                 const std::vector<std::int64_t>& sizes, Curve& curve) {
  const auto n = static_cast<double>(data.train.size());
  regression::KernelRidge ridge(std::move(matrix), configuration.regularization,
                                [&](std::int64_t i) { return place_of(data.train, i); });
  stages.run("cholesky", [&](const Progress&) { ridge.factorize(); });
  stages.did(0, "", n * n * n / 3);
  const auto baseline = [&](std::span<const Structure> structures, std::span<const double> energies,
                            std::size_t target) {
    return make_baseline(configuration, structures, energies, target);
  };
  auto fits = stages.run("solve", [&](const Progress&) {
    return regression::fit_nested(ridge, data.train.structures, data.train.targets, sizes, baseline);
  });
  curve.lambdas.push_back(ridge.lambda());
  curve.backward_error = std::max(
      curve.backward_error, *std::max_element(fits.backward_errors.begin(), fits.backward_errors.end()));
  return fits;
}

/// Returns the reference energies with NaN for structures whose elements or compositions are unknown to the n
/// training structures.
std::vector<std::vector<double>> known_references(const DrawnData& data, std::int64_t n, bool fitted,
                                                  CurvePoint& point, std::set<int>& unseen) {
  const std::vector<Structure> train(data.train.structures.begin(), data.train.structures.begin() + n);
  std::vector<int> unknown_elements;
  auto kept = with_known_elements(data.test.structures, elements_of(train), unknown_elements);
  unseen.insert(unknown_elements.begin(), unknown_elements.end());
  if (fitted) {
    const auto outside = outside_of(structure::CompositionSpan(train), data.test.structures).places;
    std::erase_if(kept, [&](auto s) { return std::binary_search(outside.begin(), outside.end(), s); });
  }
  point.left_out.push_back(static_cast<std::int64_t>(data.test.size() - kept.size()));
  std::vector<std::vector<double>> references;
  for (const auto& energies : data.test.targets) {
    auto& known = references.emplace_back(energies.size(), unknown);
    for (const auto i : kept)
      known[static_cast<std::size_t>(i)] = energies[static_cast<std::size_t>(i)];
  }
  return references;
}

void add_errors(const DrawnData& data, const std::vector<std::vector<std::vector<double>>>& predicted,
                bool fitted, Curve& curve) {
  std::vector<double> atoms;
  for (const auto& structure : data.test.structures)
    atoms.push_back(static_cast<double>(structure.size()));
  for (std::size_t s = 0; s < predicted.size(); ++s) {
    auto& point = curve.points[s];
    const auto references = known_references(data, point.n_train, fitted, point, curve.unseen[s]);
    for (std::size_t t = 0; t < references.size(); ++t)
      point.errors[t].push_back(regression::summarize_errors(predicted[s][t], references[t], atoms));
  }
}

using PredictionsOfSizes = std::vector<std::vector<std::vector<double>>>; ///< [size][target][structure], eV

/// Returns whether the compact forms of all sizes take less work than the sum over the largest training set,
/// and no more memory than the kernel matrix took before.
bool forms_pay(const planning::TrainingProblem& problem, std::int64_t matrix_bytes) {
  const auto bytes = regression::compact_bytes(problem.kernels, problem.columns);
  if (!bytes || 2 * *bytes > matrix_bytes)
    return false;
  const auto real = [](std::int64_t value) { return static_cast<double>(value); };
  const double numbers = real(*bytes) / sizeof(double);
  const double train = real(problem.train_environments), test = real(problem.test_environments);
  return numbers * (train + test) < 2 * train * test * real(problem.width());
}

/// All sizes by one Cholesky factorisation.
PredictionsOfSizes by_one_factor(const Context& context, const options::Configuration& configuration,
                                 const DrawnData& data, const planning::TrainingProblem& problem,
                                 const planning::SolverChoice& cholesky,
                                 const std::vector<std::int64_t>& sizes, Curve& curve) {
  const auto& machine = context.machine;
  auto& stages = context.stages;
  const auto budget =
      planning::require_memory(stages.log(), machine, planning::training_need_on(problem, cholesky, machine));
  auto features = run_features(context, problem.kernels, data.train.structures,
                               machine.block_size(sizes.back()), budget.features);
  const auto fits =
      fit_sizes(stages, configuration, data, run_assembly(stages, features, budget.rows), sizes, curve);
  const bool forms = forms_pay(problem, planning::training_need(problem, cholesky, machine).matrix);
  stages.expect(static_cast<double>(data.test.size()), "structures");
  auto predicted = stages.run("predict", [&](const Progress& progress) {
    const auto& test = data.test.structures;
    return forms ? regression::predict_nested_compact(stages.comm(), fits, features, test, progress)
                 : regression::predict_nested(fits, features, test, progress);
  });
  stages.did(static_cast<double>(data.test.size()), "structures");
  return predicted;
}

DrawnData leading(const DrawnData& data, std::int64_t n) {
  std::vector<std::int64_t> first(static_cast<std::size_t>(n));
  std::iota(first.begin(), first.end(), 0);
  return {formats::subset(data.train, first), data.test, data.elements, data.test_skipped};
}

/// Every size trained for itself, by the solver that suits it, on features that are computed once.
PredictionsOfSizes by_separate_solutions(const Context& context, const options::Configuration& configuration,
                                         const DrawnData& data, const planning::TrainingProblem& problem,
                                         const std::vector<std::int64_t>& sizes, Curve& curve) {
  auto& stages = context.stages;
  auto largest = problem;
  largest.makes_compact = true;
  const auto budget =
      planning::require_memory(stages.log(), context.machine, [&](const planning::Machine& machine) {
        return planning::training_need(largest, machine);
      });
  const auto features = run_features(context, problem.kernels, data.train.structures,
                                     context.machine.block_size(sizes.back()), budget.features);
  PredictionsOfSizes predicted;
  for (const auto n : sizes) {
    stages.line(format("%lld training structures", static_cast<long long>(n)));
    const auto part = leading(data, n);
    auto start = start_model(context.machine, configuration, part, problem.kernels);
    start.block = features.block();
    LazyFeatures part_features(features.first(n));
    const planning::TrainingProblem part_problem(configuration, start.kernels, part.train.structures,
                                                 part.test.structures);
    const auto plan = plan_solver(context, part_problem, configuration.regularization);
    const auto model = train_model(context, part, part_features, plan, std::move(start)).model;
    predicted.push_back(predict_test(stages, part, part_features, model).energies);
    curve.lambdas.push_back(model.lambda);
    curve.backward_error = max_or_nan(curve.backward_error, model.backward_error.value_or(0));
    curve.residual = max_or_nan(curve.residual, model.residual.value_or(0));
  }
  return predicted;
}

} // namespace

Curve start_curve(const std::vector<std::int64_t>& sizes, std::size_t targets) {
  Curve curve;
  curve.unseen.resize(sizes.size());
  for (const auto n : sizes)
    curve.points.push_back({n, std::vector<std::vector<regression::ErrorSummary>>(targets), {}});
  return curve;
}

void add_repeat(const Context& context, const options::Configuration& configuration, const DrawnData& data,
                const std::vector<kernel::KernelSpec>& kernels, Curve& curve) {
  std::vector<std::int64_t> sizes;
  for (const auto& point : curve.points)
    sizes.push_back(point.n_train);
  const auto problem = planning::curve_problem(configuration, kernels, data.train.structures,
                                               data.test.structures, sizes.size());
  const auto choice = planning::choose_solver_on(problem, context.machine);
  add_errors(data,
             choice.kind == regression::SolverKind::cholesky
                 ? by_one_factor(context, configuration, data, problem, choice, sizes, curve)
                 : by_separate_solutions(context, configuration, data, problem, sizes, curve),
             configuration.data.baseline == regression::BaselineKind::composition, curve);
}

void warn_of_left_out(const Stages& stages, const Curve& curve) {
  for (std::size_t s = 0; s < curve.points.size(); ++s) {
    const auto& left_out = curve.points[s].left_out;
    const auto count = std::accumulate(left_out.begin(), left_out.end(), std::int64_t{0});
    if (count == 0)
      continue;
    const auto& unseen = curve.unseen[s];
    stages.warn(format("n_train = %lld: %lld test structures of %zu splits ",
                       static_cast<long long>(curve.points[s].n_train), static_cast<long long>(count),
                       left_out.size()) +
                (unseen.empty() ? std::string()
                                : "contain " + element_list({unseen.begin(), unseen.end()}) +
                                      ", which the training structures do not contain, or ") +
                "have compositions whose baseline the training structures do not determine; they "
                "are left out of the errors");
  }
}

} // namespace soapstone::workflow
