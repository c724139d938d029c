// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/regression/baseline.hpp"

#include "soapstone/base/check.hpp"
#include "soapstone/base/error.hpp"
#include "soapstone/linalg/blas.hpp"
#include "soapstone/structure/compositions.hpp"
#include "soapstone/structure/elements.hpp"

#include <array>
#include <utility>

namespace soapstone::regression {

using structure::Structure;

namespace {

constexpr std::array<std::pair<BaselineKind, const char*>, 4> kind_names{
    {{BaselineKind::composition, "composition"},
     {BaselineKind::atoms, "atoms"},
     {BaselineKind::mean, "mean"},
     {BaselineKind::none, "none"}}};

double mean_per_atom(std::span<const Structure> structures, std::span<const double> energies) {
  expects(structures.size() == energies.size(), "one energy per structure");
  double sum = 0;
  for (std::size_t s = 0; s < structures.size(); ++s)
    sum += energies[s] / static_cast<double>(structures[s].size());
  return structures.empty() ? 0.0 : sum / static_cast<double>(structures.size());
}

std::map<int, std::size_t> columns_of_elements(std::span<const Structure> structures) {
  std::map<int, std::size_t> columns;
  for (const auto& structure : structures)
    for (const auto z : structure.species)
      columns.emplace(z, 0);
  std::size_t next = 0;
  for (auto& [z, column] : columns)
    column = next++;
  return columns;
}

} // namespace

Baseline Baseline::fit_composition(std::span<const Structure> structures, std::span<const double> energies) {
  const double mean = mean_per_atom(structures, energies);
  const auto columns = columns_of_elements(structures);
  const auto m = structures.size();
  const auto relations = structure::CompositionSpan(structures).relations();
  const auto rows = m + relations.size();
  std::vector<double> fractions(rows * columns.size(), 0.0), deviations(rows, 0.0);
  for (std::size_t s = 0; s < m; ++s) {
    const auto atoms = static_cast<double>(structures[s].size());
    deviations[s] = energies[s] / atoms - mean;
    for (const auto z : structures[s].species)
      fractions[s + rows * columns.at(z)] += 1.0 / atoms;
  }
  // The relations, which are exact, tell what the compositions do not determine. One more equation for each
  // of them sets that part of the solution to zero.
  for (std::size_t r = 0; r < relations.size(); ++r)
    for (const auto& [z, factor] : relations[r])
      fractions[m + r + rows * columns.at(z)] = factor;
  const auto solution =
      linalg::least_squares(static_cast<std::int64_t>(rows), static_cast<std::int64_t>(columns.size()),
                            std::move(fractions), std::move(deviations), 1e-15)
          .x;
  std::map<int, double> elements;
  for (const auto& [z, column] : columns)
    elements[z] = mean + solution[column];
  return restore(BaselineKind::composition, std::move(elements), mean);
}

Baseline Baseline::fit_mean(std::span<const Structure> structures, std::span<const double> energies) {
  return restore(BaselineKind::mean, {}, mean_per_atom(structures, energies));
}

Baseline Baseline::from_atoms(std::map<int, double> energies) {
  return restore(BaselineKind::atoms, std::move(energies), 0.0);
}

Baseline Baseline::restore(BaselineKind kind, std::map<int, double> elements, double default_energy) {
  Baseline baseline;
  baseline.kind_ = kind;
  baseline.elements_ = std::move(elements);
  baseline.default_ = default_energy;
  return baseline;
}

double Baseline::energy_of(int element) const {
  const auto found = elements_.find(element);
  if (found == elements_.end() && kind_ == BaselineKind::atoms)
    throw DataError("no atomic energy given for element " + std::string(structure::element_symbol(element)) +
                    ": add it to `atom_energies`");
  return found == elements_.end() ? default_ : found->second;
}

bool Baseline::is_guess(int element) const {
  return kind_ == BaselineKind::composition && !elements_.contains(element);
}

double Baseline::energy(const Structure& structure) const {
  double sum = 0;
  for (const auto z : structure.species)
    sum += energy_of(z);
  return sum;
}

std::string to_string(BaselineKind kind) {
  for (const auto& [value, name] : kind_names)
    if (value == kind)
      return name;
  throw InternalError("unnamed baseline");
}

BaselineKind baseline_kind(const std::string& name) {
  for (const auto& [value, known] : kind_names)
    if (name == known)
      return value;
  throw ConfigError("unknown baseline '" + name + "': use composition, atoms, mean or none", "baseline");
}

} // namespace soapstone::regression
