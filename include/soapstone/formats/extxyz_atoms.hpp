// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/formats/extxyz_columns.hpp"

#include <functional>

namespace soapstone::formats {

/// Appends the atom that `line` describes to the structure and the arrays of `frame`, which are those of
/// `layout`. Throws DataError at `here()` for an unknown element, a symbol and an atomic number that differ,
/// a coordinate that is not finite, and fewer columns than the layout has or, unless it is open, more. Other
/// columns may hold anything; text in double quotes (of type S) may have blanks.
void read_atom_line(std::string_view line, const ColumnLayout& layout, Frame& frame,
                    const std::function<DataLocation()>& here);

} // namespace soapstone::formats
