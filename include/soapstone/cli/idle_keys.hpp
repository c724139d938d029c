// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/cli/settings.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace soapstone::cli {

/// A key that changes nothing with what else is set.
struct IdleKey {
  options::Assignment key;
  std::string_view lack; ///< "without species.coupling = gaussian"
};

/// All of them that apply to the command, given or by default. Where it is not certain before the run (a
/// range, regression.solver = auto) a key is none of them.
std::vector<IdleKey> idle_keys(const Settings& settings);

/// "species.sigma-radius has no effect without species.coupling = gaussian (run.ini:5)" for every one
/// that was given.
std::vector<std::string> describe_idle_keys(const Settings& settings);

} // namespace soapstone::cli
