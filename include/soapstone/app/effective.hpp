// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/app/options.hpp"

#include <vector>

namespace soapstone::app {

/// Every key that has a value, in the order of the table, as the type that the table says; a repeatable key
/// once with all of its values. Ranges of a search stay texts.
std::vector<EffectiveValue> effective_values(const Configuration& configuration);

} // namespace soapstone::app
