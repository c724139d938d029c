// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/options/options.hpp"

#include <vector>

namespace soapstone::cli {

/// Every key that has a value, in the order of the table, as the type that the table says; a repeatable key
/// once with all of its values. Ranges of a search stay texts.
std::vector<options::EffectiveValue> effective_values(const options::Configuration& configuration);

} // namespace soapstone::cli
