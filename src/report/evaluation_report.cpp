// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/report/evaluation_report.hpp"

#include "soapstone/base/text.hpp"
#include "soapstone/options/parameter_keys.hpp"

#include <cmath>
#include <nlohmann/json.hpp>

namespace soapstone::report {

using regression::ErrorSummary;

namespace {

bool leaves_one_out(const workflow::EvaluateResult& result) {
  return result.set.folds.count() == static_cast<std::int64_t>(result.set.data.size());
}

/// Standard deviation of the sample of folds (k - 1) of one of their errors.
double spread(std::vector<ErrorSummary> folds, double ErrorSummary::*error) {
  std::erase_if(folds, [](const auto& fold) { return fold.count == 0; });
  if (folds.size() < 2)
    return 0;
  double mean = 0, squares = 0;
  for (const auto& fold : folds)
    mean += fold.*error / static_cast<double>(folds.size());
  for (const auto& fold : folds)
    squares += (fold.*error - mean) * (fold.*error - mean);
  return std::sqrt(squares / static_cast<double>(folds.size() - 1));
}

Json errors_json(const ErrorSummary& errors) {
  if (errors.count == 0)
    return {{"mae", nullptr}, {"rmse", nullptr}, {"max_error", nullptr}, {"mae_per_structure", nullptr}};
  return {{"mae", errors.mae},
          {"rmse", errors.rmse},
          {"max_error", errors.max_error},
          {"mae_per_structure", errors.mae_per_structure}};
}

Json fold_details(const std::vector<ErrorSummary>& folds) {
  Json list = Json::array();
  for (const auto& fold : folds) {
    Json json{{"n", fold.count}};
    json.update(errors_json(fold));
    list.push_back(std::move(json));
  }
  return {
      {"spread", {{"mae", spread(folds, &ErrorSummary::mae)}, {"rmse", spread(folds, &ErrorSummary::rmse)}}},
      {"folds", std::move(list)}};
}

Json scanned_errors(const workflow::EvaluateResult& result, const workflow::RegularizationErrors& one,
                    std::size_t target) {
  auto json = errors_json(one.errors[target]);
  json["mae_std"] =
      leaves_one_out(result) ? Json(nullptr) : Json(spread(one.folds[target], &ErrorSummary::mae));
  return json;
}

} // namespace

Json cv_details(const workflow::EvaluateResult& result, const std::vector<std::string>& targets) {
  const auto& best = result.winner();
  Json json{{"regularization", best.regularization},
            {"lambda", best.lambda},
            {"method", regression::to_string(result.method)}};
  if (leaves_one_out(result))
    return json;
  json.update(fold_details(best.folds.front()));
  for (std::size_t t = 0; t < targets.size() && targets.size() > 1; ++t)
    json["fold_details"][targets[t]] = fold_details(best.folds[t]);
  return json;
}

Json regularization_json(const workflow::EvaluateResult& result, const std::vector<std::string>& targets) {
  Json list = Json::array();
  for (const auto& one : result.scanned) {
    Json json{{"regularization", one.regularization}, {"lambda", one.lambda}, {"unit", "eV"}};
    json["failure"] = one.failure.empty() ? Json(nullptr) : Json(options::with_keys(one.failure));
    if (one.failure.empty()) {
      json["backward_error"] = one.backward_error;
      json.update(scanned_errors(result, one, 0));
      for (std::size_t t = 0; t < targets.size() && targets.size() > 1; ++t)
        json["targets"][targets[t]] = scanned_errors(result, one, t);
    }
    list.push_back(std::move(json));
  }
  return list;
}

std::string regularization_table(const workflow::EvaluateResult& result,
                                 const std::vector<std::string>& targets) {
  std::string text = "target            regularization   MAE      +-       RMSE     MAE\n"
                     "                                   meV/atom meV/atom meV/atom eV/structure\n";
  for (std::size_t t = 0; t < targets.size(); ++t)
    for (std::size_t i = 0; i < result.scanned.size(); ++i) {
      const auto& one = result.scanned[i];
      text += format("%-17s %-14.4g ", targets[t].c_str(), one.regularization);
      if (!one.failure.empty()) {
        text += "  failed\n";
        continue;
      }
      const auto& errors = one.errors[t];
      const auto deviation = leaves_one_out(result)
                                 ? std::string("-")
                                 : format("%.3f", 1e3 * spread(one.folds[t], &ErrorSummary::mae));
      text += format("%10.3f %8s %8.3f %10.5f%s\n", errors.mae * 1e3, deviation.c_str(), errors.rmse * 1e3,
                     errors.mae_per_structure, i == result.best ? "  best" : "");
    }
  return text;
}

} // namespace soapstone::report
