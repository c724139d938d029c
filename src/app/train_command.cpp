// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/app/effective.hpp"
#include "soapstone/app/error_report.hpp"
#include "soapstone/app/finish.hpp"
#include "soapstone/app/kernel_stages.hpp"
#include "soapstone/app/model_stages.hpp"
#include "soapstone/app/model_targets.hpp"
#include "soapstone/app/run_files.hpp"
#include "soapstone/app/session.hpp"
#include "soapstone/app/training_report.hpp"
#include "soapstone/app/training_set.hpp"
#include "soapstone/app/uncertainty_report.hpp"
#include "soapstone/parallel/agree.hpp"
#include "soapstone/regression/predictor.hpp"

#include <nlohmann/json.hpp>
#include <optional>

#include <nlohmann/json.hpp>

namespace soapstone::app {

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

Json describe(const DrawnData& data, const TrainedModel& trained, const CheckpointRecord& checkpoint,
              const std::string& path) {
  const auto& model = trained.model;
  return {{"n_train", data.train.size()},
          {"n_test", data.test.size()},
          {"n_test_skipped", data.test_skipped},
          {"lambda", model.lambda},
          {"backward_error", model.backward_error ? Json(*model.backward_error) : Json(nullptr)},
          {"residual", model.residual ? Json(*model.residual) : Json(nullptr)},
          {"solver", solver_json(trained.record)},
          {"couplings", coupling_json(model.kernels)},
          {"contractions", contraction_json(model.kernels)},
          {"uncertainty_scales", model.committee.scales},
          {"interval_95_scales", model.committee.intervals},
          {"checkpoint", checkpoint_json(checkpoint)},
          {"model", path}};
}

/// How well the error bars tell the errors of the test set, for the report and the user.
void add_calibration(Session& session, const DrawnData& data, const Model& model,
                     const regression::Prediction& predicted, Json& details) {
  const auto calibrations =
      calibrations_of(predicted.energies, data.test.targets, {predicted.uncertainties, predicted.intervals});
  if (calibrations.empty() || !calibrations.front())
    return;
  details["test"]["uncertainty"] = calibration_json(target_names(model), calibrations);
  session.console().line(describe_calibration(*calibrations.front()));
}

void train_and_report(Session& session, const std::string& path) {
  const auto& configuration = session.configuration();
  const auto context = session.context();
  const auto data = draw_data(context.stages, configuration);
  auto start = start_model(context.machine, configuration, data,
                           kernel_specs(context, configuration, data.elements, data.train.structures));
  const TrainingProblem problem(configuration, start.kernels, data.train.structures, data.test.structures);
  if (configuration.solver.compact == Choice::yes && problem.compact_bytes() == 0)
    throw ConfigError("regression.compact = yes needs kernel.zeta 1 or 2", "regression.compact");
  const auto plan = plan_solver(context, problem, configuration.regularization);
  TrainingCheckpoint checkpoint(context, configuration, run_texts(effective_values(configuration)),
                                data.train, plan.kind);
  LazyFeatures features([&, block = start.block] {
    return run_features(context, problem.kernels, data.train.structures, block, plan.memory.features);
  });
  auto trained = train_model(context, data, features, plan, std::move(start), &checkpoint);
  auto& model = trained.model;

  std::vector<ErrorReport> reports{{configuration.data.targets, "train", data.train.structures,
                                    data.train.targets,
                                    regression::add_baselines(model, data.train.structures, trained.fitted)}};
  auto details = describe(data, trained, checkpoint.record(), path);
  if (data.test.size() > 0) {
    const auto predicted = predict_test(context.stages, data, features, model);
    reports.emplace_back(configuration.data.targets, "test", data.test.structures, data.test.targets,
                         predicted.energies);
    add_calibration(session, data, model, predicted, details);
  }
  features.release(); // not needed any more, and room for what follows
  model.novelty = measure_training_set(context.stages, model, configuration.data.seed);
  details["float32_effect"] = rounding_json(float32_effect(context.stages, data, model));
  model.provenance = provenance(session, reports);
  write(session, model, path);
  checkpoint.remove();
  finish(session, details, reports);
}

} // namespace

int train(Session& session) {
  const std::string path = output_file(session.configuration());
  require_outputs(session, path);
  try {
    train_and_report(session, path);
  } catch (const Stopped& stopped) { // on all ranks alike
    session.console().line(stopped.what());
    return static_cast<int>(stopped.code());
  }
  return 0;
}

} // namespace soapstone::app
