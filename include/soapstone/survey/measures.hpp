// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/survey/fingerprint.hpp"

#include <span>

namespace soapstone::survey {

/// The measures of the geometry and the forces of one structure. They are numbers alone, so that those of a
/// million structures fit into memory. NaN means unknown.
struct Measures {
  std::uint64_t exact = 0; ///< exact_hash
  Fingerprint fingerprint{};
  double volume = 0; ///< Å³, of a cell that repeats in three directions; else 0
  /// The distance of the closest pair of atoms over the sum of their covalent radii, and in Å; NaN where
  /// there is no pair within fingerprint_cutoff.
  float closest_ratio, closest_distance;
  std::int32_t closest_first = -1, closest_second = -1;
  std::int32_t lone_atoms = 0; ///< atoms without a neighbour within fingerprint_cutoff
  std::int32_t unusable = 0;   ///< 1: atoms at the same place, or a cell with absurdly many images
  std::int32_t vacuum = 0;     ///< bit k: a gap of more than 8 Å along the periodic direction k
  std::int32_t fractional = 0; ///< 1: all coordinates from 0 to 1 in a cell far larger than that
  float net_force = 0;         ///< |Σ F| / N, unit of the file
  float mean_force = 0;        ///< Σ |F| / N
  float largest_force = 0;     ///< of one atom; infinite if one is not finite
  std::int32_t has_forces = 0;
};

/// Measures a structure. There is one force per atom, or none.
Measures measure(const structure::Structure& structure, std::span<const structure::Vec3> forces);

} // namespace soapstone::survey
