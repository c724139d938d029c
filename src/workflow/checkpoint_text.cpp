// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/workflow/checkpoint_text.hpp"

#include <limits>
#include <nlohmann/json.hpp>

namespace soapstone::workflow {

namespace {

using Json = nlohmann::ordered_json;

/// JSON has no NaN: it is written as null.
double number(const Json& value) {
  return value.is_null() ? std::numeric_limits<double>::quiet_NaN() : value.get<double>();
}

TargetIterations parse_target(const Json& one) {
  TargetIterations target{one.at("name"), one.at("converged"), one.at("residual").get<double>(), {}};
  for (const auto& record : one.at("history"))
    target.history.push_back(
        {record.at("iteration"), number(record.at("residual")), number(record.at("prediction_change"))});
  return target;
}

} // namespace

std::string to_text(const TrainingIdentity& identity) {
  return Json(identity).dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::optional<TrainingIdentity> parse_identity(const std::string& text) {
  try {
    return Json::parse(text).get<TrainingIdentity>();
  } catch (const Json::exception&) {
    return std::nullopt;
  }
}

std::string to_text(const std::vector<TargetIterations>& solved) {
  Json list = Json::array();
  for (const auto& target : solved) {
    Json history = Json::array();
    for (const auto& record : target.history)
      history.push_back({{"iteration", record.iteration},
                         {"residual", record.residual},
                         {"prediction_change", record.prediction_change}});
    list.push_back({{"name", target.name},
                    {"iterations", target.history.size()},
                    {"converged", target.converged},
                    {"residual", target.residual},
                    {"history", std::move(history)}});
  }
  return list.dump();
}

std::optional<std::vector<TargetIterations>> parse_iterations(const std::string& text) {
  try {
    const auto list = Json::parse(text);
    if (!list.is_array())
      return std::nullopt;
    std::vector<TargetIterations> solved;
    for (const auto& one : list)
      solved.push_back(parse_target(one));
    return solved;
  } catch (const Json::exception&) {
    return std::nullopt;
  }
}

} // namespace soapstone::workflow
