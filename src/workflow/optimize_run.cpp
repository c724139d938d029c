// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/workflow/optimize_run.hpp"

#include "soapstone/base/memory.hpp"
#include "soapstone/base/stop_signal.hpp"
#include "soapstone/base/stopwatch.hpp"
#include "soapstone/base/text.hpp"
#include "soapstone/options/parameter_keys.hpp"
#include "soapstone/parallel/agree.hpp"
#include "soapstone/parallel/collectives.hpp"
#include "soapstone/planning/optimize_plan.hpp"
#include "soapstone/search/record.hpp"
#include "soapstone/workflow/contraction_stage.hpp"
#include "soapstone/workflow/data_summary.hpp"
#include "soapstone/workflow/evaluation.hpp"
#include "soapstone/workflow/kernel_specs.hpp"
#include "soapstone/workflow/search_identity.hpp"
#include "soapstone/workflow/training_set.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace soapstone::workflow {

using search::LossPoint;
using search::OptimizationResult;
using search::Variables;

namespace {

bool is_contracted(const kernel::KernelSpec& spec) {
  return spec.density || spec.projection;
}

} // namespace

double held_out_rmse(const EvaluationSet& set, const std::vector<double>& errors) {
  const double squares = std::inner_product(errors.begin(), errors.end(), errors.begin(), 0.0);
  return std::sqrt(squares /
                   static_cast<double>(set.counted() * static_cast<std::int64_t>(set.data.targets.size())));
}

std::vector<std::vector<double>> held_out_energies(const EvaluationSet& set,
                                                   const std::vector<double>& errors) {
  auto energies = set.data.targets;
  for (std::size_t t = 0; t < energies.size(); ++t)
    for (std::size_t s = 0; s < set.data.size(); ++s)
      energies[t][s] -= errors[t * set.data.size() + s] * static_cast<double>(set.data.structures[s].size());
  return energies;
}

OptimizeRun::OptimizeRun(const Context& context, const options::Configuration& asked,
                         std::map<std::string, std::string> keys, std::string checkpoint,
                         const formats::DataSet& all)
    : context_(context), meet_(context.comm().duplicate()),
      configuration_(planning::optimized_configuration(asked)),
      set_(draw_evaluation_set(all, configuration_)), start_{kernel_specs(context, configuration_,
                                                                          set_.elements,
                                                                          set_.data.structures),
                                                             configuration_.regularization},
      variables_(start_, configuration_.optimize.parameters),
      problem_(validation_problem(set_, configuration_)), options_(options_that_fit()),
      path_(std::move(checkpoint)) {
  loss_.emplace(context_.grid, problem_, options_);
  state_.identity = search_identity(std::move(keys), configuration_.kernels, all);
  for (const auto* parameter : {"iterations", "groups"}) // one may go on for longer
    state_.identity.erase(options::key_of(parameter));
  state_.start = variables_.pack(start_);
  open_checkpoint();
}

OptimizationResult OptimizeRun::run() {
  const auto& options = configuration_.optimize;
  context_.stages.line(format("optimising %zu variables by %lld-fold cross-validation of %s; "
                              "checkpoint %s",
                              state_.start.size(), static_cast<long long>(set_.folds.count()),
                              describe_sizes(set_.data.structures).c_str(), path_.c_str()));
  describe_targets(context_.stages, configuration_, set_.data);
  warn_of_copies(context_.stages, set_.data);
  warn_of_left_out(context_.stages.log(), set_);
  if (contracts())
    context_.stages.line("the contraction is fitted at the start and held fixed");
  auto result = search::run_optimization(
      state_, [&](const std::vector<double>& x) { return evaluate(x); },
      {options.iterations, options.restart, options.tolerance},
      [&](const std::vector<double>& history) { after_evaluation(history); });
  save("finished");
  return result;
}

LossPoint OptimizeRun::at(const std::vector<double>& x) {
  return (*loss_)(variables_, x, false);
}

