// SPDX-License-Identifier: BSD-3-Clause
// Random structures and made-up features for them: the kernel room is tested without the SOAP room's
// numerics.
#pragma once

#include "soapstone/base/random.hpp"
#include "soapstone/kernel/feature_store.hpp"

#include <cmath>
#include <map>

namespace soapstone::kernel::testing {

inline constexpr int segment_count = 4;
inline constexpr std::array<int, segment_count> segment_widths{3, 5, 2, 7};

/// Returns a structure of so many atoms with one set of segments.
inline structure::Structure large_structure(std::int64_t atoms, std::uint8_t mask, std::uint64_t seed) {
  structure::Structure structure;
  CounterRandom random(seed);
  for (std::int64_t a = 0; a < atoms; ++a) {
    structure.species.push_back(mask);
    structure.positions.push_back({random.normal(), random.normal(), random.normal()});
  }
  return structure;
}

/// Structure s has 1 to 6 atoms, and as its "species" one of a few sets of segments.
inline std::vector<structure::Structure> fake_structures(std::int64_t count, std::uint64_t seed) {
  std::vector<structure::Structure> structures;
  CounterRandom random(seed);
  for (std::int64_t s = 0; s < count; ++s) {
    structure::Structure structure;
    const auto mask = static_cast<std::uint8_t>(1 + random.below((1U << segment_count) - 1));
    const auto atoms = 1 + random.below(6);
    for (std::uint64_t a = 0; a < atoms; ++a) {
      structure.species.push_back(mask);
      structure.positions.push_back({random.normal(), random.normal(), random.normal()});
    }
    structures.push_back(structure);
  }
  return structures;
}

/// Feature `column` of an atom: smooth, and different for every atom and column; zero outside the structure's
/// segments.
inline double fake_feature(const structure::Structure& structure, std::size_t atom, int segment, int column) {
  const auto& r = structure.positions[atom];
  return std::sin(r[0] * (1 + segment) + r[1] * column + r[2]) * 0.5;
}

inline features::FeatureBlock fake_features(std::span<const structure::Structure> structures) {
  std::map<int, features::FeatureGroup> groups;
  for (std::size_t s = 0; s < structures.size(); ++s) {
    const int mask = structures[s].species.front();
    auto& group = groups[mask];
    if (group.segments.empty())
      for (int segment = 0; segment < segment_count; ++segment)
        if ((mask >> segment & 1) != 0) {
          const auto width = segment_widths[static_cast<std::size_t>(segment)];
          group.segments.push_back({segment, width, group.width});
          group.width += width;
        }
    group.structures.push_back(static_cast<std::int32_t>(s));
    group.environments.push_back(static_cast<std::int32_t>(structures[s].size()));
    for (std::size_t a = 0; a < structures[s].size(); ++a)
      for (const auto& segment : group.segments)
        for (int c = 0; c < segment.width; ++c)
          group.values.push_back(fake_feature(structures[s], a, segment.id, c));
  }
  features::FeatureBlock block;
  block.structures = static_cast<std::int64_t>(structures.size());
  for (auto& [mask, group] : groups)
    block.groups.push_back(std::move(group));
  return block;
}

/// The average kernel by its definition: loops over atoms, segments and columns.
inline double brute_kernel(const structure::Structure& a, const structure::Structure& b, int zeta) {
  double sum = 0;
  for (std::size_t j = 0; j < a.size(); ++j)
    for (std::size_t k = 0; k < b.size(); ++k) {
      double dot = 0;
      for (int segment = 0; segment < segment_count; ++segment)
        if (((a.species.front() & b.species.front()) >> segment & 1) != 0)
          for (int c = 0; c < segment_widths[static_cast<std::size_t>(segment)]; ++c)
            dot += fake_feature(a, j, segment, c) * fake_feature(b, k, segment, c);
      sum += std::pow(dot, zeta);
    }
  return sum / static_cast<double>(a.size() * b.size());
}

} // namespace soapstone::kernel::testing
