// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/app/effective.hpp"
#include "soapstone/app/error_report.hpp"
#include "soapstone/app/finish.hpp"
#include "soapstone/app/load_data.hpp"
#include "soapstone/app/model_ini.hpp"
#include "soapstone/app/optimize_report.hpp"
#include "soapstone/app/optimize_run.hpp"
#include "soapstone/app/output_names.hpp"
#include "soapstone/app/run_files.hpp"
#include "soapstone/app/session.hpp"
#include "soapstone/app/training_report.hpp"
#include "soapstone/base/atomic_file.hpp"
#include "soapstone/base/stop_signal.hpp"
#include "soapstone/base/text.hpp"
#include "soapstone/parallel/agree.hpp"

#include <nlohmann/json.hpp>

namespace soapstone::app {

using search::Hyperparameter;
using search::Hyperparameters;
using search::LossPoint;
using search::OptimizationResult;

namespace {

void write_text(const std::string& path, const std::string& text) {
  AtomicFile file(path);
  file.write(text);
  file.commit();
}

void write_optimum(const Session& session, const OptimizeRun& run, const Hyperparameters& best,
                   const OptimizationResult& result) {
  const auto output = output_file(session.configuration());
  parallel::agree(session.comm(), [&] {
    if (!session.root())
      return;
    const auto& configuration = run.configuration();
    if (run.variables().has(Hyperparameter::coupling))
      for (std::size_t k = 0; k < best.kernels.size(); ++k)
        write_text(coupling_file(output, configuration.kernels, k),
                   optimum_coupling(best.kernels[k], result));
    write_text(optimum_file(output), model_ini(optimum_heading(result),
                                               optimum_keys(configuration, run.variables(), best, output)));
  });
}

/// What contractions fitted anew at the optimum change, for the console and the report.
Json refitted_json(Session& session, OptimizeRun& run, const OptimizationResult& result,
                   const LossPoint& fixed) {
  const auto refitted = run.refitted_at(result.x);
  const double rmse = held_out_rmse(run.set(), refitted.point.errors);
  session.console().line(
      format("held-out rmse %.3f meV/atom with the contraction of the start, %.3f with one "
             "fitted at the optimum, as in train",
             held_out_rmse(run.set(), fixed.errors) * 1e3, rmse * 1e3));
  return {{"contraction", contraction_json(refitted.kernels)},
          {"loss_refitted", refitted.point.loss},
          {"rmse_refitted", rmse}};
}

} // namespace

int optimize(Session& session) {
  const auto& configuration = session.configuration();
  const auto output = output_file(configuration);
  require_outputs(session, coupling_file(output, configuration.kernels, 0));
  const auto all = load_data(session.stages(), configuration.data, structure::Presence::required);
  const StopSignal catching; // there is nothing to keep before, and a pipe may keep the reader waiting
  OptimizeRun run(session.context(), configuration, run_texts(effective_values(configuration)),
                  optimize_checkpoint_file(configuration.search, output), all);
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
  const ErrorReport errors(configuration.data.targets, "cv", run.set().data.structures,
                           run.set().references(), held_out_energies(run.set(), point.errors));
  finish(session, json, {errors});
  session.console().line(result.reason + "; optimum written to " + optimum_file(output) +
                         format(", backward error at the optimum %.2g", point.backward_error));
  return 0;
}

} // namespace soapstone::app
