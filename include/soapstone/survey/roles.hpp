// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/structure/frame.hpp"

#include <string>
#include <string_view>

namespace soapstone::survey {

/// What a key of the comment line or a column seems to hold, by its name and shape.
enum class Role { other, energy, forces, virial, stress, group, unit };

/// "energy", "forces", ..., empty for other.
std::string_view to_string(Role role);

/// numbers: how many numbers the value has, 0 for text. group: a word by which structures are sorted
/// (config_type, split, ...); unit: a statement about another key (energy_unit).
Role role_of_key(std::string_view name, int numbers);
/// type, columns: as in Properties.
Role role_of_column(std::string_view name, char type, int columns);

/// Whether the values of a group say which structures are to be learnt and which held out.
bool is_split(std::string_view name);

/// The unit of energies that ends a name, as data.target-unit spells it (E_scf_Ha: hartree), else empty.
std::string_view unit_in_name(std::string_view name);
/// Whether a name says that its values are per atom.
bool per_atom_in_name(std::string_view name);

/// The key that is most likely what is to be learnt: `wanted` if the frame has it, else the likeliest energy;
/// empty: there is none.
std::string likely_target(const structure::Frame& frame, const std::string& wanted);

/// Numbers in a value of a comment line, separated by blanks or commas; 0 where there is anything else.
int count_numbers(std::string_view value);

} // namespace soapstone::survey
