// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/app/solve_stage.hpp"

#include "soapstone/app/kernel_stages.hpp"
#include "soapstone/app/load_data.hpp"
#include "soapstone/base/maximum.hpp"
#include "soapstone/base/text.hpp"
#include "soapstone/parallel/collectives.hpp"
#include "soapstone/regression/conjugate_gradient.hpp"
#include "soapstone/regression/kernel_scale.hpp"
#include "soapstone/regression/krr.hpp"
#include "soapstone/regression/predictor.hpp"
#include "soapstone/regression/primal.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

namespace soapstone::app {

using regression::Model;
using regression::SolverKind;

namespace {

constexpr std::size_t most_probes = 500; // structures whose predictions decide when to stop

/// The kernel matrix: what an earlier run left, or assembled, and then kept where that pays.
linalg::DistributedMatrix training_kernel(Session& session, const DrawnData& data,
                                          const TrainingFeatures& features, const SolverPlan& plan,
                                          const Model& model, TrainingCheckpoint* checkpoint) {
  const auto n = static_cast<std::int64_t>(model.training.size());
  if (checkpoint == nullptr)
    return run_assembly(session, features(), plan.memory.rows);
  if (auto matrix = checkpoint->kernel(n, model.block))
    return std::move(*matrix);
  checkpoint->stop_if_asked();
  auto& sum = features();
  checkpoint->stop_if_asked();
  auto matrix = run_assembly(session, sum, plan.memory.rows);
  checkpoint->keep_kernel(matrix, plan.compact || data.test.size() > 0);
  checkpoint->stop_if_asked();
  return matrix;
}

/// Whatever the solver: what overflowed must not become a model.
void require_finite(const std::vector<double>& values) {
  if (!std::all_of(values.begin(), values.end(), [](double value) { return std::isfinite(value); }))
    throw NumericalError("the solution of the regression is not finite: raise regression.regularization");
}

Solution solve_dense(Session& session, const DrawnData& data, const TrainingFeatures& features,
                     const SolverPlan& plan, const std::vector<double>& targets, Model& model,
                     TrainingCheckpoint* checkpoint) {
  const auto n = static_cast<double>(model.training.size());
  const auto k = static_cast<std::int64_t>(model.targets.size());
  regression::KernelRidge ridge(training_kernel(session, data, features, plan, model, checkpoint),
                                model.regularization,
                                [&](std::int64_t i) { return place_of(data.train, i); });
  session.stages().run("cholesky", [&](const Progress&) { ridge.factorize(); });
  session.stages().did(0, "", n * n * n / 3);
  auto fit = session.stages().run("solve", [&](const Progress&) { return ridge.solve(targets, k); });
  model.coefficients = std::move(fit.coefficients);
  model.lambda = ridge.lambda();
  model.backward_error = fit.backward_error;
  if (session.configuration().solver.committee) {
    model.committee = session.stages().run("committee", [&](const Progress& progress) {
      return regression::train_committee(std::move(ridge), model.coefficients, targets, k, progress);
    });
    require_finite(model.committee.coefficients);
    require_finite(model.committee.scales);
    require_finite(model.committee.intervals);
    const double inverse = 2, halves = regression::committee_members * (1 + inverse) / 8; // in factorisations
    session.stages().did(0, "", (halves + inverse) * n * n * n / 3);
  }
  return {std::move(fit.fitted),
          Json{{"unknowns", model.training.size()}, {"backward_error", fit.backward_error}}};
}

/// The factorised primal problem over `columns` columns.
regression::PrimalRidge factorize_primal(Session& session, const kernel::FeatureStore& store,
                                         const SolverPlan& plan, const Model& model) {
  const auto layout = kernel::feature_layout(model.kernels.front());
  const int degree = model.kernels.front().zeta;
  auto ridge = session.stages().run("primal matrix", [&](const Progress& progress) {
    auto columns = degree == 1 ? kernel::PrimalRows::all(1, layout)
                               : kernel::PrimalRows::most_important(store, layout, plan.columns);
    const auto block = session.machine().block_size(plan.columns);
    return regression::PrimalRidge(store, std::move(columns), block, progress);
  });
  session.stages().did(0, "", parallel::all_reduce(session.comm(), ridge.flops()));
  session.stages().run("cholesky", [&](const Progress&) { ridge.factorize(model.lambda); });
  const auto f = static_cast<double>(plan.columns);
  session.stages().did(0, "", f * f * f / 3);
  return ridge;
}

/// Returns how well the dual coefficients x = (y - f) / lambda of a primal solution with values f satisfy K x
/// = f.
double residual_of_primal(const kernel::FeatureStore& store, const std::vector<double>& targets,
                          const std::vector<double>& fitted, kernel::CompactForm& scratch, double lambda) {
  std::vector<double> coefficients(targets.size());
  for (std::size_t i = 0; i < targets.size(); ++i)
    coefficients[i] = (targets[i] - fitted[i]) / lambda;
  kernel::build_form(store, coefficients, scratch);
  const auto again = kernel::evaluate_form(store, scratch);
  double difference = 0, norm = 0;
  for (std::size_t i = 0; i < targets.size(); ++i) {
    difference += (again[i] - fitted[i]) * (again[i] - fitted[i]);
    norm += targets[i] * targets[i];
  }
  return norm == 0 ? 0.0 : std::sqrt(difference / norm);
}

/// Features of some test structures, whose predictions tell when the iteration may stop; their energies are
/// not looked at.
std::optional<kernel::KernelSum> make_probes(const Session& session, const DrawnData& data,
                                             const Model& model) {
  if (data.test.size() == 0)
    return std::nullopt;
  const auto count = std::min(most_probes, data.test.size());
  return kernel::KernelSum(session.grid(), model.kernels, std::span(data.test.structures).first(count),
                           model.block);
}

Json history_of(const regression::IterativeSolution& solution) {
  Json history = Json::array();
  for (const auto& record : solution.history)
    history.push_back({{"iteration", record.iteration},
                       {"residual", record.residual},
                       {"prediction_change", record.prediction_change}});
  return history;
}

/// What is known before the first iteration: nothing, or what an earlier run left.
IterationProgress begin_iteration(const Model& model, TrainingCheckpoint* checkpoint) {
  if (checkpoint != nullptr)
    if (auto found =
            checkpoint->iteration(model.training.size(), static_cast<std::int64_t>(model.targets.size())))
      return std::move(*found);
  IterationProgress progress;
  progress.details = Json::array().dump();
  return progress;
}

/// Iterates for the target under way; its state is in `progress` while that goes on.
regression::IterativeSolution iterate_target(Session& session, const kernel::FeatureStore& store,
                                             const regression::PrimalRidge& preconditioner,
                                             const kernel::FeatureStore* probes, const Model& model,
                                             std::span<const double> targets,
                                             const regression::IterationLimits& limits,
                                             IterationProgress& progress, TrainingCheckpoint* checkpoint) {
  const auto from = std::exchange(progress.state, {});
  const auto keep = [&](const regression::IterationState& state) {
    progress.state = state;
    checkpoint->keep_iteration(progress);
  };
  return session.stages().run("iterate", [&](const Progress&) {
    return regression::solve_iteratively(
        store, preconditioner, kernel::feature_layout(model.kernels.front()), targets, probes, limits,
        [&](const regression::IterationRecord& record) {
          session.console().line(format("iteration %3d  residual %.3e  predictions changed by %.3e eV/atom",
                                        record.iteration, record.residual, record.prediction_change));
        },
        {from.x.empty() ? nullptr : &from, checkpoint != nullptr && checkpoint->on()
                                               ? std::function<void(const regression::IterationState&)>(keep)
                                               : nullptr});
  });
}

/// Adds a target's solution to those found.
void take_in(Session& session, const regression::IterativeSolution& solution, const std::string& name,
             IterationProgress& progress) {
  if (!solution.converged)
    session.console().warn(format("the iterative solver stopped after %d iterations without converging: "
                                  "relative residual %.2g. Raise "
                                  "regression.max-iterations or regression.preconditioner-columns",
                                  static_cast<int>(solution.history.size()), solution.residual));
  const auto append = [](std::vector<double>& all, const std::vector<double>& more) {
    all.insert(all.end(), more.begin(), more.end());
  };
  append(progress.coefficients, solution.coefficients);
  append(progress.fitted, solution.fitted);
  auto details = Json::parse(progress.details);
  details.push_back({{"name", name},
                     {"iterations", solution.history.size()},
                     {"converged", solution.converged},
                     {"residual", solution.residual},
                     {"history", history_of(solution)}});
  progress.details = details.dump();
  ++progress.target;
}

/// Iterates for all targets, from where `progress` stands.
Solution iterate_all(Session& session, const kernel::FeatureStore& store,
                     const regression::PrimalRidge& preconditioner, const kernel::FeatureStore* probes,
                     const std::vector<double>& targets, const regression::IterationLimits& limits,
                     Model& model, TrainingCheckpoint* checkpoint) {
  const auto n = model.training.size();
  auto progress = begin_iteration(model, checkpoint);
  while (progress.target < static_cast<std::int64_t>(model.targets.size())) {
    const auto t = static_cast<std::size_t>(progress.target);
    const auto solution = iterate_target(session, store, preconditioner, probes, model,
                                         std::span(targets).subspan(t * n, n), limits, progress, checkpoint);
    take_in(session, solution, model.targets[t].name, progress);
  }
  auto details = Json::parse(progress.details);
  model.residual = 0;
  for (const auto& one : details)
    model.residual = max_or_nan(*model.residual, one["residual"].get<double>());
  model.coefficients = std::move(progress.coefficients);
  return {std::move(progress.fitted), Json{{"targets", std::move(details)}}};
}

/// Up to some size of the training set predictions agree to 1e-9 eV on any number of ranks, in as many
/// iterations again as the accuracy of the model needs. Beyond, an iteration takes long, and they agree to
/// about a thousandth of a meV per atom.
double default_tolerance(std::size_t structures) {
  constexpr std::size_t few = 20'000;
  return structures <= few ? 1e-12 : 1e-6;
}

Solution iterate(Session& session, const DrawnData& data, const kernel::KernelSum& features,
                 const SolverPlan& plan, const std::vector<double>& targets, Model& model,
                 TrainingCheckpoint* checkpoint) {
  if (checkpoint != nullptr)
    checkpoint->stop_if_asked();
  if (!model.kernels.front().reduction)
    session.console().warn("the preconditioner of the iterative solver is built from products of the leading "
                           "features, and only principal components are ordered by importance: use "
                           "soap.contraction-method = pca for fewer iterations");
  const auto preconditioner = factorize_primal(session, features.store(0), plan, model);
  const auto probes = make_probes(session, data, model);
  const auto& wanted = session.configuration().solver;
  auto solution = iterate_all(
      session, features.store(0), preconditioner, probes ? &probes->store(0) : nullptr, targets,
      {wanted.max_iterations, wanted.tolerance.value_or(default_tolerance(model.training.size()))}, model,
      checkpoint);
  solution.details["preconditioner_columns"] = plan.columns;
  return solution;
}

// Where so many iterations do not help, lambda is too small for the primal matrix. The tolerance is far below
// what ranks may differ by, so that it does not matter whether one iteration more is made on some of them.
constexpr regression::IterationLimits refinement{40, 1e-12};

/// The coefficients (y - f) / lambda are differences of targets and values that agree to all but a part of
/// lambda: with a small one little is left of them, and of the predictions that are made with them. A few
/// iterations with the whole primal problem as preconditioner restore them. They are always made: the
/// residual before them is rounding, which differs with the number of ranks, and so would a decision by it.
Solution solve_primal_problem(Session& session, const kernel::KernelSum& features, const SolverPlan& plan,
                              const std::vector<double>& targets, Model& model) {
  const auto& store = features.store(0);
  const auto ridge = factorize_primal(session, store, plan, model);
  double before = 0; // refinement
  session.stages().run("solve", [&](const Progress&) {
    kernel::CompactForm form(model.kernels.front().zeta, kernel::feature_layout(model.kernels.front()),
                             static_cast<std::int64_t>(model.targets.size()));
    model.backward_error = regression::solve_primal(store, ridge, targets, form);
    const auto values = kernel::evaluate_form(store, form);
    if (plan.compact)
      model.compact = {form};
    before = residual_of_primal(store, targets, values, form, model.lambda);
  });
  session.console().line(format("refining the primal coefficients, whose relative residual is %.2g", before));
  auto solution = iterate_all(session, store, ridge, nullptr, targets, refinement, model, nullptr);
  solution.details["unknowns"] = plan.columns;
  solution.details["backward_error"] = *model.backward_error;
  solution.details["residual"] = *model.residual;
  solution.details["residual_before_refinement"] = before;
  return solution;
}

} // namespace

std::string describe_accuracy(const Model& model) {
  std::string text;
  if (model.backward_error)
    text = format("backward error %.2g", *model.backward_error);
  if (model.residual)
    text += (text.empty() ? "" : ", ") + format("relative residual %.2g", *model.residual);
  return text;
}

SolverPlan plan_solver(Session& session, const TrainingProblem& problem) {
  SolverPlan plan{choose_solver_on(problem, session.machine()), {}, problem.compact_bytes() > 0};
  if (plan.kind != SolverKind::cholesky && session.configuration().regularization <= 0)
    throw ConfigError("regression.solver = " + regression::to_string(plan.kind) +
                          " needs regression.regularization > 0",
                      "regression.regularization");
  session.console().line(plan.kind == SolverKind::cholesky
                             ? std::string("solver: Cholesky factorisation of the kernel matrix")
                             : format("solver: %s, %lld columns", regression::to_string(plan.kind).c_str(),
                                      static_cast<long long>(plan.columns)));
  plan.memory = require_memory(session.console(), session.machine(),
                               [&](const Machine& machine) { return training_need(problem, machine); });
  return plan;
}

Solution solve(Session& session, const DrawnData& data, const TrainingFeatures& features,
               const SolverPlan& plan, Model& model, TrainingCheckpoint* checkpoint) {
  const auto targets = regression::subtract_baselines(model, model.training, data.train.targets);
  if (plan.kind != SolverKind::cholesky)
    model.lambda =
        model.regularization *
        regression::require_scale(kernel::mean_self_kernel(features().store(0), model.kernels.front().zeta,
                                                           kernel::feature_layout(model.kernels.front())));
  auto solution = plan.kind == SolverKind::cholesky
                      ? solve_dense(session, data, features, plan, targets, model, checkpoint)
                  : plan.kind == SolverKind::primal
                      ? solve_primal_problem(session, features(), plan, targets, model)
                      : iterate(session, data, features(), plan, targets, model, checkpoint);
  require_finite(model.coefficients);
  require_finite(solution.fitted);
  require_finite({model.backward_error.value_or(0), model.residual.value_or(0)});
  solution.details["name"] = regression::to_string(plan.kind);
  session.console().line(format("regularization %.3g, absolute %.4g; ", model.regularization, model.lambda) +
                         describe_accuracy(model));
  return solution;
}

} // namespace soapstone::app
