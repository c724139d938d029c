// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/base/text.hpp"
#include "soapstone/base/text_file.hpp"
#include "soapstone/cli/configuration.hpp"
#include "soapstone/commands/finish.hpp"
#include "soapstone/commands/plan_parts.hpp"
#include "soapstone/parallel/agree.hpp"
#include "soapstone/planning/command_needs.hpp"
#include "soapstone/regression/predictor.hpp"
#include "soapstone/report/error_report.hpp"
#include "soapstone/report/extrapolation_json.hpp"
#include "soapstone/report/prediction_keys.hpp"
#include "soapstone/report/predictions.hpp"
#include "soapstone/report/uncertainty_report.hpp"
#include "soapstone/workflow/extrapolation.hpp"
#include "soapstone/workflow/load_data.hpp"
#include "soapstone/workflow/load_model.hpp"
#include "soapstone/workflow/model_targets.hpp"
#include "soapstone/workflow/predict_stage.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

namespace soapstone::commands {

using formats::DataSet;
using regression::Model;

namespace {

bool is_xyz(const std::string& path) {
  return path.ends_with(".xyz") || path.ends_with(".extxyz");
}

/// Returns what the configuration asks for and the model can tell. Throws ConfigError where it must and
/// cannot.
regression::PredictionWish wish_of(const options::Configuration& configuration, const Model& model) {
  const auto& options = configuration.predict;
  const bool committee = model.committee.members > 0;
  if (options.uncertainty == options::Choice::yes && !committee)
    throw ConfigError(
        "the model has no committee, which error bars need: train it with regression.uncertainty = committee",
        "predict.uncertainty");
  if (options.per_atom && !is_xyz(configuration.output.output))
    throw ConfigError("contributions of atoms are written to extended XYZ only: use --output FILE.xyz",
                      "predict.per-atom");
  const regression::PredictionWish wish{committee && options.uncertainty != options::Choice::no,
                                        workflow::measures_novelty(options, model), options.per_atom};
  if (is_xyz(configuration.output.output))
    report::require_distinct_keys(workflow::target_names(model), wish);
  return wish;
}

void write_predictions(const Session& session, const workflow::Predictions& predictions,
                       const DataSet& data) {
  const auto& path = session.configuration().output.output;
  const bool xyz = is_xyz(path);
  parallel::agree(session.comm(), [&] {
    if (!session.root())
      return;
    const auto text =
        xyz ? report::predictions_xyz(predictions, data) : report::predictions_csv(predictions, data);
    if (path.empty()) {
      report::print_result(text);
      return;
    }
    write_text_file(path, text);
  });
}

/// Returns whether the input must have the targets. Who names them for this run wants errors; a file may name
/// the model's own because it served the training.
formats::Presence presence_of(const Model& model, const options::Configuration& configuration) {
  const auto& keys = configuration.effective;
  const bool wanted = std::any_of(keys.begin(), keys.end(), [&](const auto& one) {
    const bool own = std::any_of(model.targets.begin(), model.targets.end(),
                                 [&](const auto& target) { return target.name == one.value; });
    return one.key == "data.target" && one.source != "model" && one.source != "default" &&
           (one.source == options::command_line_source || !own);
  });
  return wanted ? formats::Presence::expected : formats::Presence::optional;
}

std::size_t count_known(const std::vector<double>& values) {
  return static_cast<std::size_t>(
      std::count_if(values.begin(), values.end(), [](double y) { return !std::isnan(y); }));
}

/// References that only some structures have are no accident that may pass in silence; none at all is what
/// predictions are for, unless data.target asks for them.
void warn_of_missing(Session& session, const options::Configuration& configuration, const DataSet& data) {
  for (std::size_t t = 0; t < data.targets.size(); ++t) {
    const auto& name = configuration.data.targets[t].key;
    const auto known = count_known(data.targets[t]);
    if (known > 0 && known < data.size())
      session.console().warn(
          format("%zu of %zu structures have no '%s': the errors are those of the other structures",
                 data.size() - known, data.size(), name.c_str()));
    else if (known == 0 && workflow::is_given(session.configuration(), "data.target"))
      session.console().warn(
          format("none of the %zu structures has the key '%s' of data.target: no errors are reported",
                 data.size(), name.c_str()));
  }
}

/// The input's targets, in the order of the model's.
DataSet load_for(Session& session, const Model& model, const options::Configuration& configuration) {
  auto source = configuration.data.source;
  source.keep_info = is_xyz(configuration.output.output);
  auto data = workflow::load_data(session.stages(), source, configuration.data.targets,
                                  presence_of(model, configuration));
  warn_of_missing(session, configuration, data);
  return data;
}

} // namespace

int predict(Session& session) {
  const auto& configuration = session.configuration();
  if (configuration.model.empty())
    throw ConfigError("no model given: use --model FILE", "model");
  require_outputs(session, configuration.output.output);
  const auto model = workflow::load_model(session.stages(), configuration.model);
  const auto wish = wish_of(configuration, model);
  const auto with_targets = workflow::with_targets_of(model, configuration, cli::with_values);
  const auto data = load_for(session, model, with_targets);
  auto predictions = workflow::predict_all(session.context(), model, data, wish,
                                           configuration.skip_unknown ? workflow::UnknownElements::skipped
                                                                      : workflow::UnknownElements::refused);
  predictions.novelty_column = configuration.predict.extrapolation == options::OnExtrapolation::column;
  const auto extrapolation = workflow::find_extrapolation(predictions, configuration.predict.novelty_limit);
  workflow::tell_extrapolation(session.stages(), configuration.predict, extrapolation, predictions, data);
  write_predictions(session, predictions, data);

  const auto used = formats::subset(data, predictions.positions);
  std::vector<report::ErrorReport> errors;
  if (std::any_of(used.targets.begin(), used.targets.end(),
                  [](const auto& values) { return count_known(values) > 0; }))
    errors.emplace_back(with_targets.data.targets, "test", used.structures, used.targets,
                        predictions.energies);
  report::Json results{{"model", configuration.model},
                       {"n_train", model.training.size()},
                       {"n_test", used.size()},
                       {"n_test_skipped", data.size() - used.size()},
                       {"n_undetermined_compositions", predictions.guessed},
                       {"extrapolation", report::extrapolation_json(extrapolation, predictions)}};
  const auto calibrations = workflow::calibrations_of(predictions.energies, used.targets,
                                                      {predictions.uncertainties, predictions.intervals});
  if (!calibrations.empty() && calibrations.front()) {
    results["test"]["uncertainty"] = report::calibration_json(predictions.targets, calibrations);
    session.console().line(report::describe_calibration(*calibrations.front()));
  }
  finish(session, results, configuration.output.output.empty() ? std::vector<report::ErrorReport>{} : errors);
  return 0;
}

int plan_predict(Session& session) {
  const auto model = workflow::load_model(session.stages(), session.configuration().model);
  auto data =
      workflow::load_data(session.stages(), session.configuration().data, formats::Presence::optional);
  std::vector<int> unknown_elements;
  data = formats::subset(data,
                         workflow::with_known_elements(data.structures, model.elements(), unknown_elements));
  if (data.size() == 0)
    throw DataError("every structure contains elements that the model does not know");
  const bool compact = !model.compact.empty();
  const double environments =
      environments_of(data.structures) + (compact ? 0.0 : environments_of(model.training));
  const double pairs =
      compact ? 0.0 : static_cast<double>(data.size()) * static_cast<double>(model.training.size());
  return plan_features_and_pairs(session, model.kernels, data.structures, environments, pairs,
                                 planning::predict_command_need(model, data.structures));
}

} // namespace soapstone::commands
