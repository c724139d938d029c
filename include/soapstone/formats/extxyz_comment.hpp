// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/formats/frame.hpp"

#include <optional>

namespace soapstone::formats {

/// Splits the comment line of an extended XYZ frame into key=value by the rules of ASE (ase/io/extxyz.py,
/// key_val_str_to_dict): quotes
/// "..", '..', {..}, [..] that do not nest, a backslash takes the next character as it is, blanks around = do
/// not matter, a key alone has the value T, further = belong to the value, and anything goes otherwise: a
/// comment in prose is a list of keys. Two deviations: an empty quoted value ends there, where ASE would take
/// the next word for it; and a value of nested lists, [[1, 2], [3, 4]], is one value, with its brackets, as
/// the specification (github.com/libAtoms/extxyz) has it. `entries` is reused to spare allocations.
void parse_comment(std::string_view comment, std::vector<InfoEntry>& entries);

/// Returns the value without the word _JSON, which ASE puts before values without a simple form.
std::string_view without_json_mark(std::string_view value);

/// Reads a cell in Å: nine numbers, flat or as three lists, are the cell vectors one after the other; three
/// numbers are the lengths of orthogonal ones. Returns nothing for any other value.
std::optional<std::array<structure::Vec3, 3>> parse_lattice(std::string_view value);

/// Reads periodic directions: one or three of T, F, True, False, .true., .false., yes, no (any case) or
/// numbers, or three letters T and F in a word. Returns nothing for any other value.
std::optional<std::array<bool, 3>> parse_pbc(std::string_view value);

} // namespace soapstone::formats
