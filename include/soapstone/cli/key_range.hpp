// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/cli/option_table.hpp"
#include "soapstone/options/assignment.hpp"

#include <string>
#include <vector>

namespace soapstone::cli {

/// The values that `lo:hi:n` (linear, both ends included), `lo:hi:logN` (logarithmic) or `a,b,c` stands for;
/// the text itself if it is none of these. Colons mean a range for numbers only. Throws ConfigError for a
/// range that makes no sense.
std::vector<std::string> expand_range(const options::Assignment& given, const Option& option);

} // namespace soapstone::cli
