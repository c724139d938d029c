// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/app/learning_curve_report.hpp"

#include "soapstone/base/text.hpp"

#include <cmath>
#include <limits>

namespace soapstone::app {

using regression::ErrorSummary;

namespace {

Json errors_json(const CurvePoint& point, std::size_t target) {
  const auto& repeats = point.errors[target];
  const auto mean = summarize_repeats(repeats);
  Json json{{"repeats", repeats.size()},
            {"mae_mean", mean.mae_mean},
            {"mae_std", mean.mae_std},
            {"rmse_mean", mean.rmse_mean},
            {"mae_per_structure_mean", mean.mae_per_structure_mean},
            {"unit", "eV"},
            {"values", Json::array()}};
  for (std::size_t r = 0; r < repeats.size(); ++r)
    json["values"].push_back({{"repeat", r + 1},
                              {"count", repeats[r].count},
                              {"left_out", point.left_out[r]},
                              {"mae", repeats[r].mae},
                              {"rmse", repeats[r].rmse},
                              {"max_error", repeats[r].max_error},
                              {"mae_per_structure", repeats[r].mae_per_structure}});
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
      text += format("%lld,%s,%zu,%.12g,%.12g,%.12g,%.12g", static_cast<long long>(point.n_train),
                     targets[t].c_str(), point.errors[t].size(), mean.mae_mean, mean.mae_std, mean.rmse_mean,
                     mean.mae_per_structure_mean);
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
      text += format("%-17s %-10lld %8.3f %8.3f %8.3f %10.5f\n", targets[t].c_str(),
                     static_cast<long long>(point.n_train), mean.mae_mean * 1e3, mean.mae_std * 1e3,
                     mean.rmse_mean * 1e3, mean.mae_per_structure_mean);
    }
  return text;
}

} // namespace soapstone::app
