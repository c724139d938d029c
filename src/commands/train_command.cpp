// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/cli/effective.hpp"
#include "soapstone/cli/run_files.hpp"
#include "soapstone/commands/finish.hpp"
#include "soapstone/commands/plan_parts.hpp"
#include "soapstone/commands/session.hpp"
#include "soapstone/parallel/agree.hpp"
#include "soapstone/regression/predictor.hpp"
#include "soapstone/report/error_report.hpp"
#include "soapstone/report/training_report.hpp"
#include "soapstone/report/uncertainty_report.hpp"
#include "soapstone/workflow/kernel_specs.hpp"
#include "soapstone/workflow/kernel_stages.hpp"
#include "soapstone/workflow/model_stages.hpp"
#include "soapstone/workflow/model_targets.hpp"
#include "soapstone/workflow/training_set.hpp"

#include <nlohmann/json.hpp>
#include <optional>

#include <nlohmann/json.hpp>

namespace soapstone::commands {

using regression::Model;

namespace {

void write(Session& session, const Model& model, const std::string& path) {
  session.stages().run("write", [&](const Progress&) {
    parallel::agree(session.comm(), [&] {
      if (session.root())
        regression::write_model(path, model);
    });
  });
  session.console().line("model written to " + path);
}

report::Json describe(const workflow::DrawnData& data, const workflow::TrainedModel& trained,
                      const workflow::CheckpointRecord& checkpoint, const std::string& path) {
  const auto& model = trained.model;
  return {
      {"n_train", data.train.size()},
      {"n_test", data.test.size()},
      {"n_test_skipped", data.test_skipped},
      {"lambda", model.lambda},
      {"backward_error", model.backward_error ? report::Json(*model.backward_error) : report::Json(nullptr)},
      {"residual", model.residual ? report::Json(*model.residual) : report::Json(nullptr)},
      {"solver", report::solver_json(trained.record)},
      {"couplings", report::coupling_json(model.kernels)},
      {"contractions", report::contraction_json(model.kernels)},
      {"uncertainty_scales", model.committee.scales},
      {"interval_95_scales", model.committee.intervals},
      {"checkpoint", report::checkpoint_json(checkpoint)},
      {"model", path}};
}

/// Adds how well the error bars tell the errors of the test set, for the report and the user.
void add_calibration(Session& session, const workflow::DrawnData& data, const Model& model,
                     const regression::Prediction& predicted, report::Json& details) {
  const auto calibrations = workflow::calibrations_of(predicted.energies, data.test.targets,
                                                      {predicted.uncertainties, predicted.intervals});
  if (calibrations.empty() || !calibrations.front())
    return;
  details["test"]["uncertainty"] = report::calibration_json(workflow::target_names(model), calibrations);
  session.console().line(report::describe_calibration(*calibrations.front()));
}

void train_and_report(Session& session, const std::string& path) {
  const auto& configuration = session.configuration();
  const auto context = session.context();
  const auto data = workflow::draw_data(context.stages, configuration);
  auto start = workflow::start_model(
      context.machine, configuration, data,
      workflow::kernel_specs(context, configuration, data.elements, data.train.structures));
  const planning::TrainingProblem problem(configuration, start.kernels, data.train.structures,
                                          data.test.structures);
  if (configuration.solver.compact == options::Choice::yes && problem.compact_bytes() == 0)
    throw ConfigError("regression.compact = yes needs kernel.zeta 1 or 2", "regression.compact");
  const auto plan = workflow::plan_solver(context, problem, configuration.regularization);
  workflow::TrainingCheckpoint checkpoint(
      context, configuration, report::run_texts(cli::effective_values(configuration)), data.train, plan.kind);
  workflow::LazyFeatures features([&, block = start.block] {
    return workflow::run_features(context, problem.kernels, data.train.structures, block,
                                  plan.memory.features);
  });
  auto trained = workflow::train_model(context, data, features, plan, std::move(start), &checkpoint);
  auto& model = trained.model;

  std::vector<report::ErrorReport> reports{
      {configuration.data.targets, "train", data.train.structures, data.train.targets,
       regression::add_baselines(model, data.train.structures, trained.fitted)}};
  auto details = describe(data, trained, checkpoint.record(), path);
  if (data.test.size() > 0) {
    const auto predicted = workflow::predict_test(context.stages, data, features, model);
    reports.emplace_back(configuration.data.targets, "test", data.test.structures, data.test.targets,
                         predicted.energies);
    add_calibration(session, data, model, predicted, details);
  }
  features.release(); // not needed any more, and room for what follows
  model.novelty = workflow::measure_training_set(context.stages, model, configuration.data.seed);
  details["float32_effect"] = report::rounding_json(workflow::float32_effect(context.stages, data, model));
  model.provenance = provenance(session, reports);
  write(session, model, path);
  checkpoint.remove();
  finish(session, details, reports);
}

} // namespace

int train(Session& session) {
  const std::string path = cli::output_file(session.configuration());
  require_outputs(session, path);
  try {
    train_and_report(session, path);
  } catch (const Stopped& stopped) { // on all ranks alike
    session.console().line(stopped.what());
    return static_cast<int>(stopped.code());
  }
  return 0;
}

int plan_train(Session& session) {
  const auto& configuration = session.configuration();
  auto data = workflow::draw_from(session.stages(), configuration, load_planned(session, configuration),
                                  configuration.data.train);
  data.train = workflow::ordered_for_training(configuration, data.train);
  const auto kernels =
      workflow::kernel_specs(session.context(), configuration, data.elements, data.train.structures);
  return plan_models(session, {configuration, kernels, data.train.structures, data.test.structures}, data, 1);
}

} // namespace soapstone::commands
