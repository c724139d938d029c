// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/app/extrapolation.hpp"

#include "soapstone/base/text.hpp"

#include <algorithm>

namespace soapstone::app {

namespace {

constexpr std::size_t most_named = 5, most_listed = 100;

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
                     const structure::DataSet& data) {
  std::string text;
  for (std::size_t i = 0; i < std::min(most_named, places.size()); ++i) {
    const auto s = static_cast<std::size_t>(predictions.positions[places[i]]);
    text += format("%sstructure %zu (%s; novelty %.2f)", i == 0 ? "" : ", ", s,
                   to_string(data.structures[s].origin.location()).c_str(), predictions.novelty[places[i]]);
  }
  return text + (places.size() > most_named ? ", ..." : "");
}

std::string message(const std::vector<std::size_t>& places, double limit, const Predictions& predictions,
                    const structure::DataSet& data) {
  return format("%zu of %zu structures have environments unlike those of the training set (novelty above "
                "%g%s): their predictions are extrapolations. Most unusual: ",
                places.size(), predictions.positions.size(), limit,
                limit == 1 ? ", which 1 % of structures like those of the training set exceed" : "") +
         names_of(places, predictions, data);
}

} // namespace

bool measures_novelty(const Configuration& configuration, const regression::Model& model) {
  const auto& wanted = configuration.predict.extrapolation;
  if ((wanted == "error" || wanted == "column") && model.novelty.empty())
    throw ConfigError("predict.extrapolation = " + wanted +
                          ": the model contains no data on novelty, because it was trained with an earlier "
                          "version or on fewer than 10 structures",
                      "predict.extrapolation");
  return wanted != "off" && !model.novelty.empty();
}

Json report_extrapolation(Session& session, const Predictions& predictions, const structure::DataSet& data) {
  if (predictions.novelty.empty())
    return nullptr;
  const auto& options = session.configuration().predict;
  const auto places = beyond(predictions, options.novelty_limit);
  if (!places.empty()) {
    const auto text = message(places, options.novelty_limit, predictions, data);
    if (options.extrapolation == "error")
      throw DataError(text);
    session.console().warn(text);
  }
  Json json{{"limit", options.novelty_limit},
            {"count", places.size()},
            {"largest", *std::max_element(predictions.novelty.begin(), predictions.novelty.end())},
            {"structures", Json::array()}};
  if (options.novelty_limit == 1)
    json["expected_share"] = 1 - regression::novelty_quantile;
  for (std::size_t i = 0; i < std::min(most_listed, places.size()); ++i)
    json["structures"].push_back(
        {{"index", predictions.positions[places[i]]}, {"novelty", predictions.novelty[places[i]]}});
  return json;
}

} // namespace soapstone::app
