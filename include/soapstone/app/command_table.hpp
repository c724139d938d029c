// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace soapstone::app {

/// A set of commands: bit i stands for row i of command_table().
using CommandSet = unsigned;

namespace commands {
inline constexpr CommandSet train = 1U << 0, predict = 1U << 1, evaluate = 1U << 2, learning_curve = 1U << 3,
                            search = 1U << 4, optimize = 1U << 5, kernel = 1U << 6, features = 1U << 7,
                            plan = 1U << 8, inspect = 1U << 9;
inline constexpr CommandSet none = 0, all = (1U << 10) - 1;
inline constexpr CommandSet reading = all & ~inspect; ///< those that read structures
inline constexpr CommandSet fitting = reading & ~(predict | kernel | features); ///< those that fit a model
inline constexpr CommandSet describing = reading & ~predict;                  ///< those that choose features
inline constexpr CommandSet validating = evaluate | search | optimize | plan; ///< those that make folds
} // namespace commands

/// One row of the table from which --help, completions and the manual page come.
struct CommandInfo {
  std::string_view name, summary;
  std::string_view example; ///< arguments after "soapstone <name>"
};

/// The commands in the order of the interface.
std::span<const CommandInfo> command_table();

/// The set that holds the command called `name` alone; throws ConfigError naming the nearest command.
CommandSet command_named(const std::string& name);

/// "train, evaluate": the names in a set.
std::string command_names(CommandSet set);

} // namespace soapstone::app
