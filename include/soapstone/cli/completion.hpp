// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/cli/option_table.hpp"

#include <string>
#include <vector>

namespace soapstone::cli {

/// `soapstone completion bash`: a script that makes bash complete commands, keys and values, for
/// share/bash-completion/completions/soapstone. It has all it needs from the tables of commands and options
/// and never starts the program. Works with bash 4 and newer, with or without the package bash-completion.
std::string bash_completion();

/// `soapstone completion zsh`: the function _soapstone for a folder of zsh's fpath.
std::string zsh_completion();

/// The script for a shell by its name. Throws ConfigError for any other than bash and zsh.
std::string completion_script(const std::string& shell);

/// Returns what a shell offers as value of an option: its words, or true and false of a boolean.
std::vector<std::string> offered_words(const Option& option);

/// The option's value is a path (maybe besides words).
bool takes_path(const Option& option);

/// Key as one types it for a first kernel of several: "kernel.1.weight" of the row "kernel.N.weight".
std::string typed_key(const Option& option);

/// Returns what follows "kernel.N." on the command line: "soap.cutoff", "zeta", "weight"; empty for other
/// keys.
std::string key_of_a_kernel(const Option& option);

} // namespace soapstone::cli
