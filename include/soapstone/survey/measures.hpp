// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/survey/fingerprint.hpp"

#include <span>

namespace soapstone::survey {

/// What is kept of the geometry and the forces of one structure: numbers alone, so that a million of them
/// fit. NaN: unknown.
struct Measures {
  std::uint64_t exact = 0; ///< exact_hash
  Fingerprint fingerprint{};
  double volume = 0; ///< Å³, of a cell that repeats in three directions; else 0
  /// The pair of atoms that are closest measured by the sum of their covalent radii, and their distance, Å;
  /// NaN where there is none within fingerprint_cutoff.
  float closest_ratio, closest_distance;
  std::int32_t closest_first = -1, closest_second = -1;
  std::int32_t lone_atoms = 0; ///< without a neighbour within fingerprint_cutoff
  std::int32_t unusable = 0;   ///< 1: atoms at the same place, or a cell with absurdly many images
  std::int32_t vacuum = 0;     ///< bit k: a gap of more than 8 Å along the periodic direction k
  std::int32_t fractional = 0; ///< 1: all coordinates from 0 to 1 in a cell far larger than that
  float net_force = 0;         ///< |Σ F| / N, unit of the file
  float mean_force = 0;        ///< Σ |F| / N
  float largest_force = 0;     ///< of one atom; infinite if one is not finite
  std::int32_t has_forces = 0;
};

/// Measures a structure. forces: one per atom, or none.
Measures measure(const structure::Structure& structure, std::span<const structure::Vec3> forces);

} // namespace soapstone::survey
