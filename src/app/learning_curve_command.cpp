// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/app/error_report.hpp"
#include "soapstone/app/kernel_stages.hpp"
#include "soapstone/app/learning_curve_report.hpp"
#include "soapstone/app/learning_curve_setup.hpp"
#include "soapstone/app/load_data.hpp"
#include "soapstone/app/model_stages.hpp"
#include "soapstone/app/outside.hpp"
#include "soapstone/app/solve_stage.hpp"
#include "soapstone/app/training_set.hpp"
#include "soapstone/base/atomic_file.hpp"
#include "soapstone/base/maximum.hpp"
#include "soapstone/base/text.hpp"
#include "soapstone/parallel/agree.hpp"
#include "soapstone/regression/compact_model.hpp"
#include "soapstone/regression/learning_curve.hpp"

#include <algorithm>
#include <limits>
#include <numeric>
#include <set>

namespace soapstone::app {

using structure::DataSet;
using structure::Structure;

namespace {

constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

/// What the repeats add up to.
struct Curve {
  std::vector<CurvePoint> points;
  std::vector<std::set<int>> strangers; ///< of each point: elements in test structures, not in training ones
  std::vector<double> lambdas;          ///< of each repeat, or of each repeat and size
  double backward_error = 0, residual = 0; ///< the largest, see regression::Model
};

/// Factorises once and solves for every size; lambda is relative to the mean diagonal of the largest set.
regression::NestedFits fit_sizes(Session& session, const DrawnData& data, linalg::DistributedMatrix matrix,
                                 const std::vector<std::int64_t>& sizes, Curve& curve) {
  const auto& configuration = session.configuration();
  const auto n = static_cast<double>(data.train.size());
  regression::KernelRidge ridge(std::move(matrix), configuration.regularization,
                                [&](std::int64_t i) { return place_of(data.train, i); });
  session.timer().run("cholesky", [&](const Progress&) { ridge.factorize(); });
  session.timer().did(0, "", n * n * n / 3);
  const auto baseline = [&](std::span<const Structure> structures, std::span<const double> energies,
                            std::size_t target) {
    return make_baseline(configuration, structures, energies, target);
  };
  auto fits = session.timer().run("solve", [&](const Progress&) {
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
                                                  CurvePoint& point, std::set<int>& all_strangers) {
  const std::vector<Structure> train(data.train.structures.begin(), data.train.structures.begin() + n);
  std::vector<int> strangers;
  auto kept = with_known_elements(data.test.structures, elements_of(train), strangers);
  all_strangers.insert(strangers.begin(), strangers.end());
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
    const auto references = known_references(data, point.n_train, fitted, point, curve.strangers[s]);
    for (std::size_t t = 0; t < references.size(); ++t)
      point.errors[t].push_back(regression::summarize_errors(predicted[s][t], references[t], atoms));
  }
}

using Predictions = std::vector<std::vector<std::vector<double>>>; ///< [size][target][structure], eV

/// Whether the compact forms of all sizes take less work than the sum over the largest training set, and no
/// more memory than the kernel matrix took before.
bool forms_pay(const TrainingProblem& problem, std::int64_t matrix_bytes) {
  const auto bytes = regression::compact_bytes(problem.kernels, problem.columns);
  if (!bytes || 2 * *bytes > matrix_bytes)
    return false;
  const auto real = [](std::int64_t value) { return static_cast<double>(value); };
  const double numbers = real(*bytes) / sizeof(double);
  const double train = real(problem.train_environments), test = real(problem.test_environments);
  return numbers * (train + test) < 2 * train * test * real(problem.width());
}

/// All sizes by one Cholesky factorisation.
Predictions by_one_factor(Session& session, const DrawnData& data, const TrainingProblem& problem,
                          const std::vector<std::int64_t>& sizes, Curve& curve) {
  const auto budget =
      require_memory(session, [&](const Machine& machine) { return training_need(problem, machine); });
  auto features = run_features(session, problem.kernels, data.train.structures,
                               session.block_size(sizes.back()), budget.features);
  const auto fits = fit_sizes(session, data, run_assembly(session, features, budget.rows), sizes, curve);
  const bool forms = forms_pay(problem, training_need(problem, machine_of(session)).matrix);
  session.timer().expect(static_cast<double>(data.test.size()), "structures");
  auto predicted = session.timer().run("predict", [&](const Progress& progress) {
    const auto& test = data.test.structures;
    return forms ? regression::predict_nested_compact(session.comm(), fits, features, test, progress)
                 : regression::predict_nested(fits, features, test, progress);
  });
  session.timer().did(static_cast<double>(data.test.size()), "structures");
  return predicted;
}

DrawnData leading(const DrawnData& data, std::int64_t n) {
  std::vector<std::int64_t> first(static_cast<std::size_t>(n));
  std::iota(first.begin(), first.end(), 0);
  return {structure::subset(data.train, first), data.test, data.elements, data.test_skipped};
}

/// Every size trained for itself, by the solver that suits it, on features that are computed once.
Predictions by_separate_solutions(Session& session, const DrawnData& data, const TrainingProblem& problem,
                                  const std::vector<std::int64_t>& sizes, Curve& curve) {
  auto largest = problem;
  largest.makes_compact = true;
  const auto budget =
      require_memory(session, [&](const Machine& machine) { return training_need(largest, machine); });
  const auto features = run_features(session, problem.kernels, data.train.structures,
                                     session.block_size(sizes.back()), budget.features);
  Predictions predicted;
  for (const auto n : sizes) {
    session.console().line(format("%lld training structures", static_cast<long long>(n)));
    const auto part = leading(data, n);
    auto model = start_model(session, part, problem.kernels);
    model.block = features.block();
    auto part_features = features.first(n);
    const TrainingProblem part_problem(session.configuration(), model.kernels, part.train.structures,
                                       part.test.structures);
    solve(
        session, part, [&]() -> kernel::KernelSum& { return part_features; },
        plan_solver(session, part_problem), model);
    if (part_problem.compact_bytes() > 0)
      make_compact(session, part_features, model);
    predicted.push_back(predict_test(session, part, part_features, model).energies);
    curve.lambdas.push_back(model.lambda);
    curve.backward_error = max_or_nan(curve.backward_error, model.backward_error.value_or(0));
    curve.residual = max_or_nan(curve.residual, model.residual.value_or(0));
  }
  return predicted;
}

void run_repeat(Session& session, const DataSet& all, std::uint64_t repeat,
                const std::vector<std::int64_t>& sizes, Curve& curve) {
  session.console().line(format("repeat %llu of %d", static_cast<unsigned long long>(repeat) + 1,
                                session.configuration().curve.repeats));
  const auto data = draw_from(session, all, sizes.back(), repeat);
  const auto kernels = kernel_specs(session, data.elements, data.train.structures);
  const auto problem = curve_problem(session.configuration(), kernels, data, sizes.size());
  const bool dense = choose_solver_on(problem, machine_of(session)).kind == regression::SolverKind::cholesky;
  add_errors(data,
             dense ? by_one_factor(session, data, problem, sizes, curve)
                   : by_separate_solutions(session, data, problem, sizes, curve),
             session.configuration().data.baseline == regression::BaselineKind::composition, curve);
}

void warn_of_left_out(Session& session, const Curve& curve) {
  for (std::size_t s = 0; s < curve.points.size(); ++s) {
    const auto& left_out = curve.points[s].left_out;
    const auto count = std::accumulate(left_out.begin(), left_out.end(), std::int64_t{0});
    if (count == 0)
      continue;
    const auto& strangers = curve.strangers[s];
    session.console().warn(format("n_train = %lld: %lld test structures of %zu splits ",
                                  static_cast<long long>(curve.points[s].n_train),
                                  static_cast<long long>(count), left_out.size()) +
                           (strangers.empty()
                                ? std::string()
                                : "contain " + element_list({strangers.begin(), strangers.end()}) +
                                      ", which the training structures do not contain, or ") +
                           "have compositions whose baseline the training structures do not determine; they "
                           "are left out of the errors");
  }
}

void show(const Session& session, const Curve& curve, const std::vector<std::string>& targets) {
  const auto& output = session.configuration().output;
  parallel::agree(session.comm(), [&] {
    if (!session.root())
      return;
    if (!output.output.empty()) {
      AtomicFile file(output.output);
      file.write(curve_csv(curve.points, targets));
      file.commit();
    }
    print_result(curve_table(curve.points, targets));
  });
}

} // namespace

int learning_curve(Session& session) {
  const auto& configuration = session.configuration();
  const auto& options = configuration.data;
  if (options.test == 0)
    throw ConfigError("a learning curve needs a test set: set data.test", "data.test");
  require_outputs(session, configuration.output.output);
  const auto all = load_data(session, options.source, structure::Presence::required);
  const auto sizes = curve_sizes(configuration, all.size());
  Curve curve;
  curve.strangers.resize(sizes.size());
  for (const auto n : sizes)
    curve.points.push_back(
        {n, std::vector<std::vector<regression::ErrorSummary>>(options.targets.size()), {}});
  for (int repeat = 0; repeat < configuration.curve.repeats; ++repeat)
    run_repeat(session, all, static_cast<std::uint64_t>(repeat), sizes, curve);

  warn_of_left_out(session, curve);
  session.console().line(format("largest backward error %.2g", curve.backward_error) +
                         (curve.residual > 0 ? format(", relative residual %.2g", curve.residual) : ""));
  std::vector<std::string> targets;
  for (const auto& target : options.targets)
    targets.push_back(target.key);
  show(session, curve, targets);
  finish(session,
         Json{{"n_train", sizes.back()},
              {"n_test", options.test},
              {"lambda", curve.lambdas},
              {"backward_error", curve.backward_error},
              {"residual", curve.residual},
              {"points", curve_json(curve.points, targets)}},
         {});
  return 0;
}

} // namespace soapstone::app
