// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/app/options.hpp"

#include <span>
#include <string>
#include <string_view>

namespace soapstone::app {

/// A set of commands: bit i stands for the i-th of them.
using CommandSet = unsigned;

/// The set that holds one command.
constexpr CommandSet only(Command command) {
  return 1U << static_cast<unsigned>(command);
}

namespace commands {
inline constexpr CommandSet train = only(Command::train), predict = only(Command::predict),
                            evaluate = only(Command::evaluate),
                            learning_curve = only(Command::learning_curve), search = only(Command::search),
                            optimize = only(Command::optimize), kernel = only(Command::kernel),
                            features = only(Command::features), plan = only(Command::plan),
                            inspect = only(Command::inspect);
inline constexpr CommandSet none = 0, all = (1U << 10) - 1;
inline constexpr CommandSet reading = all & ~inspect; ///< those that read structures
inline constexpr CommandSet fitting = reading & ~(predict | kernel | features); ///< those that fit a model
inline constexpr CommandSet describing = reading & ~predict;                  ///< those that choose features
inline constexpr CommandSet validating = evaluate | search | optimize | plan; ///< those that make folds
} // namespace commands

/// One row of the table from which --help, completions, the manual page and names of files come.
struct CommandInfo {
  Command command = Command::train;
  std::string_view summary;
  std::string_view example;        ///< arguments after "soapstone <name>"
  std::string_view default_output; ///< the file that is written where --output names none; empty: none is
  constexpr std::string_view name() const { return name_of(command); }
};

/// The commands in the order of the interface.
std::span<const CommandInfo> command_table();

/// The row of a command.
const CommandInfo& info_of(Command command);

/// The command of this name; throws ConfigError naming the nearest one.
Command command_named(const std::string& name);

/// "train, evaluate": the names in a set.
std::string command_names(CommandSet set);

} // namespace soapstone::app
