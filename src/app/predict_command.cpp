// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/app/configuration.hpp"
#include "soapstone/app/error_report.hpp"
#include "soapstone/app/extrapolation.hpp"
#include "soapstone/app/extrapolation_json.hpp"
#include "soapstone/app/finish.hpp"
#include "soapstone/app/load_data.hpp"
#include "soapstone/app/load_model.hpp"
#include "soapstone/app/model_targets.hpp"
#include "soapstone/app/predict_stage.hpp"
#include "soapstone/app/prediction_keys.hpp"
#include "soapstone/app/predictions.hpp"
#include "soapstone/app/uncertainty_report.hpp"
#include "soapstone/base/atomic_file.hpp"
#include "soapstone/base/text.hpp"
#include "soapstone/parallel/agree.hpp"
#include "soapstone/regression/predictor.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

namespace soapstone::app {

using regression::Model;
using structure::DataSet;

namespace {

bool is_xyz(const std::string& path) {
  return path.ends_with(".xyz") || path.ends_with(".extxyz");
}

/// What the configuration asks for and the model can tell. Throws ConfigError where it must and cannot.
regression::PredictionWish wish_of(const Configuration& configuration, const Model& model) {
  const auto& options = configuration.predict;
  const bool committee = model.committee.members > 0;
  if (options.uncertainty == Choice::yes && !committee)
    throw ConfigError(
        "the model has no committee, which error bars need: train it with regression.uncertainty = committee",
        "predict.uncertainty");
  if (options.per_atom && !is_xyz(configuration.output.output))
    throw ConfigError("contributions of atoms are written to extended XYZ only: use --output FILE.xyz",
                      "predict.per-atom");
  const regression::PredictionWish wish{committee && options.uncertainty != Choice::no,
                                        measures_novelty(options, model), options.per_atom};
  if (is_xyz(configuration.output.output))
    require_distinct_keys(target_names(model), wish);
  return wish;
}

void write_predictions(const Session& session, const Predictions& predictions, const DataSet& data) {
  const auto& path = session.configuration().output.output;
  const bool xyz = is_xyz(path);
  parallel::agree(session.comm(), [&] {
    if (!session.root())
      return;
    const auto text = xyz ? predictions_xyz(predictions, data) : predictions_csv(predictions, data);
    if (path.empty()) {
      print_result(text);
      return;
    }
    AtomicFile file(path);
    file.write(text);
    file.commit();
  });
}

/// Whether the input must have the targets. Who names them for this run wants errors; a file may name the
/// model's own because it served the training.
structure::Presence presence_of(const Model& model, const Configuration& configuration) {
  const auto& keys = configuration.effective;
  const bool wanted = std::any_of(keys.begin(), keys.end(), [&](const auto& one) {
    const bool own = std::any_of(model.targets.begin(), model.targets.end(),
                                 [&](const auto& target) { return target.name == one.value; });
    return one.key == "data.target" && one.source != "model" && one.source != "default" &&
           (one.source == command_line_source || !own);
  });
  return wanted ? structure::Presence::expected : structure::Presence::optional;
}

std::size_t count_known(const std::vector<double>& values) {
  return static_cast<std::size_t>(
      std::count_if(values.begin(), values.end(), [](double y) { return !std::isnan(y); }));
}

/// References that only some structures have are no accident that may pass in silence; none at all is what
/// predictions are for, unless data.target asks for them.
void warn_of_missing(Session& session, const Configuration& configuration, const DataSet& data) {
  for (std::size_t t = 0; t < data.targets.size(); ++t) {
    const auto& name = configuration.data.targets[t].key;
    const auto known = count_known(data.targets[t]);
    if (known > 0 && known < data.size())
      session.console().warn(
          format("%zu of %zu structures have no '%s': the errors are those of the other structures",
                 data.size() - known, data.size(), name.c_str()));
    else if (known == 0 && is_given(session.configuration(), "data.target"))
      session.console().warn(
          format("none of the %zu structures has the key '%s' of data.target: no errors are reported",
                 data.size(), name.c_str()));
  }
}

/// The input's targets, in the order of the model's.
DataSet load_for(Session& session, const Model& model, const Configuration& configuration) {
  auto source = configuration.data.source;
  source.keep_info = is_xyz(configuration.output.output);
  auto data =
      load_data(session.stages(), source, configuration.data.targets, presence_of(model, configuration));
  warn_of_missing(session, configuration, data);
  return data;
}

} // namespace

int predict(Session& session) {
  const auto& configuration = session.configuration();
  if (configuration.model.empty())
    throw ConfigError("no model given: use --model FILE", "model");
  require_outputs(session, configuration.output.output);
  const auto model = load_model(session.stages(), configuration.model);
  const auto wish = wish_of(configuration, model);
  const auto with_targets = with_targets_of(model, configuration, with_values);
  const auto data = load_for(session, model, with_targets);
  auto predictions =
      predict_all(session.context(), model, data, wish,
                  configuration.skip_unknown ? UnknownElements::skipped : UnknownElements::refused);
  predictions.novelty_column = configuration.predict.extrapolation == OnExtrapolation::column;
  const auto extrapolation = find_extrapolation(predictions, configuration.predict.novelty_limit);
  tell_extrapolation(session.stages(), configuration.predict, extrapolation, predictions, data);
  write_predictions(session, predictions, data);

  const auto used = structure::subset(data, predictions.positions);
  std::vector<ErrorReport> errors;
  if (std::any_of(used.targets.begin(), used.targets.end(),
                  [](const auto& values) { return count_known(values) > 0; }))
    errors.emplace_back(with_targets.data.targets, "test", used.structures, used.targets,
                        predictions.energies);
  Json results{{"model", configuration.model},
               {"n_train", model.training.size()},
               {"n_test", used.size()},
               {"n_test_skipped", data.size() - used.size()},
               {"n_undetermined_compositions", predictions.guessed},
               {"extrapolation", extrapolation_json(extrapolation, predictions)}};
  const auto calibrations =
      calibrations_of(predictions.energies, used.targets, {predictions.uncertainties, predictions.intervals});
  if (!calibrations.empty() && calibrations.front()) {
    results["test"]["uncertainty"] = calibration_json(predictions.targets, calibrations);
    session.console().line(describe_calibration(*calibrations.front()));
  }
  finish(session, results, configuration.output.output.empty() ? std::vector<ErrorReport>{} : errors);
  return 0;
}

} // namespace soapstone::app
