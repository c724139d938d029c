// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/structure/frame.hpp"

#include <functional>
#include <optional>

namespace soapstone::structure {

/// What the reserved keys of a comment line say.
struct ReservedValues {
  std::optional<std::array<Vec3, 3>> lattice;
  std::optional<std::array<bool, 3>> periodic;
  std::optional<std::string> properties;
};

/// Reads Lattice, pbc and Properties of `frame` and takes them out of its keys. In another case, as other
/// programs write them (PBC, lattice), they are the same keys where their value has the form; so are cell,
/// unit_cell, lattice_vectors, cell_vectors and box where there is no Lattice, and periodic where there is no
/// pbc, with a remark. Spellings of one key that contradict each other, and a value of Lattice or pbc itself
/// that has not the form, throw DataError at `here()`; what looks like one of them but is not read leaves a
/// remark and stays a key of the frame.
ReservedValues take_reserved(Frame& frame, const std::function<DataLocation()>& here);

} // namespace soapstone::structure
