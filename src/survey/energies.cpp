// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/survey/energies.hpp"

#include "composition_fit.hpp"
#include "limits.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace soapstone::survey {

namespace {

constexpr double far = 10; // robust deviations
constexpr std::size_t order_bins = 120;

/// The energies beyond composition of some records, in the order of the records.
struct Rest {
  std::vector<std::int64_t> records;
  std::vector<double> values;
  double center = 0;
};

void fit(const Collection& data, std::span<const double> energies, Rest& rest, EnergySurvey& survey) {
  std::vector<bool> left_out(rest.records.size(), false);
  for (int round = 0; round < 4; ++round) {
    CompositionFit fit;
    for (std::size_t i = 0; i < rest.records.size(); ++i)
      if (!left_out[i]) {
        const auto r = static_cast<std::size_t>(rest.records[i]);
        fit.add(data.compositions.compositions()[static_cast<std::size_t>(data.records[r].composition)],
                1.0 / data.records[r].atoms, energies[r]);
      }
    fit.solve();
    survey.element_energies = fit.element_values();
    survey.rank = fit.rank();
    rest.values.clear();
    for (const auto record : rest.records) {
      const auto r = static_cast<std::size_t>(record);
      rest.values.push_back(
          energies[r] -
          fit.value(data.compositions.compositions()[static_cast<std::size_t>(data.records[r].composition)],
                    1.0 / data.records[r].atoms));
    }
    rest.center = median(rest.values);
    survey.deviation = robust_deviation(rest.values, rest.center);
    std::vector<bool> now(rest.records.size());
    for (std::size_t i = 0; i < now.size(); ++i)
      now[i] = std::abs(rest.values[i] - rest.center) > far * survey.deviation + 1e-9;
    if (now == left_out)
      break;
    left_out = std::move(now);
  }
}

void find_outliers(const Rest& rest, EnergySurvey& survey) {
  std::vector<std::size_t> order(rest.values.size());
  std::iota(order.begin(), order.end(), 0);
  const auto off = [&](std::size_t i) { return std::abs(rest.values[i] - rest.center); };
  const auto limit =
      far * survey.deviation + 1e-6; // 1 µeV: energies that differ by rounding alone have no outliers
  survey.outliers = std::count_if(order.begin(), order.end(), [&](std::size_t i) { return off(i) > limit; });
  const auto listed = std::min(most_listed, order.size());
  std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(listed), order.end(),
                    [&](std::size_t a, std::size_t b) { return off(a) != off(b) ? off(a) > off(b) : a < b; });
  for (std::size_t k = 0; k < listed; ++k) {
    const auto i = order[k];
    survey.worst.push_back(
        {rest.records[i], rest.values[i], survey.deviation > 0 ? off(i) / survey.deviation : 0});
  }
}

double correlation(std::span<const double> x, std::span<const double> y) {
  const auto n = static_cast<double>(x.size());
  double mean_x = 0, mean_y = 0, xx = 0, yy = 0, xy = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    mean_x += x[i] / n;
    mean_y += y[i] / n;
  }
  for (std::size_t i = 0; i < x.size(); ++i) {
    xx += (x[i] - mean_x) * (x[i] - mean_x);
    yy += (y[i] - mean_y) * (y[i] - mean_y);
    xy += (x[i] - mean_x) * (y[i] - mean_y);
  }
  return xx > 0 && yy > 0 ? xy / std::sqrt(xx * yy) : 0;
}

void measure_order(const Rest& rest, EnergySurvey& survey) {
  const auto n = rest.values.size();
  if (n < 2)
    return;
  std::vector<double> tame(rest.values), place(n); // without the weight of outliers
  for (double& value : tame)
    value = std::clamp(value, rest.center - 5 * survey.deviation, rest.center + 5 * survey.deviation);
  std::iota(place.begin(), place.end(), 0.0);
  survey.order_correlation = correlation(tame, place);
  survey.autocorrelation = correlation(std::span(tame).first(n - 1), std::span(tame).subspan(1));
  const auto count = std::min(order_bins, n);
  for (std::size_t b = 0; b < count; ++b) {
    const auto begin = rest.values.begin() + static_cast<std::ptrdiff_t>(n * b / count),
               end = rest.values.begin() + static_cast<std::ptrdiff_t>(n * (b + 1) / count);
    survey.order.push_back({rest.records[n * b / count], *std::min_element(begin, end), median({begin, end}),
                            *std::max_element(begin, end)});
  }
}

