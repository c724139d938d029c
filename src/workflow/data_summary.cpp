// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/workflow/data_summary.hpp"

#include "soapstone/base/text.hpp"
#include "soapstone/structure/compositions.hpp"
#include "soapstone/structure/elements.hpp"
#include "soapstone/workflow/data_elements.hpp"
#include "soapstone/workflow/exact_copies.hpp"
#include "soapstone/workflow/target_baseline.hpp"
#include "soapstone/workflow/unit_check.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <set>

namespace soapstone::workflow {

namespace {

constexpr std::size_t most_elements = 8; // whose baseline energies are shown

struct Range {
  double low = INFINITY, high = -INFINITY, sum = 0;
  void add(double value) {
    low = std::min(low, value);
    high = std::max(high, value);
    sum += value;
  }
};

/// Returns "all periodic" or "3 of 8 periodic, 2 of them in fewer than three directions".
std::string describe_periodicity(std::span<const structure::Structure> structures) {
  std::size_t periodic = 0, partly = 0;
  for (const auto& structure : structures) {
    const auto directions = std::count(structure.cell.periodic.begin(), structure.cell.periodic.end(), true);
    periodic += directions > 0 ? 1 : 0;
    partly += directions == 1 || directions == 2 ? 1 : 0;
  }
  if (periodic == 0)
    return "none periodic";
  std::string text = periodic == structures.size()
                         ? "all periodic"
                         : format("%zu of %zu periodic", periodic, structures.size());
  if (partly == 0)
    return text;
  return text + (partly == periodic ? std::string(", in fewer than three directions")
                                    : format(", %zu of them in fewer than three directions", partly));
}

/// "composition (H -14.2, C -52.6 eV)".
std::string describe_baseline(const regression::Baseline& baseline) {
  std::string text = regression::to_string(baseline.kind()), energies;
  if (baseline.kind() == regression::BaselineKind::mean)
    energies = format("%.6g", baseline.default_energy());
  const auto& elements = baseline.element_energies();
  if (elements.size() <= most_elements)
    for (const auto& [z, energy] : elements)
      energies += (energies.empty() ? "" : ", ") + std::string(structure::element_symbol(z)) +
                  format(" %.6g", energy);
  return energies.empty() ? text : text + " (" + energies + " eV)";
}

/// Standard deviation, about their mean, of energies per atom less the baseline.
double left_over(std::span<const structure::Structure> structures, std::span<const double> energies,
                 const regression::Baseline& baseline) {
  std::vector<double> rest;
  double mean = 0, squares = 0;
  for (std::size_t s = 0; s < structures.size(); ++s) {
    rest.push_back((energies[s] - baseline.energy(structures[s])) /
                   static_cast<double>(structures[s].size()));
    mean += rest.back() / static_cast<double>(structures.size());
  }
  for (const double value : rest)
    squares += (value - mean) * (value - mean);
  return std::sqrt(squares / static_cast<double>(structures.size()));
}

/// Elements that are listed, for predictions to come, but that no structure has.
void warn_of_guesses(const Stages& stages, const std::vector<int>& channels,
                     const regression::Baseline& baseline) {
  if (const auto unseen = guessed_elements(channels, baseline); !unseen.empty())
    stages.warn(format("no training structure contains %s, which `elements` lists: there the baseline of "
                       "predictions is a guess, the mean energy per atom. `baseline` = atoms would know it",
                       element_list(unseen).c_str()));
}

/// Warns of elements whose energies the least-squares baseline can only guess.
void warn_of_deficiency(const Stages& stages, const structure::CompositionSpan& span) {
  if (!span.deficient())
    return;
  stages.warn(
      format("the energies of %s cannot be told apart: %s. The baseline is one of many possible choices "
             "(the one closest to the mean energy per atom), and predictions for other compositions "
             "may be wrong by as much as these energies. Add structures of other compositions or isolated "
             "atoms, or use `baseline` = atoms, or mean where elements have similar energies",
             element_list(structure::undetermined_elements(span)).c_str(),
             structure::describe_deficiency(span, "training structure").c_str()));
}

/// Returns the energies of the elements that the data determine.
std::map<int, double> determined_energies(const regression::Baseline& baseline,
                                          const structure::CompositionSpan& span) {
  auto energies = baseline.element_energies();
  if (baseline.kind() == regression::BaselineKind::composition)
    for (const int z : structure::undetermined_elements(span))
      energies.erase(z);
  return energies;
}

} // namespace

std::vector<int> guessed_elements(const std::vector<int>& elements, const regression::Baseline& baseline) {
  std::vector<int> guessed;
  std::copy_if(elements.begin(), elements.end(), std::back_inserter(guessed),
               [&](int z) { return baseline.is_guess(z); });
  return guessed;
}

std::string describe_sizes(std::span<const structure::Structure> structures) {
  Range sizes;
  std::set<int> elements;
  for (const auto& structure : structures) {
    sizes.add(static_cast<double>(structure.size()));
    elements.insert(structure.species.begin(), structure.species.end());
  }
  if (structures.empty())
    return "0 structures";
  const bool alike = sizes.low == sizes.high;
  return format("%zu structure%s of ", structures.size(), structures.size() == 1 ? "" : "s") +
         (alike ? format("%.0f", sizes.low) : format("%.0f to %.0f", sizes.low, sizes.high)) +
         format(" atoms (%.0f in all; %s; %s)", sizes.sum,
                element_list({elements.begin(), elements.end()}).c_str(),
                describe_periodicity(structures).c_str());
}

std::string describe_target(const std::string& key, std::span<const structure::Structure> structures,
                            std::span<const double> energies, const regression::Baseline& baseline) {
  Range whole, per_atom;
  for (std::size_t s = 0; s < structures.size(); ++s) {
    whole.add(energies[s]);
    per_atom.add(energies[s] / static_cast<double>(structures[s].size()));
  }
  return key +
         format(" %.3f to %.3f eV, %.3f to %.3f eV/atom; baseline ", whole.low, whole.high, per_atom.low,
                per_atom.high) +
         describe_baseline(baseline) +
         format(" leaves %.1f meV/atom", left_over(structures, energies, baseline) * 1e3);
}

void warn_of_copies(const Stages& stages, const formats::DataSet& data) {
  if (!stages.root())
    return;
  const auto copies = copies_within(data.structures);
  if (copies.count > 0)
    stages.warn(format("%zu of %zu structures have the same positions as another one: "
                       "cross-validation may train on one and "
                       "be tested with the other. The first: ",
                       copies.count, data.size()) +
                place_of(data, static_cast<std::int64_t>(copies.copy)) + ", like " +
                place_of(data, static_cast<std::int64_t>(copies.other)));
}

void describe_targets(const Stages& stages, const options::Configuration& configuration,
                      const formats::DataSet& data) {
  const structure::CompositionSpan span(data.structures);
  const auto finite = [](double energy) { return std::isfinite(energy); };
  for (std::size_t t = 0; t < data.targets.size() && data.size() > 0; ++t) {
    if (!std::all_of(data.targets[t].begin(), data.targets[t].end(), finite))
      continue; // plans need no energies
    const auto& target = configuration.data.targets.at(t);
    const auto baseline = make_baseline(configuration, data, t);
    if (t == 0) {
      warn_of_guesses(stages, channels_for(configuration, elements_of(data.structures)), baseline);
      if (baseline.kind() == regression::BaselineKind::composition)
        warn_of_deficiency(stages, span);
    }
    stages.line("  " + describe_target(target.key, data.structures, data.targets[t], baseline));
    if (const auto unit = likely_unit(determined_energies(baseline, span), target.unit); !unit.empty())
      stages.warn(format(
          "%s is read in %s, but the baseline energies of the elements agree with those of free atoms in "
          "%s: use --`target_unit` %s",
          target.key.c_str(), target.unit.c_str(), unit.c_str(), unit.c_str()));
  }
}

} // namespace soapstone::workflow
