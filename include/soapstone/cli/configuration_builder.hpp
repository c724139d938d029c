// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/cli/settings.hpp"
#include "soapstone/options/options.hpp"

namespace soapstone::cli {

/// Turns settings into typed options. Throws ConfigError for what only shows when keys meet: a required key
/// that is missing, a cutoff width above the cutoff, atoms as baseline without their energies, two outputs in
/// one file...
options::Configuration build_configuration(const Settings& settings);

} // namespace soapstone::cli
