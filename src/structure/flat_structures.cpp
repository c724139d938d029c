// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/structure/flat_structures.hpp"

#include "soapstone/base/error.hpp"
#include "soapstone/structure/cell.hpp"
#include "soapstone/structure/elements.hpp"

#include <algorithm>
#include <cmath>

namespace soapstone::structure {

namespace {

void require(bool condition, const char* what) {
  if (!condition)
    throw DataError(std::string("stored structures are inconsistent: ") + what);
}

void check_shapes(const FlatStructures& flat) {
  require(!flat.offsets.empty() && flat.offsets.front() == 0, "the first offset is not 0");
  require(std::is_sorted(flat.offsets.begin(), flat.offsets.end()), "offsets decrease");
  const std::size_t structures = flat.offsets.size() - 1;
  require(static_cast<std::size_t>(flat.offsets.back()) == flat.species.size(),
          "offsets do not end at the last atom");
  require(flat.positions.size() == 3 * flat.species.size(), "positions are not three per atom");
  require(flat.cells.size() == 9 * structures, "cells are not nine numbers per structure");
  require(flat.periodic.size() == 3 * structures, "periodic flags are not three per structure");
}

void check_values(const FlatStructures& flat) {
  require(std::all_of(flat.species.begin(), flat.species.end(),
                      [](std::uint8_t z) { return z >= 1 && z <= max_atomic_number; }),
          "an atomic number is not 1 to 118");
  require(
      std::all_of(flat.positions.begin(), flat.positions.end(), [](double x) { return std::isfinite(x); }),
      "a coordinate is not finite");
  require(std::all_of(flat.periodic.begin(), flat.periodic.end(), [](std::uint8_t p) { return p <= 1; }),
          "a periodic flag is neither 0 nor 1");
}

Structure structure_at(const FlatStructures& flat, std::size_t s) {
  Structure structure;
  const auto begin = static_cast<std::size_t>(flat.offsets[s]),
             end = static_cast<std::size_t>(flat.offsets[s + 1]);
  structure.species.assign(flat.species.begin() + flat.offsets[s],
                           flat.species.begin() + flat.offsets[s + 1]);
  structure.positions.reserve(end - begin);
  for (std::size_t i = begin; i < end; ++i)
    structure.positions.push_back(
        {flat.positions[3 * i], flat.positions[3 * i + 1], flat.positions[3 * i + 2]});
  for (std::size_t k = 0; k < 3; ++k) {
    structure.cell.periodic[k] = flat.periodic[3 * s + k] != 0;
    for (std::size_t x = 0; x < 3; ++x)
      structure.cell.vectors[k][x] = flat.cells[9 * s + 3 * k + x];
  }
  const auto defect = cell_defect(structure.cell);
  require(defect.empty(), defect.c_str());
  return structure;
}

} // namespace

FlatStructures flatten(std::span<const Structure> structures) {
  FlatStructures flat;
  flat.offsets.push_back(0);
  for (const Structure& structure : structures) {
    flat.species.insert(flat.species.end(), structure.species.begin(), structure.species.end());
    for (const Vec3& position : structure.positions)
      flat.positions.insert(flat.positions.end(), position.begin(), position.end());
    for (const Vec3& vector : structure.cell.vectors)
      flat.cells.insert(flat.cells.end(), vector.begin(), vector.end());
    for (const bool repeats : structure.cell.periodic)
      flat.periodic.push_back(repeats ? 1 : 0);
    flat.offsets.push_back(static_cast<std::int64_t>(flat.species.size()));
  }
  return flat;
}

std::vector<Structure> unflatten(const FlatStructures& flat) {
  check_shapes(flat);
  check_values(flat);
  std::vector<Structure> structures;
  structures.reserve(flat.offsets.size() - 1);
  for (std::size_t s = 0; s + 1 < flat.offsets.size(); ++s)
    structures.push_back(structure_at(flat, s));
  return structures;
}

} // namespace soapstone::structure
