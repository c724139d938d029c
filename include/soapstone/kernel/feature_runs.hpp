// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/structure/structure.hpp"

#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace soapstone::kernel {

/// The structures or atoms of one block of features: consecutive whole structures, or some atoms of a large
/// one.
struct FeatureRun {
  std::int64_t first = 0, count = 0; ///< structures
  structure::AtomRange atoms = {};   ///< of the structure `first`, if is_part()
  bool is_part() const { return atoms.count > 0; }
};

/// The limits by which structures are cut into runs.
struct RunLimits {
  std::int64_t structures = 64; ///< in a run
  /// Structures with more atoms are cut into equal parts. If there is one, no other run has more atoms
  /// either, so that ranks that take the runs in turn have about equal work.
  std::int64_t part = 512;
  std::int64_t atoms = 65536; ///< in a run, where no structure is cut
};

/// The limits for features that exist in full width until they are contracted. Structures stay whole; the
/// rows are enough for a matrix product at full speed, and few enough for the memory of full rows to stay
/// small.
inline constexpr RunLimits contracted_limits{64, std::numeric_limits<std::int64_t>::max(), 8192};

/// The limits for structures whose predictions are made at once. They are the same on any number of ranks, so
/// that products round alike.
inline constexpr RunLimits prediction_limits{64, RunLimits{}.part, 8192};

/// Cuts structures with these numbers of `atoms` into runs of `limits.structures` structures, or of fewer
/// where a structure or a run has too many atoms. The runs depend on the structures alone, not on ranks.
std::vector<FeatureRun> cut_runs(std::span<const std::int64_t> atoms, const RunLimits& limits);
/// Cuts these structures in the same way.
std::vector<FeatureRun> cut_runs(std::span<const structure::Structure> structures, const RunLimits& limits);

} // namespace soapstone::kernel
