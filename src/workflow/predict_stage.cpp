// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/workflow/predict_stage.hpp"

#include "soapstone/base/text.hpp"
#include "soapstone/kernel/kernel_sum.hpp"
#include "soapstone/planning/command_needs.hpp"
#include "soapstone/workflow/data_summary.hpp"
#include "soapstone/workflow/load_data.hpp"
#include "soapstone/workflow/model_targets.hpp"
#include "soapstone/workflow/outside.hpp"

#include <algorithm>

namespace soapstone::workflow {

using formats::DataSet;
using regression::Model;

namespace {

/// Positions of the structures that the model can predict. The others are an error, or with `skip_unknown`
/// left out.
std::vector<std::int64_t> predictable(const Stages& stages, const DataSet& data,
                                      const std::vector<int>& known, UnknownElements unknown) {
  std::vector<int> unknown_elements;
  auto kept = with_known_elements(data.structures, known, unknown_elements);
  if (unknown_elements.empty())
    return kept;
  const auto left_out = data.size() - kept.size();
  if (unknown == UnknownElements::refused) {
    std::int64_t first = 0;
    while (first < static_cast<std::int64_t>(kept.size()) && kept[static_cast<std::size_t>(first)] == first)
      ++first;
    throw DataError(
        format("the model does not know %s, only %s; %zu of %zu structures contain unknown elements. Train "
               "with these elements, or leave out these structures with `skip_unknown`",
               element_list(unknown_elements).c_str(), element_list(known).c_str(), left_out, data.size()),
        data.structures[static_cast<std::size_t>(first)].origin.location());
  }
  stages.warn(format("%zu of %zu structures are left out: the model does not know %s", left_out, data.size(),
                     element_list(unknown_elements).c_str()));
  return kept;
}

/// Elements that the model has channels for, by species.elements, but that no training structure had.
void warn_of_guesses(const Stages& stages, const Model& model,
                     const std::vector<structure::Structure>& structures) {
  const auto guessed = guessed_elements(elements_of(structures), model.targets.front().baseline);
  if (guessed.empty())
    return;
  const auto concerned = std::count_if(structures.begin(), structures.end(), [&](const auto& structure) {
    return std::find_first_of(structure.species.begin(), structure.species.end(), guessed.begin(),
                              guessed.end()) != structure.species.end();
  });
  stages.warn(
      format("%lld of %zu structures contain %s, which no training structure contains: the baseline of these "
             "elements is a guess, the mean energy per atom of the training set",
             static_cast<long long>(concerned), structures.size(), element_list(guessed).c_str()));
}

/// Structures whose compositions the training set does not determine; returns how many.
std::size_t warn_of_compositions(const Stages& stages, const Model& model,
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
    stages.warn(format("%zu of %zu structures have compositions for which the baseline of the model "
                       "is a guess, and their energies may be wrong by as much as those of free "
                       "atoms: ",
                       outside.places.size(), structures.size()) +
                describe_outside(outside, span, judged));
  return outside.places.size() + structures.size() - judged.size();
}

/// By the model's compact form where it has one, else by its training set.
regression::Prediction predict_structures(const Context& context, const Model& model,
                                          const std::vector<structure::Structure>& structures,
                                          const regression::PredictionWish& wish) {
  const auto budget = planning::require_memory(context.stages.log(), context.machine,
                                               planning::predict_command_need(model, structures));
  const auto count = static_cast<double>(structures.size());
  if (!model.compact.empty()) {
    context.stages.expect(count, "structures");
    return context.stages.run("predict", [&](const Progress& progress) {
      return regression::predict(context.comm(), model, structures, wish, progress);
    });
  }
  const auto training = context.stages.run("training features", [&](const Progress& progress) {
    return kernel::KernelSum(context.grid, model.kernels, model.training, model.block, budget.features,
                             progress);
  });
  context.stages.expect(count, "structures");
  return context.stages.run("predict", [&](const Progress& progress) {
    return regression::predict(context.comm(), model, training, structures, wish, progress);
  });
}

} // namespace

Predictions predict_all(const Context& context, const Model& model, const DataSet& data,
                        const regression::PredictionWish& wish, UnknownElements unknown) {
  auto& stages = context.stages;
  Predictions predictions;
  predictions.targets = target_names(model);
  predictions.positions = predictable(stages, data, model.elements(), unknown);
  const auto structures = formats::subset(data, predictions.positions).structures;
  stages.line("predicting " + describe_sizes(structures));
  warn_of_guesses(stages, model, structures);
  predictions.guessed = warn_of_compositions(stages, model, structures);
  auto found = predict_structures(context, model, structures, wish);
  predictions.energies = std::move(found.energies);
  predictions.uncertainties = std::move(found.uncertainties);
  predictions.intervals = std::move(found.intervals);
  predictions.novelty = std::move(found.novelty);
  predictions.atoms = std::move(found.atoms);
  stages.did(static_cast<double>(structures.size()), "structures");
  return predictions;
}

} // namespace soapstone::workflow
