// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/structure/data_set.hpp"

namespace soapstone::structure {

/// What a frame itself says of a target's unit must be what it is read as. It says so by NAME_unit, for
/// predicted_NAME too, or else, if the target has "energy" in its name, by energy_unit. Units that
/// data.target-unit does not know are not understood, and pass. NAME_scope and energy_scope (total, per-atom)
/// likewise. Throws DataError with what contradicts and the keys that would make it agree.
void require_stated_unit(const Frame& frame, const TargetSpec& target);

} // namespace soapstone::structure
