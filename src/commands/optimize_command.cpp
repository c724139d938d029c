// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/base/stop_signal.hpp"
#include "soapstone/base/text.hpp"
#include "soapstone/base/text_file.hpp"
#include "soapstone/cli/effective.hpp"
#include "soapstone/cli/model_ini.hpp"
#include "soapstone/cli/run_files.hpp"
#include "soapstone/commands/finish.hpp"
#include "soapstone/commands/plan_parts.hpp"
#include "soapstone/commands/session.hpp"
#include "soapstone/options/output_names.hpp"
#include "soapstone/parallel/agree.hpp"
#include "soapstone/planning/optimize_plan.hpp"
#include "soapstone/report/error_report.hpp"
#include "soapstone/report/optimize_report.hpp"
#include "soapstone/report/training_report.hpp"
#include "soapstone/workflow/evaluation_set.hpp"
#include "soapstone/workflow/kernel_specs.hpp"
#include "soapstone/workflow/load_data.hpp"
#include "soapstone/workflow/optimize_run.hpp"
#include "soapstone/workflow/training_set.hpp"

#include <nlohmann/json.hpp>

namespace soapstone::commands {

using search::Hyperparameter;
using search::Hyperparameters;
using search::LossPoint;
using search::OptimizationResult;

namespace {

void write_optimum(const Session& session, const workflow::OptimizeRun& run, const Hyperparameters& best,
                   const OptimizationResult& result) {
  const auto output = cli::output_file(session.configuration());
  parallel::agree(session.comm(), [&] {
    if (!session.root())
      return;
    const auto& configuration = run.configuration();
    if (run.variables().has(Hyperparameter::coupling))
      for (std::size_t k = 0; k < best.kernels.size(); ++k)
        write_text_file(options::coupling_file(output, configuration.kernels, k),
                        report::optimum_coupling(best.kernels[k], result));
    write_text_file(options::optimum_file(output),
                    cli::model_ini(report::optimum_heading(result),
                                   report::optimum_keys(configuration, run.variables(), best, output)));
  });
}

/// Returns what contractions fitted anew at the optimum change, for the console and the report.
report::Json refitted_json(Session& session, workflow::OptimizeRun& run, const OptimizationResult& result,
                           const LossPoint& fixed) {
  const auto refitted = run.refitted_at(result.x);
  const double rmse = workflow::held_out_rmse(run.set(), refitted.point.errors);
  session.console().line(
      format("held-out rmse %.3f meV/atom with the contraction of the start, %.3f with one "
             "fitted at the optimum, as in train",
             workflow::held_out_rmse(run.set(), fixed.errors) * 1e3, rmse * 1e3));
  return {{"contraction", report::contraction_json(refitted.kernels)},
          {"loss_refitted", refitted.point.loss},
          {"rmse_refitted", rmse}};
}

} // namespace

int optimize(Session& session) {
  const auto& configuration = session.configuration();
  const auto output = cli::output_file(configuration);
  require_outputs(session, options::coupling_file(output, configuration.kernels, 0));
  const auto all = workflow::load_data(session.stages(), configuration.data, formats::Presence::required);
  const StopSignal catching; // there is nothing to keep before, and a pipe may keep the reader waiting
  workflow::OptimizeRun run(session.context(), configuration,
                            report::run_texts(cli::effective_values(configuration)),
                            options::optimize_checkpoint_file(configuration.search, output), all);
  OptimizationResult result;
  try {
    result = session.stages().run("optimize", [&](const Progress&) { return run.run(); });
  } catch (const Stopped& stopped) {
    session.console().line(stopped.what());
    return static_cast<int>(ExitCode::stopped);
  }
  const auto best = run.variables().unpack(result.x);
  const auto point = run.at(result.x);
  write_optimum(session, run, best, result);
  auto json = report::optimization_json(run.configuration(), run.variables(), best, result);
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
  const report::ErrorReport errors(configuration.data.targets, "cv", run.set().data.structures,
                                   run.set().references(),
                                   workflow::held_out_energies(run.set(), point.errors));
  finish(session, json, {errors});
  session.console().line(result.reason + "; optimum written to " + options::optimum_file(output) +
                         format(", backward error at the optimum %.2g", point.backward_error));
  return 0;
}

int plan_optimize(Session& session) {
  const auto configuration = planning::optimized_configuration(session.configuration());
  const auto all = load_planned(session, configuration);
  const auto set = workflow::draw_evaluation_set(all, configuration);
  const auto kernels =
      workflow::kernel_specs(session.context(), configuration, set.elements, set.data.structures);
  const search::Hyperparameters start{kernels, configuration.regularization};
  const search::Variables variables(start,
                                    configuration.optimize.parameters); // refuses what `optimize` refuses
  const planning::OptimizationProblem problem(configuration, kernels, set.data.structures, set.folds);
  auto plan = start_plan(session);
  const auto rates = measure_rates(session, kernels, set.data.structures);
  planning::plan_optimization(problem, rates, plan);
  return conclude_plan(
      session, plan, rates,
      {{"n_train", set.data.size()},
       {"n_folds", set.folds.count()},
       {"variables", variables.pack(start).size()},
       {"iterations", configuration.optimize.iterations}},
      [&](const planning::Machine& machine) { return planning::optimization_need(problem, machine); });
}

} // namespace soapstone::commands
