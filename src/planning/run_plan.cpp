// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/planning/run_plan.hpp"

#include <algorithm>
#include <cmath>

namespace soapstone::planning {

using regression::SolverKind;

namespace {

constexpr double gather_rate = 1e9;        // bytes per second and rank
constexpr double memory_rate = 5e9;        // likewise, for triangular solves
constexpr double product_share = 0.8;      // of DGEMM, of long matrix products
constexpr double expected_iterations = 35; // of the iterative solver: it hardly grows with N

double real(std::int64_t value) {
  return static_cast<double>(value);
}

/// Share of DGEMM that a Cholesky of order n reaches: measured 0.72 at 8 000 and 0.83 at 16 000.
double cholesky_share(double n) {
  return 0.9 * n / (n + 2000);
}

class TrainingTimes {
public:
  TrainingTimes(const TrainingProblem& problem, const SolverChoice& choice, const Rates& rates,
                const RunPlan& plan)
      : problem_(problem), rates_(rates), plan_(plan), n_(real(problem.train.structures())),
        ranks_(real(std::int64_t{plan.machine.grid.rows} * plan.machine.grid.cols)),
        environments_(real(problem.train_environments)), choice_(choice) {}

  double features() const { // those of the rank with most
    const double share = real(plan_.feature_share) / real(std::max<std::int64_t>(1, problem_.train.total()));
    return rates_.setup_seconds + environments_ * share * rates_.environment_seconds;
  }
  /// Once more the features that are not kept.
  double again() const {
    const double kept = real(plan_.need.features) / real(std::max<std::int64_t>(1, plan_.feature_share));
    return plan_.need.recomputes ? (1 - kept) * features() : 0.0;
  }
  double kernel() const {
    const double rows = real(memory_budget(plan_.need, plan_.machine).rows);
    const double passes = std::ceil(real(plan_.need.gathered) / rows);
    return n_ * (n_ + 1) / 2 * rates_.pair_seconds / ranks_ + (1 + passes / 2) * again();
  }
  double gathering() const { return real(plan_.need.gathered) / gather_rate; }
  double cholesky(double n) const { return n * n * n / 3 / product_rate(cholesky_share(n)); }
  /// Two triangular solves and a residual for every right-hand side or size.
  double solve() const { return 3 * real(plan_.need.matrix) * real(problem_.columns) / memory_rate; }
  double gram() const {
    const double f = real(choice_.columns);
    return (n_ * f * f + form_flops(1.0)) / product_rate(product_share) + 3 * again();
  }
  /// W(v) and its values for K v and for the preconditioner in every iteration and target; the products of
  /// the preconditioner lie in about the root of their number of columns.
  double iterations() const {
    const double few = std::min(1.0, 2 * std::sqrt(real(choice_.columns) / real(problem_.form_numbers())));
    return expected_iterations * real(problem_.targets) *
           (form_flops(2.0 + 2.0 * few) / product_rate(product_share) + 4 * again());
  }
  /// One pass over the features.
  double compact() const {
    return form_flops(1.0) * real(problem_.targets) / product_rate(product_share) + again();
  }
  double predict() const {
    const double tests = real(problem_.test.structures());
    const double fresh = real(problem_.test_environments);
    const double by_form = fresh * real(problem_.form_numbers()) / product_rate(product_share);
    return fresh * rates_.environment_seconds / ranks_ + (problem_.compact_bytes() > 0
                                                              ? rates_.setup_seconds + by_form
                                                              : tests * n_ * rates_.pair_seconds / ranks_);
  }
  const SolverChoice& choice() const { return choice_; }

private:
  double product_rate(double share) const {
    return 1e9 * rates_.dgemm_gflops * share * real(plan_.machine.ranks);
  }
  double form_flops(double factor) const { return factor * environments_ * real(problem_.form_numbers()); }

  const TrainingProblem& problem_;
  const Rates& rates_;
  const RunPlan& plan_;
  double n_, ranks_, environments_;
  SolverChoice choice_;
};

void add_solver(const TrainingTimes& times, const TrainingProblem& problem, RunPlan& plan) {
  const auto& need = plan.need;
  const auto add = [&](const char* name, double seconds, std::int64_t bytes) {
    plan.stages.push_back({name, seconds, plan.program + bytes});
  };
  const auto assembling = need.assembling(memory_budget(need, plan.machine).rows);
  const auto& choice = times.choice();
  if (choice.kind == SolverKind::cholesky) {
    if (need.gathered > 0)
      add("row gathering", times.gathering(), assembling);
    add("kernel", times.kernel(), assembling);
    add("cholesky", times.cholesky(real(problem.train.structures())), need.solving());
    add("solve", times.solve(), need.solving());
    if (problem.members > 0) // an inverse is two factorisations more
      add("committee",
          3 * real(problem.members) * times.cholesky(real(problem.train.structures() / 2)) +
              2 * times.cholesky(real(problem.train.structures())),
          need.solving());
    return;
  }
  add("primal matrix", times.gram(), assembling);
  add("cholesky", times.cholesky(real(choice.columns)), need.solving());
  if (choice.kind == SolverKind::primal)
    add("solve", times.solve() + 3 * times.compact(), need.solving());
  else
    add("iterate", times.iterations(), need.solving());
}

/// Returns what `train --checkpoint` would find. Features that predictions need are computed again in any
/// case.
KernelCheckpointValue checkpoint_of(const TrainingTimes& times, const TrainingProblem& problem,
                                    const RunPlan& plan) {
  const bool again = problem.compact_bytes() > 0 || problem.test.structures() > 0;
  const double gathering = plan.need.gathered > 0 ? times.gathering() : 0;
  return kernel_checkpoint_value(problem.train.structures(),
                                 times.kernel() + gathering + (again ? 0.0 : times.features()));
}

} // namespace

std::int64_t RunPlan::peak() const {
  std::int64_t most = program;
  for (const auto& stage : stages)
    most = std::max(most, stage.bytes);
  return most;
}

double RunPlan::seconds() const {
  double sum = 0;
  for (const auto& stage : stages)
    sum += stage.seconds;
  return sum;
}

std::int64_t RunPlan::nodes() const {
  return (machine.ranks + machine.ranks_per_node - 1) / machine.ranks_per_node;
}

void plan_training(const TrainingProblem& problem, const Rates& rates, int repeats, RunPlan& plan) {
  const auto choice = choose_solver_on(problem, plan.machine);
  const auto whole = training_need(problem, choice, plan.machine);
  plan.need = whole.within(plan.machine.memory_per_rank);
  plan.feature_share = whole.features;
  const TrainingTimes times(problem, choice, rates, plan);
  plan.solver = regression::to_string(times.choice().kind);
  if (plan.command == options::Command::train && times.choice().kind == SolverKind::cholesky)
    plan.checkpoint = checkpoint_of(times, problem, plan);
  const auto before = plan.stages.size();
  plan.stages.push_back({"features", times.features(), plan.program + plan.need.computing_features()});
  add_solver(times, problem, plan);
  if (const auto compact = problem.compact_bytes(); compact > 0 && times.choice().kind != SolverKind::primal)
    plan.stages.push_back({"compact", 3 * times.compact(), // refined
                           plan.program + std::max(plan.need.solving(), plan.need.features + 2 * compact)});
  if (problem.test.structures() > 0)
    plan.stages.push_back({"predict", times.predict(), plan.program + plan.need.predicting()});
  for (auto stage = before; stage < plan.stages.size(); ++stage)
    plan.stages[stage].seconds *= repeats;
}

} // namespace soapstone::planning
