// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/options/options.hpp"

#include <string>
#include <vector>

namespace soapstone::cli {

/// Holds what the command line asks for before any command runs.
struct Invocation {
  enum class Kind { run, help, version, cite, document } kind = Kind::run;
  std::string text; ///< for help, version, cite, document (completion, man page): what to print
  options::Configuration configuration; ///< for run
};

/// Reads a file as text; on a cluster rank 0 reads and broadcasts. Throws IoError.
using FileText = std::string (*)(const std::string& path);

/// Parses `soapstone <command> [--config FILE] [--section.key value | --section.key=value]...`. The command
/// line wins over the file, the file over the defaults. Throws ConfigError for an unknown command or key
/// (with the nearest known name and file:line), a value that does not parse or is out of range, a key given
/// twice in one place, or one that the command does not take.
Invocation parse_invocation(const std::vector<std::string>& arguments, FileText read_text);

/// Returns the same configuration with some keys changed (a point of a search). Throws ConfigError as
/// parse_invocation does.
options::Configuration with_values(const options::Configuration& base,
                                   const std::vector<options::Assignment>& changes);

} // namespace soapstone::cli
