// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/app/assignment.hpp"
#include "soapstone/app/option_table.hpp"

#include <string>
#include <vector>

namespace soapstone::app {

/// The values that `lo:hi:n` (linear, both ends included), `lo:hi:logN` (logarithmic) or `a,b,c` stands for;
/// the text itself if it is none of these. Colons mean a range for numbers only. Throws ConfigError for a
/// range that makes no sense.
std::vector<std::string> expand_range(const Assignment& given, const Option& option);

} // namespace soapstone::app
