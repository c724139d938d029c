// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/survey/records.hpp"

#include <span>

namespace soapstone::survey {

/// The numbers of the records of two structures that are alike.
struct Pair {
  std::int64_t first = 0, second = 0;
  double difference = 0; ///< of the energies, eV per atom; NaN where one of them has none
};

/// Structures that are alike. Lists hold the first ten, or the ten that differ most.
struct Duplicates {
  std::int64_t frames = 0; ///< frames that are like an earlier one
  std::int64_t pairs = 0;  ///< of a frame with the first one (exact) or every other one (near) like it
  std::vector<Pair> first;
  std::int64_t across_files = 0, across_splits = 0; ///< pairs
  std::vector<Pair> crossing;
  std::int64_t contradictions = 0; ///< pairs whose energies differ by more than allowed
  std::vector<Pair> contradicting;
  bool complete = true; ///< false: so many are alike that not all pairs were looked at
};

/// Finds structures with equal species, positions and cells, whatever the order of the atoms. `energies` are
/// in eV per atom, NaN where there is none. Energies that differ by at most `allowed` (eV per atom) count as
/// equal.
Duplicates exact_duplicates(const Collection& data, std::span<const double> energies, double allowed);

/// Finds structures of one composition and periodicity that are not equal, but whose fingerprints agree to
/// near_tolerance() in every number: moved or rotated copies, or copies with atoms displaced by a few
/// ten-thousandths of an Å. Free atoms, which all are alike, are left out. Takes time in proportion to n log
/// n: fingerprints are sorted into cells of that size along the three numbers in which they differ most.
Duplicates near_duplicates(const Collection& data, std::span<const double> energies, double allowed);

} // namespace soapstone::survey
