// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/base/error.hpp"
#include "soapstone/options/options.hpp"

#include <vector>

namespace soapstone::cli {

/// Every key that has a value, in the order of the table, as the type that the table says; a repeatable key
/// once with all of its values. Ranges of a search stay texts.
std::vector<options::EffectiveValue> effective_values(const options::Configuration& configuration);

/// Returns the error with the key of its parameter and the line of the file that gives the key. One that
/// knows its place, or whose key stands in no file, is the same.
ConfigError with_place(const ConfigError& error, const options::Configuration& configuration);

} // namespace soapstone::cli
