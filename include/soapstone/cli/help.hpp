// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>

namespace soapstone::cli {

/// `soapstone --help`: what it is, the commands with one line each, where keys come from, exit codes.
std::string program_help();

/// `soapstone <command> --help`: the keys that the command takes, by section, with meaning and default.
/// Throws ConfigError for an unknown command.
std::string command_help(const std::string& command);

} // namespace soapstone::cli
