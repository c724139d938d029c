// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/options/assignment.hpp"

#include <string>
#include <vector>

namespace soapstone::cli {

/// Splits the text of a configuration file into assignments, in file order, each with "file:line" as its
/// source.
///
///     # a comment; so is anything after whitespace and # or ;
///     output = model.h5          keys before any section are the program's own options
///     [soap]
///     n-max = 8                  soap.n-max
///     [kernel.2.soap]
///     cutoff = 3                 kernel.2.soap.cutoff
///
/// A value in double quotes may hold # and ;. Keys are not looked up here. Throws ConfigError for a line that
/// is none of these.
std::vector<options::Assignment> parse_ini(const std::string& text, const std::string& file);

} // namespace soapstone::cli
