// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/formats/frame.hpp"

#include <ostream>

namespace soapstone::formats {

/// Writes one frame as extended XYZ that ASE and this program read back to the last bit (shortest round-trip
/// decimals, values quoted where needed, Lattice and pbc where there is a cell).
void write_extxyz(std::ostream& out, const Frame& frame);

} // namespace soapstone::formats
