// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/app/settings.hpp"

#include <string>
#include <vector>

namespace soapstone::app {

/// A key that was given, applies to the command, and changes nothing with what else is set.
struct IdleKey {
  Assignment given;
  std::string lack; ///< "without species.coupling = gaussian"
};

/// Where it is not certain before the run (a range, regression.solver = auto) a key is not idle.
std::vector<IdleKey> find_idle_keys(const Settings& settings);

/// "species.sigma-radius has no effect without species.coupling = gaussian (run.ini:5)" for every idle key.
std::vector<std::string> describe_idle_keys(const Settings& settings);

} // namespace soapstone::app
