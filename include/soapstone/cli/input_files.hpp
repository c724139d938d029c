// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/options/options.hpp"

namespace soapstone::cli {

/// No file of structures is read twice for one key, or its structures would be learnt and held out at once:
/// not under another name, by a link of either kind, or in a folder as well as beside it. Looks at the file
/// system; what is not there is left to who reads it. Throws ConfigError with the key and both names.
void require_read_once(const options::Configuration& configuration);

} // namespace soapstone::cli
