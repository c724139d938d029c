// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/app/error_bars.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
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

/// Share of errors within the wide interval; nothing where it is not known.
std::optional<double> interval_coverage(std::span<const Pair> pairs) {
  if (pairs.empty() || std::isnan(pairs.front().interval))
    return std::nullopt;
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

CalibrationBin bin_of(std::span<const Pair> pairs) {
  double uncertainties = 0, squares = 0, errors = 0;
  for (const auto& pair : pairs) {
    uncertainties += pair.uncertainty * pair.uncertainty;
    squares += pair.error * pair.error;
    errors += pair.error;
  }
  const auto n = static_cast<double>(pairs.size());
  return {static_cast<std::int64_t>(pairs.size()),
          std::sqrt(uncertainties / n),
          std::sqrt(squares / n),
          errors / n,
          coverage(pairs, 1),
          interval_coverage(pairs)};
}

std::vector<CalibrationBin> bins_of(const std::vector<Pair>& pairs) {
  const auto n = pairs.size(), count = std::clamp<std::size_t>(n / least_in_bin, 1, most_bins);
  std::vector<CalibrationBin> bins;
  for (std::size_t bin = 0; bin < count; ++bin)
    bins.push_back(
        bin_of(std::span(pairs).subspan(n * bin / count, n * (bin + 1) / count - n * bin / count)));
  return bins;
}

} // namespace

std::optional<Calibration> calibration_of(std::span<const double> predicted,
                                          std::span<const double> reference,
                                          std::span<const double> uncertainty,
                                          std::span<const double> interval) {
  const auto pairs = known_pairs(predicted, reference, uncertainty, interval);
  if (pairs.empty())
    return std::nullopt;
  return Calibration{static_cast<std::int64_t>(pairs.size()),
                     coverage(pairs, 1),
                     coverage(pairs, 2),
                     interval_coverage(pairs),
                     mean_standardized(pairs),
                     rank_correlation(pairs),
                     bins_of(pairs)};
}

std::vector<std::optional<Calibration>> calibrations_of(const std::vector<std::vector<double>>& predicted,
                                                        const std::vector<std::vector<double>>& reference,
                                                        const ErrorBars& bars) {
  std::vector<std::optional<Calibration>> all;
  for (std::size_t t = 0; t < bars.uncertainties.size(); ++t) {
    const auto interval = bars.intervals.empty() ? std::span<const double>() : std::span(bars.intervals[t]);
    all.push_back(calibration_of(predicted[t], reference[t], bars.uncertainties[t], interval));
  }
  return all;
}

} // namespace soapstone::app
