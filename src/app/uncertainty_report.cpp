// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/app/uncertainty_report.hpp"

#include "soapstone/base/text.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <numbers>
#include <numeric>

namespace soapstone::app {

namespace {

constexpr std::size_t most_bins = 10, least_in_bin = 10;

struct Pair {
  double error, uncertainty, interval; ///< |error|; NaN where the interval is not known
};

std::vector<Pair> known_pairs(std::span<const double> predicted, std::span<const double> reference,
                              std::span<const double> uncertainty, std::span<const double> interval) {
  const double unknown = std::numeric_limits<double>::quiet_NaN();
  std::vector<Pair> pairs;
  for (std::size_t s = 0; s < predicted.size(); ++s)
    if (!std::isnan(reference[s]))
      pairs.push_back(
          {std::abs(predicted[s] - reference[s]), uncertainty[s], interval.empty() ? unknown : interval[s]});
  std::stable_sort(pairs.begin(), pairs.end(),
                   [](const Pair& a, const Pair& b) { return a.uncertainty < b.uncertainty; });
  return pairs;
}

/// Share of errors of at most `factor` uncertainties.
double coverage(std::span<const Pair> pairs, double factor) {
  const auto within = std::count_if(pairs.begin(), pairs.end(), [factor](const Pair& pair) {
    return pair.error <= factor * pair.uncertainty;
  });
  return static_cast<double>(within) / static_cast<double>(pairs.size());
}

/// Share of errors within the wide interval; null where it is not known.
Json interval_coverage(std::span<const Pair> pairs) {
  if (pairs.empty() || std::isnan(pairs.front().interval))
    return nullptr;
  const auto within =
      std::count_if(pairs.begin(), pairs.end(), [](const Pair& pair) { return pair.error <= pair.interval; });
  return static_cast<double>(within) / static_cast<double>(pairs.size());
}

double mean_standardized(const std::vector<Pair>& pairs) {
  double sum = 0, count = 0;
  for (const auto& pair : pairs)
    if (pair.uncertainty > 0) {
      sum += pair.error / pair.uncertainty;
      ++count;
    }
  return count == 0 ? 0.0 : sum / count / std::sqrt(2 / std::numbers::pi);
}

/// Spearman's, of pairs that are sorted by uncertainty; ties in the order that they have.
double rank_correlation(const std::vector<Pair>& pairs) {
  std::vector<std::size_t> order(pairs.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return pairs[a].error < pairs[b].error; });
  const auto n = static_cast<double>(pairs.size());
  double squares = 0;
  for (std::size_t rank = 0; rank < order.size(); ++rank) {
    const double difference = static_cast<double>(rank) - static_cast<double>(order[rank]);
    squares += difference * difference;
  }
  return n < 2 ? 0.0 : 1 - 6 * squares / (n * (n * n - 1));
}

Json bin_json(std::span<const Pair> pairs) {
  double uncertainties = 0, squares = 0, errors = 0;
  for (const auto& pair : pairs) {
    uncertainties += pair.uncertainty * pair.uncertainty;
    squares += pair.error * pair.error;
    errors += pair.error;
  }
  const auto n = static_cast<double>(pairs.size());
  return {{"count", pairs.size()},
          {"uncertainty", std::sqrt(uncertainties / n)},
          {"within_one", coverage(pairs, 1)},
          {"within_interval_95", interval_coverage(pairs)},
          {"rmse", std::sqrt(squares / n)},
          {"mae", errors / n}};
}

Json bins_json(const std::vector<Pair>& pairs) {
  const auto n = pairs.size(), bins = std::clamp<std::size_t>(n / least_in_bin, 1, most_bins);
  Json json = Json::array();
  for (std::size_t bin = 0; bin < bins; ++bin)
    json.push_back(bin_json(std::span(pairs).subspan(n * bin / bins, n * (bin + 1) / bins - n * bin / bins)));
  return json;
}

} // namespace

Json calibration_json(std::span<const double> predicted, std::span<const double> reference,
                      std::span<const double> uncertainty, std::span<const double> interval) {
  const auto pairs = known_pairs(predicted, reference, uncertainty, interval);
  if (pairs.empty())
    return nullptr;
  return {{"unit", "eV"},
          {"count", pairs.size()},
          {"within_one", coverage(pairs, 1)},
          {"within_two", coverage(pairs, 2)},
          {"within_interval_95", interval_coverage(pairs)},
          {"mean_standardized", mean_standardized(pairs)},
          {"rank_correlation", rank_correlation(pairs)},
          {"bins", bins_json(pairs)}};
}

Json calibration_json(const std::vector<std::string>& names,
                      const std::vector<std::vector<double>>& predicted,
                      const std::vector<std::vector<double>>& reference, const ErrorBars& bars) {
  if (bars.uncertainties.empty())
    return nullptr;
  const auto of_target = [&](std::size_t t) {
    const auto interval = bars.intervals.empty() ? std::span<const double>() : std::span(bars.intervals[t]);
    return calibration_json(predicted[t], reference[t], bars.uncertainties[t], interval);
  };
  auto json = of_target(0);
  if (names.size() > 1 && !json.is_null())
    for (std::size_t t = 0; t < names.size(); ++t)
      json["targets"][names[t]] = of_target(t);
  return json;
}

std::string describe_calibration(const Json& calibration) {
  if (calibration.is_null())
    return {};
  const auto count = static_cast<long long>(calibration["count"].get<std::int64_t>());
  const double correlation = calibration["rank_correlation"].get<double>();
  const double one = 100 * calibration["within_one"].get<double>();
  if (calibration["within_interval_95"].is_null())
    return format("error bars: %.1f %% of %lld errors within one error bar, %.1f %% within two (normal "
                  "distribution: 68.3 and 95.4), rank correlation with the errors %.2f",
                  one, count, 100 * calibration["within_two"].get<double>(), correlation);
  return format("error bars: %.1f %% of %lld errors within one error bar (68.3 expected), %.1f %% within "
                "interval_95, rank correlation with the errors %.2f",
                one, count, 100 * calibration["within_interval_95"].get<double>(), correlation);
}

} // namespace soapstone::app
