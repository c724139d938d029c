// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/formats/frame.hpp"
#include "soapstone/formats/target_spec.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace soapstone::formats {

/// Returns whether `key` states the unit of `name`: NAME_unit, NAME-units, nameUnit and the like, in any
/// case.
bool states_unit_of(std::string_view key, std::string_view name);

/// Describes a unit that a frame states for a target and in which the target is not read, and the options
/// that would make them agree; empty if they agree. A unit is stated by NAME_unit (states_unit_of), for
/// predicted_NAME too, or else, if the target is an energy by its name, by energy_unit, or by unit or units
/// alone. The same holds for NAME_scope and energy_scope (total, per-atom).
std::string contradiction(const Frame& frame, const TargetSpec& target);

/// Adds remarks on units that a frame states: of lengths other than Å (length_unit, position_unit, units),
/// units that data.target-unit does not offer (Ry), and what is not understood.
void add_unit_remarks(Frame& frame, const std::vector<TargetSpec>& targets);

} // namespace soapstone::formats
