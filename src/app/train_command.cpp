// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/app/contraction_stage.hpp"
#include "soapstone/app/coupling_stage.hpp"
#include "soapstone/app/error_report.hpp"
#include "soapstone/app/finish.hpp"
#include "soapstone/app/kernel_stages.hpp"
#include "soapstone/app/model_stages.hpp"
#include "soapstone/app/report.hpp"
#include "soapstone/app/run_files.hpp"
#include "soapstone/app/session.hpp"
#include "soapstone/app/solve_stage.hpp"
#include "soapstone/app/training_set.hpp"
#include "soapstone/app/uncertainty_report.hpp"
#include "soapstone/parallel/agree.hpp"
#include "soapstone/regression/predictor.hpp"

#include <nlohmann/json.hpp>
#include <optional>

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

Json describe(const DrawnData& data, const Model& model, const Solution& result,
              const TrainingCheckpoint& checkpoint, const std::string& path) {
  return {{"n_train", data.train.size()},
          {"n_test", data.test.size()},
          {"n_test_skipped", data.test_skipped},
          {"lambda", model.lambda},
          {"backward_error", model.backward_error ? Json(*model.backward_error) : Json(nullptr)},
          {"residual", model.residual ? Json(*model.residual) : Json(nullptr)},
          {"solver", result.details},
          {"couplings", coupling_json(model.kernels)},
          {"contractions", contraction_json(model.kernels)},
          {"uncertainty_scales", model.committee.scales},
          {"interval_95_scales", model.committee.intervals},
          {"checkpoint", checkpoint.json()},
          {"model", path}};
}

/// How well the error bars tell the errors of the test set, for the report and the user.
void add_calibration(Session& session, const DrawnData& data, const Model& model,
                     const regression::Prediction& predicted, Json& details) {
  std::vector<std::string> names;
  for (const auto& target : model.targets)
    names.push_back(target.name);
  const auto calibration = calibration_json(names, predicted.energies, data.test.targets,
                                            {predicted.uncertainties, predicted.intervals});
  if (calibration.is_null())
    return;
  details["test"]["uncertainty"] = calibration;
  session.console().line(describe_calibration(calibration));
}

void train_model(Session& session, const std::string& path) {
  const auto& configuration = session.configuration();
  const auto data = draw_data(session.stages(), configuration);
  auto model = start_model(
      session, data, kernel_specs(session.context(), configuration, data.elements, data.train.structures));
  const TrainingProblem problem(configuration, model.kernels, data.train.structures, data.test.structures);
  if (configuration.solver.compact == "yes" && problem.compact_bytes() == 0)
    throw ConfigError("regression.compact = yes needs kernel.zeta 1 or 2", "regression.compact");
  const auto plan = plan_solver(session, problem);
  TrainingCheckpoint checkpoint(session, data.train, plan.kind);
  std::optional<kernel::KernelSum> kept;
  const auto features = [&]() -> kernel::KernelSum& {
    if (!kept)
      kept = run_features(session, model.kernels, model.training, model.block, plan.memory.features);
    return *kept;
  };
  const auto result = solve(session, data, features, plan, model, &checkpoint);
  if (plan.compact)
    make_compact(session, features(), model);

  ErrorReport errors(configuration.data.targets, "train", data.train.structures, data.train.targets,
                     regression::add_baselines(model, data.train.structures, result.fitted));
  std::vector<ErrorReport> reports{errors};
  auto details = describe(data, model, result, checkpoint, path);
  if (data.test.size() > 0) {
    const auto predicted = predict_test(session, data, features(), model);
    reports.emplace_back(configuration.data.targets, "test", data.test.structures, data.test.targets,
                         predicted.energies);
    add_calibration(session, data, model, predicted, details);
  }
  kept.reset(); // not needed any more, and room for what follows
  measure_training_set(session, model);
  details["float32_effect"] = float32_effect(session, data, model);
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
    train_model(session, path);
  } catch (const Stopped& stopped) { // on all ranks alike
    session.console().line(stopped.what());
    return static_cast<int>(stopped.code());
  }
  return 0;
}

} // namespace soapstone::app
