// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>
#include <string_view>

namespace soapstone::options {

/// Returns the key of a parameter of the libraries ("soap.cutoff" of "cutoff"); empty for other names.
std::string key_of(std::string_view parameter);

/// Returns the same of one kernel of several: "kernel.2.weight" of "weight" and 2.
std::string key_of(std::string_view parameter, int kernel);

/// Replaces the names of parameters, which messages of the libraries have in backquotes, with their keys.
std::string with_keys(std::string_view text);

} // namespace soapstone::options
