// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/app/unit_check.hpp"

#include "soapstone/base/error.hpp"
#include "soapstone/base/units.hpp"
#include "soapstone/structure/neighbour_list.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace soapstone::app {

namespace {

struct FreeAtom {
  int z;
  double hartree, tolerance;
};

constexpr FreeAtom free_atoms[] = {
    {1, -0.5, 0.4},       {5, -24.654, 0.03},   {6, -37.845, 0.03},   {7, -54.589, 0.03},
    {8, -75.067, 0.03},   {9, -99.734, 0.03},   {13, -242.346, 0.03}, {14, -289.359, 0.03},
    {15, -341.259, 0.03}, {16, -398.110, 0.03}, {17, -460.148, 0.03}, {18, -527.540, 0.03},
};

constexpr const char* units[] = {"eV", "hartree", "kcal/mol", "kJ/mol", "meV"};

/// Whether numbers are energies of atoms in a unit: two of them at least, and none that is not.
bool fits(const std::map<int, double>& numbers, const char* unit) {
  int known = 0;
  for (const auto& atom : free_atoms)
    if (const auto found = numbers.find(atom.z); found != numbers.end()) {
      const double expected = atom.hartree * hartree_in_ev / energy_unit_in_ev(unit);
      if (!(std::abs(found->second / expected - 1) <= atom.tolerance))
        return false;
      ++known;
    }
  return known >= 2;
}

constexpr std::size_t structures_looked_at = 50, most_atoms = 500;
constexpr double farthest = 2.3; // Å; of a hydrogen in bohr

/// Distance to the nearest neighbour of each atom, infinite beyond `farthest`.
std::vector<double> nearest_distances(const structure::Structure& structure) {
  std::vector<double> found(structure.size(), std::numeric_limits<double>::infinity());
  const auto neighbours = structure::find_neighbours(structure, farthest);
  for (std::size_t i = 0; i < found.size(); ++i)
    for (const auto& neighbour : neighbours.of(i))
      found[i] = std::min(found[i], neighbour.distance);
  return found;
}

double median(std::vector<double> values) {
  if (values.empty())
    return std::numeric_limits<double>::infinity();
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

} // namespace

std::string likely_unit(const std::map<int, double>& element_energies, const std::string& unit) {
  const double given_in = energy_unit_in_ev(unit);
  std::map<int, double> numbers;
  for (const auto& [z, energy] : element_energies)
    numbers[z] = energy / given_in;
  for (const auto* candidate : units)
    if (fits(numbers, candidate))
      return energy_unit_in_ev(candidate) == given_in ? "" : candidate;
  return "";
}

std::string likely_length_unit(std::span<const structure::Structure> structures) {
  std::vector<double> all, hydrogens;
  for (const auto& structure : structures.first(std::min(structures.size(), structures_looked_at))) {
    if (structure.size() > most_atoms)
      continue;
    const auto& species = structure.species;
    const bool organic = std::find(species.begin(), species.end(), 6) != species.end();
    try {
      const auto distances = nearest_distances(structure);
      all.insert(all.end(), distances.begin(), distances.end());
      for (std::size_t i = 0; organic && i < distances.size(); ++i)
        if (species[i] == 1)
          hydrogens.push_back(distances[i]);
    } catch (const DataError&) {
      continue; // told with its place when features are computed
    }
  }
  if (median(all) < 0.35)
    return "nm";
  const double bond = median(hydrogens);
  return bond > 1.7 && bond < farthest ? "bohr" : "";
}

} // namespace soapstone::app
