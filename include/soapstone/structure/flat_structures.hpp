// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/structure/structure.hpp"

#include <span>
#include <vector>

namespace soapstone::structure {

/// Many structures as plain arrays, for messages and files. Structure s has atoms [offsets[s], offsets[s+1]).
struct FlatStructures {
  std::vector<std::int64_t> offsets;  ///< structures + 1
  std::vector<std::uint8_t> species;  ///< atoms
  std::vector<double> positions;      ///< atoms x 3, Å
  std::vector<double> cells;          ///< structures x 9, rows a, b, c, Å
  std::vector<std::uint8_t> periodic; ///< structures x 3, 0 or 1
};

/// Structures as plain arrays, for messages and files.
FlatStructures flatten(std::span<const Structure> structures);

/// The inverse of flatten. Throws DataError when the arrays do not belong together or hold numbers that no
/// structure can have.
std::vector<Structure> unflatten(const FlatStructures& flat);

} // namespace soapstone::structure
