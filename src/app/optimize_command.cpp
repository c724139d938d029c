// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/app/contraction_stage.hpp"
#include "soapstone/app/data_summary.hpp"
#include "soapstone/app/error_report.hpp"
#include "soapstone/app/load_data.hpp"
#include "soapstone/app/optimize_plan.hpp"
#include "soapstone/app/optimize_report.hpp"
#include "soapstone/app/search_plan.hpp"
#include "soapstone/app/training_set.hpp"
#include "soapstone/base/atomic_file.hpp"
#include "soapstone/base/memory.hpp"
#include "soapstone/base/stop_signal.hpp"
#include "soapstone/base/stopwatch.hpp"
#include "soapstone/base/text.hpp"
#include "soapstone/parallel/agree.hpp"
#include "soapstone/parallel/collectives.hpp"
#include "soapstone/search/hyperparameter_loss.hpp"
#include "soapstone/search/lock_file.hpp"
#include "soapstone/search/record.hpp"

#include <algorithm>
#include <cmath>
#include <memory>
#include <numeric>
#include <optional>

namespace soapstone::app {

using search::Hyperparameter;
using search::Hyperparameters;
using search::LossPoint;
using search::OptimizationResult;
using search::Variables;

namespace {

/// Returns the root mean square of the errors of all structures of a set (structures x targets).
double rmse(const EvaluationSet& set, const std::vector<double>& errors) {
  const double squares = std::inner_product(errors.begin(), errors.end(), errors.begin(), 0.0);
  return std::sqrt(squares /
                   static_cast<double>(set.counted() * static_cast<std::int64_t>(set.data.targets.size())));
}

bool is_contracted(const kernel::KernelSpec& spec) {
  return spec.density || spec.reduction;
}

/// An optimisation under way.
class OptimizeRun {
public:
  OptimizeRun(Session& session, const structure::DataSet& all)
      : session_(session), meet_(session.comm().duplicate()),
        configuration_(optimized_configuration(session.configuration())),
        set_(draw_evaluation_set(all, configuration_)), start_{kernel_specs(session, configuration_,
                                                                            set_.elements,
                                                                            set_.data.structures),
                                                               configuration_.regularization},
        variables_(start_, chosen_parameters(configuration_)),
        problem_(validation_problem(set_, configuration_)), options_(options_that_fit()),
        path_(optimize_checkpoint_file(configuration_)) {
    loss_.emplace(session.grid(), problem_, options_);
    state_.identity = search_identity(configuration_, all);
    for (const char* key : {"optimize.iterations", "search.groups"}) // one may go on for longer
      state_.identity.erase(key);
    state_.start = variables_.pack(start_);
    open_checkpoint();
  }

  OptimizationResult run() {
    const auto& options = configuration_.optimize;
    session_.console().line(format("optimising %zu variables by %lld-fold cross-validation of %s; "
                                   "checkpoint %s",
                                   state_.start.size(), static_cast<long long>(set_.folds.count()),
                                   describe_sizes(set_.data.structures).c_str(), path_.c_str()));
    describe_targets(session_, configuration_, set_.data);
    warn_of_copies(session_, set_.data);
    warn_of_left_out(session_, set_);
    if (contracts())
      session_.console().line("the contraction is fitted at the start and held fixed");
    auto result = search::run_optimization(
        state_, [&](const std::vector<double>& x) { return evaluate(x); },
        {options.iterations, options.restart, options.tolerance},
        [&](const std::vector<double>& history) { after_evaluation(history); });
    save("finished");
    return result;
  }

  LossPoint at(const std::vector<double>& x) { return (*loss_)(variables_, x, false); }

  /// At the optimum x with contractions fitted there, as training with its configuration fits them.
  LossPoint refitted_at(const std::vector<double>& x) {
    loss_.reset(); // its densities, before the fit needs memory
    return_free_memory();
    auto best = variables_.unpack(x);
    for (auto& spec : best.kernels) {
      spec.density = nullptr;
      spec.reduction = nullptr;
    }
    run_contraction(session_, configuration_.kernels, set_.data.structures, best.kernels);
    loss_.emplace(session_.grid(), problem_, options_);
    return (*loss_)(Variables(best, chosen_parameters(configuration_)), x, false);
  }

  bool contracts() const { return std::any_of(start_.kernels.begin(), start_.kernels.end(), is_contracted); }
  const Variables& variables() const { return variables_; }
  const EvaluationSet& set() const { return set_; }
  const Configuration& configuration() const { return configuration_; }
  double seconds_per_evaluation() const {
    return evaluated_ > 0 ? seconds_ / static_cast<double>(evaluated_) : 0.0;
  }

private:
  /// Refuses what does not fit, before anything large is allocated.
  search::LossOptions options_that_fit() {
    const OptimizationProblem size(configuration_, start_.kernels, set_);
    require_memory(session_, [&](const Machine& machine) { return optimization_need(size, machine); });
    return loss_options(size, machine_of(session_));
  }

  void open_checkpoint() {
    std::vector<std::string> warnings;
    std::string bytes;
    bool found = false;
    parallel::agree(session_.comm(), [&] {
      if (!session_.root())
        return;
      lock_ = std::make_unique<search::LockFile>(path_ + ".lock");
      found = search::load_optimization(path_, state_, warnings);
      state_.owner = search::job_name();
    });
    for (const auto& warning : warnings)
      session_.console().warn(warning);
    share_state();
    if (found)
      session_.console().line(format("resuming after %zu iterations in finished cycles and %zu evaluations",
                                     state_.history.empty() ? 0 : state_.history.size() - 1,
                                     state_.evaluations.size()));
  }

