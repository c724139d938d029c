// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/formats/frame.hpp"

#include <string>
#include <string_view>

namespace soapstone::survey {

/// The kind of value that a key of the comment line or a column seems to have, by its name and shape.
enum class Role { other, energy, forces, virial, stress, group, unit };

/// Returns "energy", "forces", ..., or an empty text for other.
std::string_view to_string(Role role);

/// Returns the role of a key whose value has so many numbers, 0 for text. A group is a word by which
/// structures are sorted (config_type, split, ...), a unit is a statement about another key (energy_unit).
Role role_of_key(std::string_view name, int numbers);
/// Returns the role of a column. Its type and number of columns are those in Properties.
Role role_of_column(std::string_view name, char type, int columns);

/// Returns whether the values of a group tell which structures are for training and which are held out.
bool is_split(std::string_view name);

/// Returns the unit of energies that ends a name, as data.target-unit spells it (E_scf_Ha: hartree), else
/// nothing.
std::string_view unit_in_name(std::string_view name);
/// Returns whether a name says that its values are per atom.
bool per_atom_in_name(std::string_view name);

/// Returns the key that is most likely the target: `wanted` if the frame has it, else the likeliest energy,
/// else nothing.
std::string likely_target(const formats::Frame& frame, const std::string& wanted);

/// Returns how many numbers, separated by blanks or commas, a value of a comment line has; 0 where there is
/// anything else.
int count_numbers(std::string_view value);

} // namespace soapstone::survey
