// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/options/assignment.hpp"

#include <string>
#include <vector>

namespace soapstone::cli {

/// The words of a command line, sorted but not yet looked up.
struct CommandLine {
  enum class Kind { run, help, version, cite, completion, man } kind = Kind::run;
  std::string command;                          ///< valid, or empty for help on the program
  std::string shell;                            ///< of completion, as given
  std::vector<options::Assignment> assignments; ///< source: "command line"; `--config` is among them
};

/// Takes apart `<command> [--section.key value | --section.key=value]... [FILE]`, without the program's name.
/// Values may start with a minus sign. `completion SHELL` and `man` are texts about the program as --help is,
/// no commands that run. Throws ConfigError for an unknown command or key, a missing value, or a word that
/// belongs to no key.
CommandLine parse_command_line(const std::vector<std::string>& arguments);

} // namespace soapstone::cli
