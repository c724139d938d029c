// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/app/command_needs.hpp"
#include "soapstone/app/data_summary.hpp"
#include "soapstone/app/error_report.hpp"
#include "soapstone/app/extrapolation.hpp"
#include "soapstone/app/load_data.hpp"
#include "soapstone/app/load_model.hpp"
#include "soapstone/app/model_targets.hpp"
#include "soapstone/app/outside.hpp"
#include "soapstone/app/prediction_keys.hpp"
#include "soapstone/app/predictions.hpp"
#include "soapstone/app/uncertainty_report.hpp"
#include "soapstone/base/atomic_file.hpp"
#include "soapstone/base/text.hpp"
#include "soapstone/parallel/agree.hpp"
#include "soapstone/regression/predictor.hpp"
#include "soapstone/structure/elements.hpp"

#include <algorithm>
#include <cmath>

namespace soapstone::app {

using regression::Model;
using structure::DataSet;

namespace {

/// Positions of the structures that the model can predict. The others are an error, or with --skip-unknown
/// left out.
std::vector<std::int64_t> predictable(Session& session, const DataSet& data, const std::vector<int>& known) {
  std::vector<int> strangers;
  auto kept = with_known_elements(data.structures, known, strangers);
  if (strangers.empty())
    return kept;
  const auto left_out = data.size() - kept.size();
  if (!session.configuration().skip_unknown) {
    std::int64_t first = 0;
    while (first < static_cast<std::int64_t>(kept.size()) && kept[static_cast<std::size_t>(first)] == first)
      ++first;
    throw DataError(
        format("the model does not know %s, only %s; %zu of %zu structures contain unknown elements. Train "
               "with these elements, or leave out these structures with --skip-unknown",
               element_list(strangers).c_str(), element_list(known).c_str(), left_out, data.size()),
        data.structures[static_cast<std::size_t>(first)].origin.location());
  }
  session.console().warn(format("%zu of %zu structures are left out: the model does not know %s", left_out,
                                data.size(), element_list(strangers).c_str()));
  return kept;
}

/// Elements that the model has channels for, by species.elements, but that no training structure had.
void warn_of_guesses(Session& session, const Model& model,
                     const std::vector<structure::Structure>& structures) {
  const auto guessed = guessed_elements(elements_of(structures), model.targets.front().baseline);
  if (guessed.empty())
    return;
  const auto concerned = std::count_if(structures.begin(), structures.end(), [&](const auto& structure) {
    return std::find_first_of(structure.species.begin(), structure.species.end(), guessed.begin(),
                              guessed.end()) != structure.species.end();
  });
  session.console().warn(
      format("%lld of %zu structures contain %s, which no training structure contains: the baseline of these "
             "elements is a guess, the mean energy per atom of the training set",
             static_cast<long long>(concerned), structures.size(), element_list(guessed).c_str()));
}

/// Warns of structures whose compositions the training set does not determine. Returns their number.
std::size_t warn_of_compositions(Session& session, const Model& model,
                                 const std::vector<structure::Structure>& structures) {
  if (model.targets.front().baseline.kind() != regression::BaselineKind::composition)
    return 0;
  const structure::CompositionSpan span(model.training);
  std::vector<int> unseen;
  const auto kept = with_known_elements(structures, span.elements(), unseen);
  std::vector<structure::Structure> known;
  if (!unseen.empty()) // which warn_of_guesses has told
    for (const auto s : kept)
      known.push_back(structures[static_cast<std::size_t>(s)]);
  const auto& judged = unseen.empty() ? structures : known;
  const auto outside = outside_of(span, judged);
  if (!outside.places.empty())
    session.console().warn(
        format("%zu of %zu structures have compositions for which the baseline of the model "
               "is a guess, and their energies may be wrong by as much as those of free "
               "atoms: ",
               outside.places.size(), structures.size()) +
        describe_outside(outside, span, judged));
  return outside.places.size() + structures.size() - judged.size();
}

bool is_xyz(const std::string& path) {
  return path.ends_with(".xyz") || path.ends_with(".extxyz");
}

/// What the configuration asks for and the model can tell. Throws ConfigError where it must and cannot.
regression::PredictionWish wish_of(const Configuration& configuration, const Model& model) {
  const auto& options = configuration.predict;
  const bool committee = model.committee.members > 0;
  if (options.uncertainty == "yes" && !committee)
    throw ConfigError(
        "the model has no committee, which error bars need: train it with regression.uncertainty = committee",
        "predict.uncertainty");
  if (options.per_atom && !is_xyz(configuration.output.output))
    throw ConfigError("contributions of atoms are written to extended XYZ only: use --output FILE.xyz",
                      "predict.per-atom");
  const regression::PredictionWish wish{committee && options.uncertainty != "no",
                                        measures_novelty(configuration, model), options.per_atom};
  if (is_xyz(configuration.output.output))
    require_distinct_keys(target_names(model), wish);
  return wish;
}

/// By the model's compact form where it has one, else by its training set.
regression::Prediction predict_structures(Session& session, const Model& model,
                                          const std::vector<structure::Structure>& structures,
                                          const regression::PredictionWish& wish) {
  const auto budget = require_memory(session, predict_command_need(model, structures));
  const auto count = static_cast<double>(structures.size());
  if (!model.compact.empty()) {
    session.timer().expect(count, "structures");
    return session.timer().run("predict", [&](const Progress& progress) {
      return regression::predict(session.comm(), model, structures, wish, progress);
    });
  }
  const auto training = session.timer().run("training features", [&](const Progress& progress) {
    return kernel::KernelSum(session.grid(), model.kernels, model.training, model.block, budget.features,
                             progress);
  });
  session.timer().expect(count, "structures");
  return session.timer().run("predict", [&](const Progress& progress) {
    return regression::predict(session.comm(), model, training, structures, wish, progress);
  });
}

Predictions predict_all(Session& session, const Model& model, const DataSet& data,
                        const regression::PredictionWish& wish) {
  Predictions predictions;
  predictions.targets = target_names(model);
  predictions.positions = predictable(session, data, model.elements());
  const auto structures = structure::subset(data, predictions.positions).structures;
  session.console().line("predicting " + describe_sizes(structures));
  warn_of_guesses(session, model, structures);
  predictions.guessed = warn_of_compositions(session, model, structures);
  auto found = predict_structures(session, model, structures, wish);
  predictions.energies = std::move(found.energies);
  predictions.uncertainties = std::move(found.uncertainties);
  predictions.intervals = std::move(found.intervals);
  predictions.novelty = std::move(found.novelty);
  predictions.novelty_column = session.configuration().predict.extrapolation == "column";
  predictions.atoms = std::move(found.atoms);
  session.timer().did(static_cast<double>(structures.size()), "structures");
  return predictions;
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
  auto data = load_data(session, source, configuration.data.targets, presence_of(model, configuration));
  warn_of_missing(session, configuration, data);
  return data;
}

} // namespace

int predict(Session& session) {
  const auto& configuration = session.configuration();
  if (configuration.model.empty())
    throw ConfigError("no model given: use --model FILE", "model");
  require_outputs(session, configuration.output.output);
  const auto model = load_model(session, configuration.model);
  const auto wish = wish_of(configuration, model);
  const auto with_targets = with_targets_of(model, configuration);
  const auto data = load_for(session, model, with_targets);
  const auto predictions = predict_all(session, model, data, wish);
  const auto extrapolation = report_extrapolation(session, predictions, data);
  write_predictions(session, predictions, data);

  const auto used = structure::subset(data, predictions.positions);
  std::vector<ErrorReport> errors;
  if (std::any_of(used.targets.begin(), used.targets.end(),
                  [](const auto& values) { return count_known(values) > 0; }))
    errors.emplace_back(with_targets, "test", used.structures, used.targets, predictions.energies);
  Json results{{"model", configuration.model},
               {"n_train", model.training.size()},
               {"n_test", used.size()},
               {"n_test_skipped", data.size() - used.size()},
               {"n_undetermined_compositions", predictions.guessed},
               {"extrapolation", extrapolation}};
  if (const auto calibration = calibration_json(predictions.targets, predictions.energies, used.targets,
                                                {predictions.uncertainties, predictions.intervals});
      !calibration.is_null()) {
    results["test"]["uncertainty"] = calibration;
    session.console().line(describe_calibration(calibration));
  }
  finish(session, results, configuration.output.output.empty() ? std::vector<ErrorReport>{} : errors);
  return 0;
}

} // namespace soapstone::app
