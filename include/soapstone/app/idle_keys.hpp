// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/app/settings.hpp"

#include <string>
#include <vector>

namespace soapstone::app {

/// "species.sigma-radius has no effect without species.coupling = gaussian (run.ini:5)" for every key that
/// was given, applies to the command, and changes nothing with what else is set. Where it is not certain
/// before the run (a range, regression.solver = auto) nothing is said.
std::vector<std::string> describe_idle_keys(const Settings& settings);

} // namespace soapstone::app
