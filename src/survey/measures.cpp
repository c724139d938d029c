// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/survey/measures.hpp"

#include "soapstone/structure/cell.hpp"
#include "soapstone/structure/element_properties.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace soapstone::survey {

using structure::Structure;
using structure::Vec3;

namespace {

constexpr double shortest_vacuum = 8;  // Å
constexpr double unknown_radius = 1.5; // Å, past Cm
constexpr float nothing = std::numeric_limits<float>::quiet_NaN();

double radius_of(int z) {
  return structure::covalent_radius(z).value_or(unknown_radius);
}

void measure_contacts(const Structure& structure, const structure::NeighbourList& neighbours,
                      Measures& found) {
  double least = std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < structure.size(); ++i) {
    const double own = radius_of(structure.species[i]);
    const auto around = neighbours.of(i);
    found.lone_atoms += around.empty() ? 1 : 0;
    for (const auto& neighbour : around) {
      const auto j = static_cast<std::size_t>(neighbour.atom);
      if (j < i) // the pair was counted for atom j
        continue;
      const double ratio = neighbour.distance / (own + radius_of(structure.species[j]));
      if (!(ratio < least))
        continue;
      least = ratio;
      found.closest_ratio = static_cast<float>(ratio);
      found.closest_distance = static_cast<float>(neighbour.distance);
      found.closest_first = static_cast<std::int32_t>(i);
      found.closest_second = neighbour.atom;
    }
  }
}

double largest_gap(std::vector<double> fractions) {
  for (double& x : fractions)
    x -= std::floor(x);
  std::sort(fractions.begin(), fractions.end());
  double gap = fractions.front() + 1 - fractions.back();
  for (std::size_t i = 1; i < fractions.size(); ++i)
    gap = std::max(gap, fractions[i] - fractions[i - 1]);
  return gap;
}

void measure_cell(const Structure& structure, Measures& found) {
  const auto& cell = structure.cell;
  if (cell.periodic == std::array<bool, 3>{})
    return;
  const auto vectors = structure::completed_vectors(cell);
  if (cell.periodic == std::array<bool, 3>{true, true, true})
    found.volume = std::abs(structure::dot(vectors[0], structure::cross(vectors[1], vectors[2])));
  const auto reciprocal = structure::reciprocal_vectors(vectors);
  std::vector<double> fractions(structure.size());
  for (std::size_t k = 0; k < 3; ++k) {
    const double height = 1 / structure::norm(reciprocal[k]);
    if (!cell.periodic[k] || height < shortest_vacuum)
      continue;
    for (std::size_t i = 0; i < fractions.size(); ++i)
      fractions[i] = structure::dot(reciprocal[k], structure.positions[i]);
    if (largest_gap(fractions) * height > shortest_vacuum)
      found.vacuum |= 1 << k;
  }
}

bool looks_fractional(const Structure& structure) {
  constexpr double margin = 0.05, shortest_cell = 2.5; // Å
  if (structure.size() < 2)
    return false;
  for (std::size_t k = 0; k < 3; ++k)
    if (!structure.cell.periodic[k] || structure::norm(structure.cell.vectors[k]) < shortest_cell)
      return false;
  return std::all_of(structure.positions.begin(), structure.positions.end(), [](const Vec3& r) {
    return std::all_of(r.begin(), r.end(), [](double x) { return x > -margin && x < 1 + margin; });
  });
}

void measure_forces(std::span<const Vec3> forces, Measures& found) {
  Vec3 sum{};
  double norms = 0, largest = 0;
  for (const Vec3& force : forces) {
    const double norm = structure::norm(force);
    for (std::size_t k = 0; k < 3; ++k)
      sum[k] += force[k];
    norms += norm;
    largest = std::isfinite(norm) ? std::max(largest, norm) : std::numeric_limits<double>::infinity();
  }
  const auto atoms = static_cast<double>(forces.size());
  found.has_forces = 1;
  found.net_force = static_cast<float>(structure::norm(sum) / atoms);
  found.mean_force = static_cast<float>(norms / atoms);
  found.largest_force = static_cast<float>(largest);
}

} // namespace

Measures measure(const Structure& structure, std::span<const Vec3> forces) {
  Measures found{};
  found.closest_ratio = found.closest_distance = nothing;
  found.exact = exact_hash(structure);
  try {
    const auto neighbours = structure::find_neighbours(structure, fingerprint_cutoff);
    found.fingerprint = fingerprint(structure, neighbours);
    measure_contacts(structure, neighbours, found);
  } catch (const DataError&) { // Commands that need neighbours report the place.
    found.unusable = 1;
  }
  measure_cell(structure, found);
  found.fractional = looks_fractional(structure) ? 1 : 0;
  if (!forces.empty())
    measure_forces(forces, found);
  return found;
}

} // namespace soapstone::survey
