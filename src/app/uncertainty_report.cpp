// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/app/uncertainty_report.hpp"

#include "soapstone/base/text.hpp"

#include <nlohmann/json.hpp>

namespace soapstone::app {

namespace {

Json or_null(const std::optional<double>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json bin_json(const CalibrationBin& bin) {
  return {{"count", bin.count},
          {"uncertainty", bin.uncertainty},
          {"within_one", bin.within_one},
          {"within_interval_95", or_null(bin.within_interval)},
          {"rmse", bin.rmse},
          {"mae", bin.mae}};
}

Json target_json(const std::optional<Calibration>& calibration) {
  if (!calibration)
    return nullptr;
  Json bins = Json::array();
  for (const auto& bin : calibration->bins)
    bins.push_back(bin_json(bin));
  return {{"unit", "eV"},
          {"count", calibration->count},
          {"within_one", calibration->within_one},
          {"within_two", calibration->within_two},
          {"within_interval_95", or_null(calibration->within_interval)},
          {"mean_standardized", calibration->mean_standardized},
          {"rank_correlation", calibration->rank_correlation},
          {"bins", std::move(bins)}};
}

} // namespace

Json calibration_json(const std::vector<std::string>& names,
                      const std::vector<std::optional<Calibration>>& calibrations) {
  if (calibrations.empty())
    return nullptr;
  auto json = target_json(calibrations.front());
  if (names.size() > 1 && !json.is_null())
    for (std::size_t t = 0; t < names.size(); ++t)
      json["targets"][names[t]] = target_json(calibrations[t]);
  return json;
}

std::string describe_calibration(const Calibration& calibration) {
  const auto count = static_cast<long long>(calibration.count);
  const double one = 100 * calibration.within_one;
  if (!calibration.within_interval)
    return format("error bars: %.1f %% of %lld errors within one error bar, %.1f %% within two (normal "
                  "distribution: 68.3 and 95.4), rank correlation with the errors %.2f",
                  one, count, 100 * calibration.within_two, calibration.rank_correlation);
  return format("error bars: %.1f %% of %lld errors within one error bar (68.3 expected), %.1f %% within "
                "interval_95, rank correlation with the errors %.2f",
                one, count, 100 * *calibration.within_interval, calibration.rank_correlation);
}

} // namespace soapstone::app
