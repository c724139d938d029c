// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/structure/frame.hpp"

#include <optional>

namespace soapstone::structure {

/// Splits the comment line of an extended XYZ frame into key=value by the rules of ASE (ase/io/extxyz.py,
/// key_val_str_to_dict): quotes
/// "..", '..', {..}, [..] that do not nest, a backslash takes the next character as it is, blanks around = do
/// not matter, a key alone has the value T, further = belong to the value, and anything goes otherwise: a
/// comment in prose is a list of keys. One deviation: an empty quoted value ends there, where ASE would take
/// the next word for it. `entries` is reused to spare allocations.
void parse_comment(std::string_view comment, std::vector<InfoEntry>& entries);

/// Nine numbers, separated by blanks or commas: the cell vectors one after the other, Å. Nothing where that
/// is not so.
std::optional<std::array<Vec3, 3>> parse_lattice(std::string_view value);

/// One or three of T, F, True, False (any case) or numbers; nothing where that is not so.
std::optional<std::array<bool, 3>> parse_pbc(std::string_view value);

} // namespace soapstone::structure