RefittedOptimum OptimizeRun::refitted_at(const std::vector<double>& x) {
  auto best = variables_.unpack(x);
  RefittedOptimum found{best.kernels, {}};
  loss_.reset(); // its densities, before the fit needs memory
  return_free_memory();
  for (auto& spec : best.kernels) {
    spec.density = nullptr;
    spec.projection = nullptr;
  }
  run_contraction(context_.stages, configuration_.kernels, set_.data.structures, best.kernels);
  loss_.emplace(context_.grid, problem_, options_);
  found.point = (*loss_)(Variables(best, configuration_.optimize.parameters), x, false);
  return found;
}

bool OptimizeRun::contracts() const {
  return std::any_of(start_.kernels.begin(), start_.kernels.end(), is_contracted);
}

double OptimizeRun::seconds_per_evaluation() const {
  return evaluated_ > 0 ? seconds_ / static_cast<double>(evaluated_) : 0.0;
}

/// Refuses what does not fit, before anything large is allocated.
search::LossOptions OptimizeRun::options_that_fit() const {
  const planning::OptimizationProblem size(configuration_, start_.kernels, set_.data.structures, set_.folds);
  planning::require_memory(context_.stages.log(), context_.machine, [&](const planning::Machine& machine) {
    return planning::optimization_need(size, machine);
  });
  return planning::loss_options(size, context_.machine);
}

void OptimizeRun::open_checkpoint() {
  std::vector<std::string> warnings;
  bool found = false;
  parallel::agree(context_.comm(), [&] {
    if (!context_.stages.root())
      return;
    lock_ = std::make_unique<search::LockFile>(path_ + ".lock");
    found = search::load_optimization(path_, state_, warnings);
    state_.owner = search::job_name();
  });
  for (const auto& warning : warnings)
    context_.stages.warn(warning);
  share_state();
  if (found)
    context_.stages.line(format("resuming after %zu iterations in finished cycles and %zu evaluations",
                                state_.history.empty() ? 0 : state_.history.size() - 1,
                                state_.evaluations.size()));
}

/// Rank 0's to all.
void OptimizeRun::share_state() {
  const auto& comm = context_.comm();
  parallel::broadcast(comm, state_.start);
  parallel::broadcast(comm, state_.history);
  parallel::broadcast(comm, state_.finished_evaluations);
  parallel::broadcast(comm, state_.cycles);
  auto count = static_cast<std::int64_t>(state_.evaluations.size());
  parallel::broadcast(comm, count);
  state_.evaluations.resize(static_cast<std::size_t>(count));
  for (auto& evaluation : state_.evaluations) {
    parallel::broadcast(comm, evaluation.x);
    parallel::broadcast(comm, evaluation.objective);
    parallel::broadcast(comm, evaluation.gradient);
  }
}

search::Evaluation OptimizeRun::evaluate(const std::vector<double>& x) {
  const Stopwatch watch;
  return_free_memory(); // what the last one left in holes of the heap
  last_ = "the objective has no value at this point";
  auto point = parallel::agree_after(meet_, [&] { return (*loss_)(variables_, x); });
  parallel::broadcast(meet_, point.objective); // rank 0's, so that all ranks take the same steps
  parallel::broadcast(meet_, point.gradient);
  seconds_ += watch.seconds();
  ++evaluated_;
  last_ = format("objective %.8g eV², rmse %.3f meV/atom, %.2f s", point.objective,
                 held_out_rmse(set_, point.errors) * 1e3, watch.seconds());
  return {x, point.objective, std::move(point.gradient)};
}

void OptimizeRun::after_evaluation(const std::vector<double>& history) {
  context_.stages.line(format("iteration %zu, evaluation %lld: ", history.empty() ? 0 : history.size(),
                              static_cast<long long>(state_.finished_evaluations) +
                                  static_cast<long long>(state_.evaluations.size())) +
                       last_);
  const int signal = parallel::all_reduce(context_.comm(), StopSignal::received(), MPI_MAX);
  save(signal == 0 ? "running" : "stopped");
  if (signal != 0)
    throw Stopped(format("stopped by %s; run the same command again to resume", StopSignal::name(signal)));
}

void OptimizeRun::save(const std::string& status) {
  parallel::agree(context_.comm(), [&] {
    if (!context_.stages.root())
      return;
    state_.status = status;
    search::save_optimization(path_, state_);
  });
}

} // namespace soapstone::workflow