void look_for_gap(const Rest& rest, EnergySurvey& survey) {
  constexpr double share_of_range = 0.3, least_share = 0.02;
  const auto n = rest.values.size();
  if (n < 20)
    return;
  std::vector<std::size_t> order(n);
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), [&](auto a, auto b) { return rest.values[a] < rest.values[b]; });
  const auto edge = std::max<std::size_t>(2, static_cast<std::size_t>(least_share * static_cast<double>(n)));
  const auto at = [&](std::size_t i) { return rest.values[order[i]]; };
  std::size_t widest = edge;
  for (std::size_t i = edge; i + edge < n; ++i)
    if (at(i) - at(i - 1) > at(widest) - at(widest - 1))
      widest = i;
  const double range = at(n - edge) - at(edge - 1), gap = at(widest) - at(widest - 1);
  if (!(gap > share_of_range * range) || gap < 1e-3)
    return;
  survey.gap = gap;
  survey.below_gap = static_cast<std::int64_t>(widest);
  survey.above_gap = static_cast<std::int64_t>(n - widest);
  survey.gap_example_below = rest.records[order[widest - 1]];
  survey.gap_example_above = rest.records[order[widest]];
}

/// Returns the share of the variance of the numbers that a fit to n_z (total) or n_z / N explains.
double explained(const Collection& data, const Rest& rest, bool total) {
  CompositionFit fit;
  const auto numbers = [&](std::int64_t index) -> const Record& {
    return data.records[static_cast<std::size_t>(index)];
  };
  const auto composition = [&](const Record& record) -> const Composition& {
    return data.compositions.compositions()[static_cast<std::size_t>(record.composition)];
  };
  double mean = 0, variance = 0, left = 0;
  for (const auto i : rest.records) {
    fit.add(composition(numbers(i)), total ? 1 : 1.0 / numbers(i).atoms, numbers(i).target);
    mean += numbers(i).target / static_cast<double>(rest.records.size());
  }
  fit.solve();
  for (const auto i : rest.records) {
    const auto& record = numbers(i);
    const double error = record.target - fit.value(composition(record), total ? 1 : 1.0 / record.atoms);
    left += error * error;
    variance += (record.target - mean) * (record.target - mean);
  }
  return variance > 0 ? 1 - left / variance : 0;
}

void count(const Collection& data, std::span<const double> energies, Rest& rest, EnergySurvey& survey) {
  Sample total, per_atom;
  std::int32_t smallest = std::numeric_limits<std::int32_t>::max(), largest = 0;
  for (std::size_t r = 0; r < data.records.size(); ++r) {
    const auto& record = data.records[r];
    const auto index = static_cast<std::int64_t>(r);
    if (std::isinf(record.target)) {
      survey.first_not_finite = survey.not_finite++ == 0 ? index : survey.first_not_finite;
      continue;
    }
    if (std::isnan(record.target)) {
      survey.first_missing = survey.missing++ == 0 ? index : survey.first_missing;
      continue;
    }
    ++survey.known;
    total.add(energies[r] * record.atoms);
    per_atom.add(energies[r]);
    if (is_free_atom(record))
      continue;
    smallest = std::min(smallest, record.atoms);
    largest = std::max(largest, record.atoms);
    rest.records.push_back(index);
  }
  survey.total = total.range();
  survey.per_atom = per_atom.range();
  if (smallest < largest) {
    survey.explained_as_total = explained(data, rest, true);
    survey.explained_per_atom = explained(data, rest, false);
  }
}

} // namespace

std::vector<double> energies_per_atom(const Collection& data, double unit_in_ev, bool per_atom) {
  std::vector<double> energies;
  energies.reserve(data.records.size());
  for (const auto& record : data.records)
    energies.push_back(
        std::isfinite(record.target) ? record.target * unit_in_ev / (per_atom ? 1 : record.atoms) : unknown);
  return energies;
}

EnergySurvey survey_energies(const Collection& data, std::span<const double> energies) {
  EnergySurvey survey;
  Rest rest;
  count(data, energies, rest, survey);
  if (rest.records.empty())
    return survey;
  fit(data, energies, rest, survey);
  Sample beyond;
  for (const double value : rest.values)
    beyond.add(value);
  survey.beyond = beyond.range();
  find_outliers(rest, survey);
  measure_order(rest, survey);
  look_for_gap(rest, survey);
  const double reach = far * survey.deviation;
  survey.histogram = histogram(rest.values, std::max(survey.beyond.low, rest.center - reach),
                               std::min(survey.beyond.high, rest.center + reach), histogram_bins);
  return survey;
}

} // namespace soapstone::survey
