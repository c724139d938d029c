// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/workflow/extrapolation.hpp"

#include "soapstone/base/text.hpp"

#include <algorithm>

namespace soapstone::workflow {

namespace {

constexpr std::size_t most_named = 5;

/// Places in `predictions` beyond the limit, farthest first.
std::vector<std::size_t> beyond(const Predictions& predictions, double limit) {
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < predictions.novelty.size(); ++i)
    if (predictions.novelty[i] > limit)
      places.push_back(i);
  std::stable_sort(places.begin(), places.end(),
                   [&](auto a, auto b) { return predictions.novelty[a] > predictions.novelty[b]; });
  return places;
}

std::string names_of(const std::vector<std::size_t>& places, const Predictions& predictions,
                     const formats::DataSet& data) {
  std::string text;
  for (std::size_t i = 0; i < std::min(most_named, places.size()); ++i) {
    const auto s = static_cast<std::size_t>(predictions.positions[places[i]]);
    text += format("%sstructure %zu (%s; novelty %.2f)", i == 0 ? "" : ", ", s,
                   to_string(data.structures[s].origin.location()).c_str(), predictions.novelty[places[i]]);
  }
  return text + (places.size() > most_named ? ", ..." : "");
}

std::string message(const Extrapolation& found, const Predictions& predictions,
                    const formats::DataSet& data) {
  return format("%zu of %zu structures have environments unlike those of the training set (novelty above "
                "%g%s): their predictions are extrapolations. Most unusual: ",
                found.places.size(), predictions.positions.size(), found.limit,
                found.limit == 1 ? ", which 1 % of structures like those of the training set exceed" : "") +
         names_of(found.places, predictions, data);
}

} // namespace

bool measures_novelty(const options::PredictOptions& options, const regression::Model& model) {
  const auto wanted = options.extrapolation;
  const bool must = wanted == options::OnExtrapolation::error || wanted == options::OnExtrapolation::column;
  if (must && model.novelty.empty())
    throw ConfigError(std::string("`extrapolation` = ") +
                          (wanted == options::OnExtrapolation::error ? "error" : "column") +
                          ": the model contains no data on novelty, because it was trained with an earlier "
                          "version or on fewer than 10 structures",
                      "extrapolation");
  return wanted != options::OnExtrapolation::off && !model.novelty.empty();
}

std::optional<Extrapolation> find_extrapolation(const Predictions& predictions, double limit) {
  if (predictions.novelty.empty())
    return std::nullopt;
  return Extrapolation{limit, *std::max_element(predictions.novelty.begin(), predictions.novelty.end()),
                       beyond(predictions, limit)};
}

void tell_extrapolation(const Stages& stages, const options::PredictOptions& options,
                        const std::optional<Extrapolation>& found, const Predictions& predictions,
                        const formats::DataSet& data) {
  if (!found || found->places.empty())
    return;
  const auto text = message(*found, predictions, data);
  if (options.extrapolation == options::OnExtrapolation::error)
    throw DataError(text);
  stages.warn(text);
}

} // namespace soapstone::workflow
