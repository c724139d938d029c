// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/survey/survey.hpp"

#include "limits.hpp"

#include "soapstone/base/text.hpp"
#include "soapstone/base/units.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace soapstone::survey {

namespace {

constexpr double too_close = 0.6;              // of the sum of covalent radii; N≡N has 0.77
constexpr double equal_energies = 1e-6;        // eV per atom
constexpr double near_share = 0.3;             // of the deviation, by which near structures may differ
constexpr double least_near_difference = 0.01; // eV per atom

/// Collects frames for which `number` returns a number. It lists the first ones, or those with the smallest
/// or largest numbers.
enum class Listed { first, smallest, largest };
template <typename Number>
Cases cases(const Collection& data, Listed listed, const Number& number) {
  Cases found;
  for (std::size_t r = 0; r < data.records.size(); ++r) {
    const std::optional<double> value = number(data.records[r]);
    if (!value)
      continue;
    ++found.count;
    const std::pair<std::int64_t, double> entry{static_cast<std::int64_t>(r), *value};
    const auto before = [&](const auto& a, const auto& b) {
      return listed == Listed::first      ? a.first < b.first
             : listed == Listed::smallest ? a.second < b.second
                                          : a.second > b.second;
    };
    found.listed.insert(std::upper_bound(found.listed.begin(), found.listed.end(), entry, before), entry);
    if (found.listed.size() > most_listed)
      found.listed.pop_back();
  }
  return found;
}

std::optional<double> if_so(bool condition, double number) {
  return condition ? std::optional(number) : std::nullopt;
}

template <typename Number>
std::vector<double> numbers(const Collection& data, const Number& number) {
  std::vector<double> values;
  for (const auto& record : data.records)
    if (const double value = number(record); std::isfinite(value))
      values.push_back(value);
  return values;
}

Range range_of(const std::vector<double>& values) {
  Sample sample;
  for (const double value : values)
    sample.add(value);
  return sample.range();
}

std::vector<ElementCount> count_elements(const Collection& data) {
  std::map<int, ElementCount> counts;
  for (const auto& record : data.records)
    for (const auto& [z, atoms] :
         data.compositions.compositions()[static_cast<std::size_t>(record.composition)]) {
      auto& count = counts[z];
      count.z = z;
      ++count.structures;
      count.atoms += atoms;
    }
  std::vector<ElementCount> elements;
  elements.reserve(counts.size());
  for (const auto& [z, count] : counts)
    elements.push_back(count);
  return elements;
}

void count_frames(const Collection& data, GeometrySurvey& found) {
  found.frames = static_cast<std::int64_t>(data.records.size());
  found.compositions = static_cast<std::int64_t>(data.compositions.compositions().size());
  found.frames_of_path.assign(data.paths.size(), 0);
  for (const auto& record : data.records) {
    found.atoms += record.atoms;
    ++found.frames_of_path.at(static_cast<std::size_t>(record.source));
    ++(record.periodic == 7   ? found.periodic
       : record.periodic == 0 ? found.not_periodic
                              : found.partly_periodic);
  }
}

GeometrySurvey survey_geometry(const Collection& data) {
  GeometrySurvey found;
  count_frames(data, found);
  const auto sizes = numbers(data, [](const Record& r) { return static_cast<double>(r.atoms); });
  found.size = range_of(sizes);
  found.size_histogram =
      histogram(sizes, found.size.low - 0.5, found.size.high + 0.5,
                static_cast<std::size_t>(std::min(40.0, found.size.high - found.size.low + 1)));
  found.volume_per_atom = range_of(numbers(data, [](const Record& r) {
    return r.measures.volume > 0 ? r.measures.volume / r.atoms : std::numeric_limits<double>::quiet_NaN();
  }));
  found.elements = count_elements(data);
  const auto closest =
      numbers(data, [](const Record& r) { return static_cast<double>(r.measures.closest_ratio); });
  found.closest = range_of(closest);
  if (!closest.empty())
    found.closest_histogram = histogram(closest, std::min(0.5, found.closest.low),
                                        std::max(1.1, std::min(2.0, found.closest.high)), histogram_bins);
  found.too_close = cases(data, Listed::smallest, [](const Record& r) {
    return if_so(r.measures.closest_ratio < too_close, r.measures.closest_ratio);
  });
  found.unusable =
      cases(data, Listed::first, [](const Record& r) { return if_so(r.measures.unusable != 0, 0); });
  found.lone_atoms = cases(data, Listed::largest, [](const Record& r) {
    return if_so(r.atoms > 1 && r.measures.lone_atoms > 0, r.measures.lone_atoms);
  });
  found.free_atoms = cases(data, Listed::first, [&](const Record& r) {
    return if_so(is_free_atom(r),
                 data.compositions.compositions()[static_cast<std::size_t>(r.composition)].front().first);
  });
  found.vacuum = cases(data, Listed::first, [](const Record& r) {
    const int directions =
        (r.measures.vacuum & 1) + (r.measures.vacuum >> 1 & 1) + (r.measures.vacuum >> 2 & 1);
    return if_so(r.atoms > 1 && directions > 0, directions);
  });
  found.fractional =
      cases(data, Listed::first, [](const Record& r) { return if_so(r.measures.fractional != 0, 0); });
  return found;
}

ForceSurvey survey_forces(const Collection& data) {
  constexpr double least_net = 0.01, net_share = 1e-3, least_huge = 50, huge_share = 20;
  ForceSurvey found;
  const auto of = [&](auto member) {
    return numbers(data, [&](const Record& r) {
      return r.measures.has_forces != 0 ? static_cast<double>(r.measures.*member)
                                        : std::numeric_limits<double>::quiet_NaN();
    });
  };
  found.with = std::count_if(data.records.begin(), data.records.end(),
                             [](const Record& r) { return r.measures.has_forces != 0; });
  found.without = static_cast<std::int64_t>(data.records.size()) - found.with;
  if (found.with == 0)
    return found;
  auto largest = of(&Measures::largest_force);
  found.net = range_of(of(&Measures::net_force));
  found.mean = range_of(of(&Measures::mean_force));
  found.largest = range_of(largest);
  found.unbalanced = cases(data, Listed::largest, [](const Record& r) {
    const auto& m = r.measures;
    return if_so(m.has_forces != 0 && r.atoms > 1 && std::isfinite(m.largest_force) &&
                     m.net_force > least_net && m.net_force > net_share * m.mean_force,
                 m.net_force);
  });
  found.huge = cases(data, Listed::largest, [&](const Record& r) {
    const double force = r.measures.largest_force;
    return if_so(r.measures.has_forces != 0 && std::isfinite(force) && force > least_huge &&
                     force > huge_share * found.largest.median,
                 force);
  });
  found.not_finite = cases(data, Listed::first, [](const Record& r) {
    return if_so(r.measures.has_forces != 0 && !std::isfinite(r.measures.largest_force), 0);
  });
  found.absent =
      cases(data, Listed::first, [](const Record& r) { return if_so(r.measures.has_forces == 0, 0); });
  for (double& force : largest)
    force = std::log10(std::max(force, 1e-6));
  const auto logs = range_of(largest);
  found.histogram = histogram(largest, logs.low, logs.high, histogram_bins);
  return found;
}

PressureSurvey survey_pressure(const Collection& data) {
  PressureSurvey found;
  found.pressure = range_of(numbers(data, [](const Record& r) { return r.pressure; }));
  std::map<std::int32_t, std::int64_t> counts;
  for (const auto& record : data.records)
    if (std::isfinite(record.pressure))
      ++counts[record.composition];
  const auto commonest = std::max_element(counts.begin(), counts.end(),
                                          [](const auto& a, const auto& b) { return a.second < b.second; });
  if (commonest == counts.end())
    return found;
  double n = 0, x = 0, y = 0, xx = 0, yy = 0, xy = 0;
  for (const auto& record : data.records)
    if (record.composition == commonest->first && std::isfinite(record.pressure)) {
      const double volume = record.measures.volume / record.atoms;
      n += 1;
      x += volume;
      y += record.pressure;
      xx += volume * volume;
      yy += record.pressure * record.pressure;
      xy += volume * record.pressure;
    }
  const double spread_x = xx / n - x / n * (x / n), spread_y = yy / n - y / n * (y / n);
  found.pairs = commonest->second;
  if (spread_x > 1e-12 * xx / n && spread_y > 1e-12 * yy / n)
    found.correlation = (xy / n - x / n * (y / n)) / std::sqrt(spread_x * spread_y);
  return found;
}

/// Returns the unit that the frames state: NAME_unit or energy_unit with one value, or the end of the name.
std::string unit_of(const Collection& data, const std::vector<KeySummary>& keys) {
  for (const auto& name : {data.chosen.target + "_unit", std::string("energy_unit")})
    for (const auto& key : keys)
      if (!key.column && key.name == name && key.words.size() == 1)
        if (const auto unit = energy_unit_name(key.words.front().first); !unit.empty())
          return std::string(unit);
  const auto named = unit_in_name(data.chosen.target);
  return named.empty() ? "eV" : std::string(named);
}

} // namespace

Survey conclude(const Collection& data, const TargetReading& reading) {
  Survey survey;
  survey.keys = data.keys.summaries();
  survey.unit = reading.unit.value_or(unit_of(data, survey.keys));
  survey.per_atom = reading.per_atom.value_or(per_atom_in_name(data.chosen.target));
  survey.geometry = survey_geometry(data);
  survey.forces = survey_forces(data);
  survey.pressure = survey_pressure(data);
  const auto energies = energies_per_atom(data, energy_unit_in_ev(survey.unit), survey.per_atom);
  survey.energies = survey_energies(data, energies);
  survey.exact = exact_duplicates(data, energies, equal_energies);
  survey.near = near_duplicates(data, energies,
                                std::max(least_near_difference, near_share * survey.energies.deviation));
  return survey;
}

} // namespace soapstone::survey
