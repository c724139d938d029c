// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/report/extrapolation_json.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace soapstone::report {

Json extrapolation_json(const std::optional<workflow::Extrapolation>& found,
                        const workflow::Predictions& predictions) {
  constexpr std::size_t most_listed = 100;
  if (!found)
    return nullptr;
  Json json{{"limit", found->limit},
            {"count", found->places.size()},
            {"largest", found->largest},
            {"structures", Json::array()}};
  if (found->limit == 1)
    json["expected_share"] = 1 - regression::novelty_quantile;
  for (std::size_t i = 0; i < std::min(most_listed, found->places.size()); ++i) {
    const auto place = found->places[i];
    json["structures"].push_back(
        {{"index", predictions.positions[place]}, {"novelty", predictions.novelty[place]}});
  }
  return json;
}

} // namespace soapstone::report
