// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/structure/extxyz_columns.hpp"

#include <functional>

namespace soapstone::structure {

/// Appends the atom that `line` describes to the structure and the arrays of `frame`, which are those of
/// `layout`. Columns beyond the layout are ignored. Throws DataError at `here()` for an unknown element, a
/// symbol and an atomic number that differ, a coordinate that is not finite, a missing column or one that is
/// not of its type.
void read_atom_line(std::string_view line, const ColumnLayout& layout, Frame& frame,
                    const std::function<DataLocation()>& here);

} // namespace soapstone::structure