  /// Rank 0's to all.
  void share_state() {
    const auto& comm = session_.comm();
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

  search::Evaluation evaluate(const std::vector<double>& x) {
    const Stopwatch watch;
    return_free_memory(); // what the last one left in holes of the heap
    last_ = "the objective has no value at this point";
    auto point = parallel::agree_after(meet_, [&] { return (*loss_)(variables_, x); });
    parallel::broadcast(meet_, point.objective); // rank 0's, so that all ranks take the same steps
    parallel::broadcast(meet_, point.gradient);
    seconds_ += watch.seconds();
    ++evaluated_;
    last_ = format("objective %.8g eV², rmse %.3f meV/atom, %.2f s", point.objective,
                   rmse(set_, point.errors) * 1e3, watch.seconds());
    return {x, point.objective, std::move(point.gradient)};
  }

  void after_evaluation(const std::vector<double>& history) {
    session_.console().line(format("iteration %zu, evaluation %lld: ", history.empty() ? 0 : history.size(),
                                   static_cast<long long>(state_.finished_evaluations) +
                                       static_cast<long long>(state_.evaluations.size())) +
                            last_);
    const int signal = parallel::all_reduce(session_.comm(), StopSignal::received(), MPI_MAX);
    save(signal == 0 ? "running" : "stopped");
    if (signal != 0)
      throw Stopped(format("stopped by %s; run the same command again to resume", StopSignal::name(signal)));
  }

  void save(const std::string& status) {
    parallel::agree(session_.comm(), [&] {
      if (!session_.root())
        return;
      state_.status = status;
      search::save_optimization(path_, state_);
    });
  }

  Session& session_;
  parallel::Communicator meet_; ///< to agree after an evaluation: others may still be amid it
  Configuration configuration_;
  EvaluationSet set_;
  Hyperparameters start_;
  Variables variables_;
  regression::ValidationProblem problem_;
  search::LossOptions options_;
  std::optional<search::HyperparameterLoss> loss_;
  std::string path_;
  std::unique_ptr<search::LockFile> lock_; ///< rank 0
  search::Optimization state_;
  std::string last_; ///< what the last evaluation found
  double seconds_ = 0;
  std::int64_t evaluated_ = 0; ///< in this run
};

void write_text(const std::string& path, const std::string& text) {
  AtomicFile file(path);
  file.write(text);
  file.commit();
}

void write_optimum(const Session& session, const OptimizeRun& run, const Hyperparameters& best,
                   const OptimizationResult& result) {
  parallel::agree(session.comm(), [&] {
    if (!session.root())
      return;
    const auto& configuration = run.configuration();
    if (run.variables().has(Hyperparameter::coupling))
      for (std::size_t k = 0; k < best.kernels.size(); ++k)
        write_text(coupling_file(configuration, k), optimum_coupling(best.kernels[k], result));
    write_text(optimum_file(configuration), optimum_ini(configuration, run.variables(), best, result));
  });
}

/// What contractions fitted anew at the optimum change, for the console and the report.
Json refitted_json(Session& session, OptimizeRun& run, const OptimizationResult& result,
                   const LossPoint& fixed) {
  const auto kernels = run.variables().unpack(result.x).kernels;
  const auto refitted = run.refitted_at(result.x);
  session.console().line(
      format("held-out rmse %.3f meV/atom with the contraction of the start, %.3f with one "
             "fitted at the optimum, as in train",
             rmse(run.set(), fixed.errors) * 1e3, rmse(run.set(), refitted.errors) * 1e3));
  return {{"contraction", contraction_json(kernels)},
          {"loss_refitted", refitted.loss},
          {"rmse_refitted", rmse(run.set(), refitted.errors)}};
}

/// Held-out energies per structure from errors per atom.
std::vector<std::vector<double>> predictions(const EvaluationSet& set, const std::vector<double>& errors) {
  auto energies = set.data.targets;
  for (std::size_t t = 0; t < energies.size(); ++t)
    for (std::size_t s = 0; s < set.data.size(); ++s)
      energies[t][s] -= errors[t * set.data.size() + s] * static_cast<double>(set.data.structures[s].size());
  return energies;
}

} // namespace

int optimize(Session& session) {
  require_outputs(session, coupling_file(session.configuration(), 0));
  const auto all = load_data(session, session.configuration().data.source, structure::Presence::required);
  const StopSignal catching; // there is nothing to keep before, and a pipe may keep the reader waiting
  OptimizeRun run(session, all);
  OptimizationResult result;
  try {
    result = session.timer().run("optimize", [&](const Progress&) { return run.run(); });
  } catch (const Stopped& stopped) {
    session.console().line(stopped.what());
    return static_cast<int>(ExitCode::stopped);
  }
  const auto best = run.variables().unpack(result.x);
  const auto point = run.at(result.x);
  write_optimum(session, run, best, result);
  auto json = optimization_json(run.configuration(), run.variables(), best, result);
  json["n_train"] = run.set().data.size();
  json["n_test"] = 0;
  json["n_left_out"] = static_cast<std::int64_t>(run.set().data.size()) - run.set().counted();
  json["n_folds"] = run.set().folds.count();
  json["regularization"] = best.regularization;
  json["loss"] = point.loss;
  if (run.contracts())
    json.update(refitted_json(session, run, result, point));
  json["backward_error"] = point.backward_error;
  json["seconds_per_evaluation"] = run.seconds_per_evaluation();
  const ErrorReport errors(session.configuration(), "cv", run.set().data.structures, run.set().references(),
                           predictions(run.set(), point.errors));
  finish(session, json, {errors});
  session.console().line(result.reason + "; optimum written to " + optimum_file(run.configuration()) +
                         format(", backward error at the optimum %.2g", point.backward_error));
  return 0;
}

} // namespace soapstone::app
