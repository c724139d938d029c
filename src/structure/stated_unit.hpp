// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/structure/data_set.hpp"

#include <string>

namespace soapstone::structure {

/// What a frame itself says of a target's unit, where that is not what it is read as, and the keys that would
/// make it agree; else empty. It says so by NAME_unit, for predicted_NAME too, or else, if the target has
/// "energy" in its name, by energy_unit. Units that data.target-unit does not know are not understood.
/// NAME_scope and energy_scope (total, per-atom) likewise.
std::string contradiction(const Frame& frame, const TargetSpec& target);

} // namespace soapstone::structure
