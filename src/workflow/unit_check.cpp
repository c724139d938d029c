// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/workflow/unit_check.hpp"

#include "soapstone/base/error.hpp"
#include "soapstone/base/units.hpp"
#include "soapstone/structure/cell.hpp"
#include "soapstone/structure/element_properties.hpp"
#include "soapstone/structure/neighbour_list.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace soapstone::workflow {

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

/// Returns whether numbers are energies of atoms in a unit: two of them at least, and none that is not.
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

constexpr std::size_t structures_looked_at = 50, most_atoms_each = 500;
constexpr double farthest = 3.3; // Å; enough for the nearest neighbour of a hydrogen in bohr

/// The nearest neighbour of an atom.
struct Nearest {
  double distance = std::numeric_limits<double>::infinity(); ///< infinite beyond `farthest`
  int z = 0;
};

std::vector<Nearest> nearest_neighbours(const structure::Structure& structure) {
  std::vector<Nearest> found(structure.size());
  const auto neighbours = structure::find_neighbours(structure, farthest);
  for (std::size_t i = 0; i < found.size(); ++i)
    for (const auto& neighbour : neighbours.of(i))
      if (neighbour.distance < found[i].distance)
        found[i] = {neighbour.distance, structure.species[static_cast<std::size_t>(neighbour.atom)]};
  return found;
}

/// The length of a bond of hydrogen to a non-metal, Å (CRC Handbook of Chemistry and Physics). Distances from
/// hydrogen to a metal, or to hydrogen under pressure, in Å are as large as these lengths in bohr and
/// therefore prove nothing.
struct HydrogenBond {
  int z;
  double length;
};

constexpr HydrogenBond hydrogen_bonds[] = {{5, 1.19},  {6, 1.09},  {7, 1.01},  {8, 0.96},
                                           {9, 0.92},  {14, 1.48}, {15, 1.42}, {16, 1.34},
                                           {17, 1.27}, {34, 1.46}, {35, 1.41}, {53, 1.61}};

/// Returns the distance of a hydrogen to its nearest neighbour over the length of their bond. It is 1 if the
/// neighbour is not a non-metal, so that nothing can be told.
double stretch(const Nearest& nearest) {
  for (const auto& bond : hydrogen_bonds)
    if (bond.z == nearest.z)
      return nearest.distance / bond.length;
  return 1;
}

/// Returns the distance over the sum of the van der Waals radii. It is 0.3 to 0.6 for bonds, whatever the
/// elements.
double relative_distance(int z, const Nearest& nearest) {
  const auto radius = [](int element) { return structure::van_der_waals_radius(element).value_or(2.0); };
  return nearest.distance / (radius(z) + radius(nearest.z));
}

double median(std::vector<double> values) {
  if (values.empty())
    return std::numeric_limits<double>::infinity();
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

/// Calls use(z, nearest neighbour) for the atoms of some structures, each of which change() transforms first.
template <typename Change, typename Use>
void for_nearest(std::span<const structure::Structure> structures, const Change& change, const Use& use) {
  for (const auto& structure : structures.first(std::min(structures.size(), structures_looked_at))) {
    if (structure.size() > most_atoms_each)
      continue;
    try {
      const auto found = nearest_neighbours(change(structure));
      for (std::size_t i = 0; i < found.size(); ++i)
        use(structure.species[i], found[i]);
    } catch (const DataError&) {
      continue; // The computation of features reports this structure with its place.
    }
  }
}

/// Returns whether positions may be fractions of the cell. These may lie somewhat outside of the unit cube.
bool within_unit_cube(const structure::Structure& structure) {
  for (const auto& position : structure.positions)
    for (const double x : position)
      if (!(x > -1 && x < 1.5))
        return false;
  return true;
}

const structure::Structure& as_they_are(const structure::Structure& structure) {
  return structure;
}

structure::Structure multiplied_by_cell(structure::Structure structure) {
  for (auto& position : structure.positions) {
    structure::Vec3 cartesian{};
    for (std::size_t k = 0; k < 3; ++k)
      for (std::size_t axis = 0; axis < 3; ++axis)
        cartesian[axis] += position[k] * structure.cell.vectors[k][axis];
    position = cartesian;
  }
  return structure;
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
  std::vector<double> distances, relative, stretches;
  for_nearest(structures, as_they_are, [&](int z, const Nearest& nearest) {
    distances.push_back(nearest.distance);
    relative.push_back(relative_distance(z, nearest));
    if (z == 1 && std::isfinite(nearest.distance))
      stretches.push_back(stretch(nearest));
  });
  if (median(distances) < 0.35 || median(relative) < 0.1)
    return "nm";
  const double stretched = median(stretches);
  return stretched > 1.6 && stretched < 2.2 ? "bohr" : "";
}

bool likely_fractional(std::span<const structure::Structure> structures) {
  std::vector<double> as_read, multiplied;
  const auto collect = [&](std::vector<double>& values) {
    return [&values](int z, const Nearest& nearest) { values.push_back(relative_distance(z, nearest)); };
  };
  std::vector<structure::Structure> in_cells;
  for (const auto& structure : structures.first(std::min(structures.size(), structures_looked_at)))
    if (structure.size() > 1 && structure.cell.vectors != structure::Cell{}.vectors)
      in_cells.push_back(structure);
  if (in_cells.empty() || !std::all_of(in_cells.begin(), in_cells.end(), within_unit_cube))
    return false;
  for_nearest(in_cells, as_they_are, collect(as_read));
  for_nearest(in_cells, multiplied_by_cell, collect(multiplied));
  return median(as_read) < 0.22 && median(multiplied) > 0.25;
}

} // namespace soapstone::workflow
