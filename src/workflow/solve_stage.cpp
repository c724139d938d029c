// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/workflow/solve_stage.hpp"

#include "soapstone/base/maximum.hpp"
#include "soapstone/base/text.hpp"
#include "soapstone/parallel/collectives.hpp"
#include "soapstone/regression/compact_model.hpp"
#include "soapstone/regression/conjugate_gradient.hpp"
#include "soapstone/regression/kernel_scale.hpp"
#include "soapstone/regression/krr.hpp"
#include "soapstone/regression/predictor.hpp"
#include "soapstone/regression/primal.hpp"
#include "soapstone/workflow/kernel_stages.hpp"
#include "soapstone/workflow/load_data.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

namespace soapstone::workflow {

using regression::Model;
using regression::SolverKind;

namespace {

/// The kernel matrix: what an earlier run left, or assembled, and then kept where that pays.
linalg::DistributedMatrix training_kernel(Stages& stages, const DrawnData& data, LazyFeatures& features,
                                          const SolverPlan& plan, const Model& model,
                                          TrainingCheckpoint* checkpoint) {
  const auto n = static_cast<std::int64_t>(model.training.size());
  if (checkpoint == nullptr)
    return run_assembly(stages, features.get(), plan.memory.rows);
  checkpoint->stop_if_asked();
  if (plan.compact) // they are needed beside the matrix, and computing them takes more than keeping them
    features.get();
  if (auto matrix = checkpoint->kernel(n, model.block))
    return std::move(*matrix);
  auto& sum = features.get();
  checkpoint->stop_if_asked();
  auto matrix = run_assembly(stages, sum, plan.memory.rows);
  checkpoint->keep_kernel(matrix, plan.compact || data.test.size() > 0);
  checkpoint->stop_if_asked();
  return matrix;
}

/// Whatever the solver: what overflowed must not become a model.
void require_finite(const std::vector<double>& values) {
  if (!std::all_of(values.begin(), values.end(), [](double value) { return std::isfinite(value); }))
    throw NumericalError("the solution of the regression is not finite: raise `regularization`");
}

/// Makes the compact forms, and refines them with the coefficients and fitted values.
void refine(Stages& stages, const kernel::KernelSum& features, const std::vector<double>& targets,
            const regression::DualSolve& solve, Solution& solution) {
  solution.compact = stages.run("compact", [&](const Progress&) {
    return regression::refine_compact(features, targets, solution.lambda, solve, solution.coefficients);
  });
  for (std::size_t i = 0; i < solution.fitted.size(); ++i)
    solution.fitted[i] = targets[i] - solution.lambda * solution.coefficients[i];
}

Solution solve_dense(Stages& stages, const DrawnData& data, LazyFeatures& features, const SolverPlan& plan,
                     const std::vector<double>& targets, const Model& model, TrainingCheckpoint* checkpoint) {
  const auto n = static_cast<double>(model.training.size());
  const auto k = static_cast<std::int64_t>(model.targets.size());
  regression::KernelRidge ridge(training_kernel(stages, data, features, plan, model, checkpoint),
                                model.regularization,
                                [&](std::int64_t i) { return place_of(data.train, i); });
  stages.run("cholesky", [&](const Progress&) { ridge.factorize(); });
  stages.did(0, "", n * n * n / 3);
  auto fit = stages.run("solve", [&](const Progress&) { return ridge.solve(targets, k); });
  Solution solution{std::move(fit.coefficients), std::move(fit.fitted), ridge.lambda(), {}, {}, {}};
  solution.record.unknowns = static_cast<std::int64_t>(model.training.size());
  solution.record.backward_error = fit.backward_error;
  // A large lambda hides no rounding, and what would be left to solve for may be too small for a number.
  if (plan.compact && model.regularization < 1)
    refine(
        stages, features.get(), targets,
        [&](const auto& residuals) { return ridge.solve(residuals, k).coefficients; }, solution);
  if (plan.options.committee) {
    solution.committee = stages.run("committee", [&](const Progress& progress) {
      return regression::train_committee(std::move(ridge), solution.coefficients, targets, k, progress);
    });
    require_finite(solution.committee.coefficients);
    require_finite(solution.committee.scales);
    require_finite(solution.committee.intervals);
    const double inverse = 2, halves = regression::committee_members * (1 + inverse) / 8; // in factorisations
    stages.did(0, "", (halves + inverse) * n * n * n / 3);
  }
  return solution;
}

/// Returns the factorised primal problem over the planned number of columns.
regression::PrimalRidge factorize_primal(const Context& context, const kernel::PrimalTerms& terms,
                                         const SolverPlan& plan, double lambda) {
  auto& stages = context.stages;
  auto ridge = stages.run("primal matrix", [&](const Progress& progress) {
    auto columns = kernel::SumColumns::most_important(terms, plan.columns);
    const auto block = context.machine.block_size(plan.columns);
    return regression::PrimalRidge(terms, std::move(columns), block, progress);
  });
  stages.did(0, "", parallel::all_reduce(stages.comm(), ridge.flops()));
  stages.run("cholesky", [&](const Progress&) { ridge.factorize(lambda); });
  const auto f = static_cast<double>(plan.columns);
  stages.did(0, "", f * f * f / 3);
  return ridge;
}

/// Returns how well the dual coefficients x = (y - f) / lambda of a primal solution with values f satisfy K x
/// = f.
double residual_of_primal(const kernel::PrimalTerms& terms, const std::vector<double>& targets,
                          const std::vector<double>& fitted, std::vector<kernel::CompactForm>& scratch,
                          double lambda) {
  std::vector<double> coefficients(targets.size());
  for (std::size_t i = 0; i < targets.size(); ++i)
    coefficients[i] = (targets[i] - fitted[i]) / lambda;
  kernel::build_forms(terms, coefficients, scratch);
  const auto again = kernel::evaluate_forms(terms, scratch);
  double difference = 0, norm = 0;
  for (std::size_t i = 0; i < targets.size(); ++i) {
    difference += (again[i] - fitted[i]) * (again[i] - fitted[i]);
    norm += targets[i] * targets[i];
  }
  return norm == 0 ? 0.0 : std::sqrt(difference / norm);
}

/// Features of some test structures, whose predictions tell when the iteration may stop; their energies are
/// not looked at.
std::optional<kernel::KernelSum> make_monitor(const linalg::ProcessGrid& grid, const DrawnData& data,
                                              const Model& model) {
  if (data.test.size() == 0)
    return std::nullopt;
  const auto count = std::min(static_cast<std::size_t>(regression::most_monitored), data.test.size());
  return kernel::KernelSum(grid, model.kernels, std::span(data.test.structures).first(count), model.block);
}

/// Returns what is known before the first iteration: nothing, or what an earlier run left.
IterationProgress begin_iteration(const Model& model, TrainingCheckpoint* checkpoint) {
  if (checkpoint != nullptr)
    if (auto found =
            checkpoint->iteration(model.training.size(), static_cast<std::int64_t>(model.targets.size())))
      return std::move(*found);
  return {};
}

/// Iterates for the target under way; its state is in `progress` while that goes on.
regression::IterativeSolution iterate_target(Stages& stages, const kernel::PrimalTerms& terms,
                                             const regression::PrimalRidge& preconditioner,
                                             const kernel::PrimalTerms& monitor,
                                             std::span<const double> targets,
                                             const regression::IterationLimits& limits,
                                             IterationProgress& progress, TrainingCheckpoint* checkpoint) {
  const auto from = std::exchange(progress.state, {});
  const auto keep = [&](const regression::IterationState& state) {
    progress.state = state;
    checkpoint->keep_iteration(progress);
  };
  return stages.run("iterate", [&](const Progress&) {
    return regression::solve_iteratively(
        terms, preconditioner, targets, monitor, limits,
        [&](const regression::IterationRecord& record) {
          stages.line(format("iteration %3d  residual %.3e  predictions changed by %.3e eV/atom",
                             record.iteration, record.residual, record.prediction_change));
        },
        {from.x.empty() ? nullptr : &from, checkpoint != nullptr && checkpoint->on()
                                               ? std::function<void(const regression::IterationState&)>(keep)
                                               : nullptr});
  });
}

/// Adds a target's solution to those found.
void add_solution(Stages& stages, const regression::IterativeSolution& solution, const std::string& name,
                  IterationProgress& progress) {
  if (!solution.converged)
    stages.warn(format("the iterative solver stopped after %d iterations without converging: "
                       "relative residual %.2g. Raise "
                       "`max_iterations` or `preconditioner_columns`",
                       static_cast<int>(solution.history.size()), solution.residual));
  const auto append = [](std::vector<double>& all, const std::vector<double>& more) {
    all.insert(all.end(), more.begin(), more.end());
  };
  append(progress.coefficients, solution.coefficients);
  append(progress.fitted, solution.fitted);
  progress.solved.push_back({name, solution.converged, solution.residual, solution.history});
  ++progress.target;
}

/// Iterates for all targets, from what an earlier run left.
Solution iterate_all(Stages& stages, const kernel::PrimalTerms& terms,
                     const regression::PrimalRidge& preconditioner, const kernel::PrimalTerms& monitor,
                     const std::vector<double>& targets, const regression::IterationLimits& limits,
                     const Model& model, double lambda, TrainingCheckpoint* checkpoint) {
  const auto n = model.training.size();
  auto progress = begin_iteration(model, checkpoint);
  while (progress.target < static_cast<std::int64_t>(model.targets.size())) {
    const auto t = static_cast<std::size_t>(progress.target);
    const auto solution = iterate_target(stages, terms, preconditioner, monitor,
                                         std::span(targets).subspan(t * n, n), limits, progress, checkpoint);
    add_solution(stages, solution, model.targets[t].name, progress);
  }
  double residual = 0;
  for (const auto& target : progress.solved)
    residual = max_or_nan(residual, target.residual);
  Solution solution{std::move(progress.coefficients), std::move(progress.fitted), lambda, {}, {}, {}};
  solution.record.residual = residual;
  solution.record.targets = std::move(progress.solved);
  return solution;
}

constexpr double strict_tolerance = 1e-12; // eV/atom

/// Up to some size of the training set predictions agree to 1e-9 eV on any number of ranks, in as many
/// iterations again as the accuracy of the model needs. Beyond, an iteration takes long, and they agree to
/// about a thousandth of a meV per atom.
double default_tolerance(std::size_t structures) {
  constexpr std::size_t few = 20'000;
  return structures <= few ? strict_tolerance : 1e-6;
}

bool converged(const Solution& solution) {
  const auto& targets = solution.record.targets;
  return std::all_of(targets.begin(), targets.end(),
                     [](const TargetIterations& target) { return target.converged; });
}

/// Solves for the residuals of all targets, which takes a few iterations.
std::vector<double> iterate_quietly(const kernel::PrimalTerms& terms,
                                    const regression::PrimalRidge& preconditioner,
                                    const kernel::PrimalTerms& monitor, const std::vector<double>& residuals,
                                    const regression::IterationLimits& limits) {
  const auto n = static_cast<std::size_t>(terms.front().store->structures());
  std::vector<double> steps;
  for (std::size_t first = 0; first < residuals.size(); first += n) {
    const auto step = regression::solve_iteratively(terms, preconditioner,
                                                    std::span(residuals).subspan(first, n), monitor, limits);
    steps.insert(steps.end(), step.coefficients.begin(), step.coefficients.end());
  }
  return steps;
}

Solution iterate(const Context& context, const DrawnData& data, const kernel::KernelSum& features,
                 const SolverPlan& plan, const std::vector<double>& targets, const Model& model,
                 double lambda, TrainingCheckpoint* checkpoint) {
  if (checkpoint != nullptr)
    checkpoint->stop_if_asked();
  if (std::any_of(model.kernels.begin(), model.kernels.end(),
                  [](const auto& spec) { return spec.zeta == 2 && !spec.projection; }))
    context.stages.warn("the preconditioner of the iterative solver is built from products of the leading "
                        "features, and only principal components are ordered by importance: use "
                        "`contraction_method` = pca for fewer iterations");
  const auto terms = kernel::primal_terms(features);
  const auto preconditioner = factorize_primal(context, terms, plan, lambda);
  const auto monitor = make_monitor(context.grid, data, model);
  const auto watched = monitor ? kernel::primal_terms(*monitor) : kernel::PrimalTerms();
  const auto& wanted = plan.options;
  const regression::IterationLimits limits{
      wanted.max_iterations, wanted.tolerance.value_or(default_tolerance(model.training.size()))};
  auto solution =
      iterate_all(context.stages, terms, preconditioner, watched, targets, limits, model, lambda, checkpoint);
  // With a larger tolerance the iteration leaves more than rounding, which would take many more iterations.
  if (plan.compact && limits.prediction_tolerance <= strict_tolerance && converged(solution))
    refine(
        context.stages, features, targets,
        [&](const auto& residuals) {
          return iterate_quietly(terms, preconditioner, watched, residuals, limits);
        },
        solution);
  solution.record.preconditioner_columns = plan.columns;
  return solution;
}

// Where so many iterations do not help, lambda is too small for the primal matrix. The tolerance is far below
// what ranks may differ by, so that it does not matter whether one iteration more is made on some of them.
constexpr regression::IterationLimits refinement{40, 1e-12};

/// The coefficients (y - f) / lambda are differences of targets and values that agree to all but a part of
/// lambda: with a small one little is left of them, and of the predictions that are made with them. A few
/// iterations with the whole primal problem as preconditioner restore them. They are always made: the
/// residual before them is rounding, which differs with the number of ranks, and so would a decision by it.
Solution solve_primal_problem(const Context& context, const kernel::KernelSum& features,
                              const SolverPlan& plan, const std::vector<double>& targets, const Model& model,
                              double lambda) {
  auto& stages = context.stages;
  const auto terms = kernel::primal_terms(features);
  const auto ridge = factorize_primal(context, terms, plan, lambda);
  SolverRecord record;
  std::vector<kernel::CompactForm> compact;
  stages.run("solve", [&](const Progress&) {
    auto forms = kernel::zero_forms(terms, static_cast<std::int64_t>(model.targets.size()));
    record.backward_error = regression::solve_primal(terms, ridge, targets, forms);
    const auto values = kernel::evaluate_forms(terms, forms);
    if (plan.compact)
      compact = forms;
    record.residual_before_refinement = residual_of_primal(terms, targets, values, forms, lambda);
  });
  stages.line(format("refining the primal coefficients, whose relative residual is %.2g",
                     *record.residual_before_refinement));
  auto solution = iterate_all(stages, terms, ridge, {}, targets, refinement, model, lambda, nullptr);
  solution.compact = std::move(compact);
  solution.record.unknowns = plan.columns;
  solution.record.backward_error = record.backward_error;
  solution.record.residual_before_refinement = record.residual_before_refinement;
  return solution;
}

} // namespace

std::string describe_accuracy(std::optional<double> backward_error, std::optional<double> residual) {
  std::string text;
  if (backward_error)
    text = format("backward error %.2g", *backward_error);
  if (residual)
    text += (text.empty() ? "" : ", ") + format("relative residual %.2g", *residual);
  return text;
}

SolverPlan plan_solver(const Context& context, const planning::TrainingProblem& problem,
                       double regularization) {
  const auto& machine = context.machine;
  SolverPlan plan{
      planning::choose_solver_on(problem, machine), {}, problem.compact_bytes() > 0, problem.solver};
  if (plan.kind != SolverKind::cholesky && regularization <= 0)
    throw ConfigError("`solver` = " + regression::to_string(plan.kind) + " needs `regularization` > 0",
                      "regularization");
  context.stages.line(plan.kind == SolverKind::cholesky
                          ? std::string("solver: Cholesky factorisation of the kernel matrix")
                          : format("solver: %s, %lld columns", regression::to_string(plan.kind).c_str(),
                                   static_cast<long long>(plan.columns)));
  plan.memory = planning::require_memory(context.stages.log(), machine,
                                         planning::training_need_on(problem, plan, machine));
  return plan;
}

Solution solve(const Context& context, const DrawnData& data, LazyFeatures& features, const SolverPlan& plan,
               const Model& model, TrainingCheckpoint* checkpoint) {
  const auto targets = regression::subtract_baselines(model, model.training, data.train.targets);
  const auto absolute = [&] { // lambda, where no kernel matrix tells its diagonal
    return model.regularization *
           regression::require_scale(kernel::mean_self_kernel(kernel::primal_terms(features.get())));
  };
  auto solution = plan.kind == SolverKind::cholesky
                      ? solve_dense(context.stages, data, features, plan, targets, model, checkpoint)
                  : plan.kind == SolverKind::primal
                      ? solve_primal_problem(context, features.get(), plan, targets, model, absolute())
                      : iterate(context, data, features.get(), plan, targets, model, absolute(), checkpoint);
  auto& record = solution.record;
  record.solver = plan.kind;
  require_finite(solution.coefficients);
  require_finite(solution.fitted);
  require_finite({record.backward_error.value_or(0), record.residual.value_or(0)});
  context.stages.line(format("regularization %.3g, absolute %.4g; ", model.regularization, solution.lambda) +
                      describe_accuracy(record.backward_error, record.residual));
  return solution;
}

} // namespace soapstone::workflow
