// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/app/finding.hpp"
#include "soapstone/survey/survey.hpp"

#include <string>
#include <vector>

namespace soapstone::app {

/// Returns what a careful colleague would point out, the most serious first. `wanted` is the target that was
/// asked for, `stopped` tells why the files were not read to their end, or is empty.
std::vector<Finding> find_oddities(const survey::Collection& data, const survey::Survey& survey,
                                   const std::string& wanted, const std::string& stopped);

} // namespace soapstone::app
