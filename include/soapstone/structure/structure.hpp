// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/structure/origin.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace soapstone::structure {

using Vec3 = std::array<double, 3>; ///< x, y, z

/// Cell vectors as rows (a, b, c), Å, and which of them repeat. All zero and not periodic: no cell.
struct Cell {
  std::array<Vec3, 3> vectors{};
  std::array<bool, 3> periodic{};
  bool operator==(const Cell&) const = default;
};

/// Atoms in space: atomic numbers (1..118) and Cartesian positions in Å, one per atom. Where they were read
/// makes no difference to what they are: it is for messages.
struct Structure {
  std::vector<std::uint8_t> species;
  std::vector<Vec3> positions;
  Cell cell;
  Origin origin = {};
  std::size_t size() const noexcept { return species.size(); }
  bool operator==(const Structure& other) const {
    return species == other.species && positions == other.positions && cell == other.cell;
  }
};

/// Some consecutive atoms of a structure.
struct AtomRange {
  std::size_t first = 0, count = 0;
};

} // namespace soapstone::structure
