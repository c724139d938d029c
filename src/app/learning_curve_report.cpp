// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/app/learning_curve_report.hpp"

#include "soapstone/base/text.hpp"

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

namespace soapstone::app {

using regression::ErrorSummary;

namespace {

/// Where nothing could be predicted there are no errors, which is not to say that they are zero.
Json known(double value, std::int64_t count = 1) {
  return count > 0 && !std::isnan(value) ? Json(value) : Json(nullptr);
}

/// printf's format of one number, or `otherwise` as wide.
std::string known(const char* number, double value, const char* otherwise) {
  return std::isnan(value) ? otherwise : format(number, value);
}

Json errors_json(const CurvePoint& point, std::size_t target) {
  const auto& repeats = point.errors[target];
  const auto mean = summarize_repeats(repeats);
  Json json{{"repeats", repeats.size()},
            {"mae_mean", known(mean.mae_mean)},
            {"mae_std", known(mean.mae_std)},
            {"rmse_mean", known(mean.rmse_mean)},
            {"mae_per_structure_mean", known(mean.mae_per_structure_mean)},
            {"unit", "eV"},
            {"values", Json::array()}};
  for (std::size_t r = 0; r < repeats.size(); ++r)
    json["values"].push_back({{"repeat", r + 1},
                              {"count", repeats[r].count},
                              {"left_out", point.left_out[r]},
                              {"mae", known(repeats[r].mae, repeats[r].count)},
                              {"rmse", known(repeats[r].rmse, repeats[r].count)},
                              {"max_error", known(repeats[r].max_error, repeats[r].count)},
                              {"mae_per_structure", known(repeats[r].mae_per_structure, repeats[r].count)}});
  return json;
}

std::size_t repeats_of(const std::vector<CurvePoint>& points) {
  return points.empty() ? 0 : points.front().left_out.size();
}

} // namespace

CurveErrors summarize_repeats(const std::vector<ErrorSummary>& repeats) {
  CurveErrors mean;
  double count = 0;
  for (const auto& errors : repeats) {
    if (errors.count == 0)
      continue;
    ++count;
    mean.mae_mean += errors.mae;
    mean.rmse_mean += errors.rmse;
    mean.mae_per_structure_mean += errors.mae_per_structure;
  }
  if (count == 0) {
    constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
    return {unknown, unknown, unknown, unknown};
  }
  mean.mae_mean /= count;
  mean.rmse_mean /= count;
  mean.mae_per_structure_mean /= count;
  for (const auto& errors : repeats)
    if (errors.count > 0)
      mean.mae_std += (errors.mae - mean.mae_mean) * (errors.mae - mean.mae_mean);
  mean.mae_std = count > 1 ? std::sqrt(mean.mae_std / (count - 1)) : 0.0;
  return mean;
}

Json curve_json(const std::vector<CurvePoint>& points, const std::vector<std::string>& targets) {
  Json list = Json::array();
  for (const auto& point : points) {
    Json json{{"n_train", point.n_train}};
    json.update(errors_json(point, 0));
    for (std::size_t t = 0; t < targets.size() && targets.size() > 1; ++t)
      json["targets"][targets[t]] = errors_json(point, t);
    list.push_back(std::move(json));
  }
  return list;
}

std::string curve_csv(const std::vector<CurvePoint>& points, const std::vector<std::string>& targets) {
  std::string text = "n_train,target,repeats,mae_mean,mae_std,rmse_mean,mae_per_structure_mean";
  for (std::size_t r = 1; r <= repeats_of(points); ++r)
    text += format(",mae_%zu,rmse_%zu", r, r);
  text += "\n";
  for (const auto& point : points)
    for (std::size_t t = 0; t < targets.size(); ++t) {
      const auto mean = summarize_repeats(point.errors[t]);
      text += format("%lld,%s,%zu", static_cast<long long>(point.n_train), csv_field(targets[t]).c_str(),
                     point.errors[t].size());
      for (const double value : {mean.mae_mean, mean.mae_std, mean.rmse_mean, mean.mae_per_structure_mean})
        text += known(",%.12g", value, ",");
      for (const auto& errors : point.errors[t])
        text += errors.count > 0 ? format(",%.12g,%.12g", errors.mae, errors.rmse) : ",,";
      text += "\n";
    }
  return text;
}

std::string curve_table(const std::vector<CurvePoint>& points, const std::vector<std::string>& targets) {
  std::string text = format("test errors over %zu random split%s\n", repeats_of(points),
                            repeats_of(points) == 1 ? "" : "s") +
                     "target            n_train    MAE      +-       RMSE     MAE\n"
                     "                             meV/atom meV/atom meV/atom eV/structure\n";
  for (std::size_t t = 0; t < targets.size(); ++t)
    for (const auto& point : points) {
      const auto mean = summarize_repeats(point.errors[t]);
      text += format("%-17s %-10lld", targets[t].c_str(), static_cast<long long>(point.n_train));
      for (const double value : {mean.mae_mean, mean.mae_std, mean.rmse_mean})
        text += known(" %8.3f", value * 1e3, "        -");
      text += known(" %10.5f", mean.mae_per_structure_mean, "          -") + "\n";
    }
  return text;
}

} // namespace soapstone::app
