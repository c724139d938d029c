// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/options/options.hpp"

#include <span>
#include <string>
#include <string_view>

namespace soapstone::cli {

/// A set of commands: bit i stands for the i-th of them.
using CommandSet = unsigned;

/// The set that holds one command.
constexpr CommandSet only(options::Command command) {
  return 1U << static_cast<unsigned>(command);
}

namespace sets {
inline constexpr CommandSet train = only(options::Command::train), predict = only(options::Command::predict),
                            evaluate = only(options::Command::evaluate),
                            learning_curve = only(options::Command::learning_curve),
                            search = only(options::Command::search),
                            optimize = only(options::Command::optimize),
                            kernel = only(options::Command::kernel),
                            features = only(options::Command::features), plan = only(options::Command::plan),
                            inspect = only(options::Command::inspect);
inline constexpr CommandSet none = 0, all = (1U << 10) - 1;
inline constexpr CommandSet reading = all & ~inspect; ///< those that read structures
inline constexpr CommandSet fitting = reading & ~(predict | kernel | features); ///< those that fit a model
inline constexpr CommandSet describing = reading & ~predict;                  ///< those that choose features
inline constexpr CommandSet validating = evaluate | search | optimize | plan; ///< those that make folds
} // namespace sets

/// One row of the table from which --help, completions, the manual page and names of files come.
struct CommandInfo {
  options::Command command = options::Command::train;
  std::string_view summary;
  std::string_view example;        ///< arguments after "soapstone <name>"
  std::string_view default_output; ///< the file that is written where --output names none; empty: none is
  constexpr std::string_view name() const { return options::name_of(command); }
};

/// The commands in the order of the interface.
std::span<const CommandInfo> command_table();

/// The row of a command.
const CommandInfo& info_of(options::Command command);

/// The command of this name; throws ConfigError naming the nearest one.
options::Command command_named(const std::string& name);

/// "train, evaluate": the names in a set.
std::string command_names(CommandSet set);

} // namespace soapstone::cli
