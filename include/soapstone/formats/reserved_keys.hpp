// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/formats/frame.hpp"

#include <functional>
#include <optional>

namespace soapstone::formats {

/// The values of the reserved keys of a comment line.
struct ReservedValues {
  std::optional<std::array<structure::Vec3, 3>> lattice;
  std::optional<std::array<bool, 3>> periodic;
  std::optional<std::string> properties;
};

/// Reads Lattice, pbc and Properties of `frame` and takes them out of its keys. The same names in another
/// case, as other programs write them (PBC, lattice), are the same keys if their value has the right form.
/// With a remark, so are cell, unit_cell, lattice_vectors, cell_vectors and box where there is no Lattice,
/// and periodic where there is no pbc. Throws DataError at `here()` if spellings of one key contradict each
/// other, or if the value of Lattice or pbc itself has a wrong form. A key that looks like one of them but is
/// not read leaves a remark and stays a key of the frame.
ReservedValues take_reserved(Frame& frame, const std::function<DataLocation()>& here);

} // namespace soapstone::formats
