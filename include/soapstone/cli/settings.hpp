// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/cli/option_table.hpp"
#include "soapstone/options/assignment.hpp"
#include "soapstone/options/options.hpp"

#include <map>
#include <string>
#include <vector>

namespace soapstone::cli {

/// Holds what is set for one command: the defaults, over them the configuration file, over it the command
/// line.
class Settings {
public:
  enum class Layer {
    file,         ///< keys of other commands are let through, so that one file serves train and predict
    command_line, ///< keys of other commands are errors
    again         ///< keys that have been through a layer before
  };

  explicit Settings(const std::string& command);

  /// Lays assignments over what is there. Throws ConfigError for an unknown key, a key given twice (unless it
  /// is repeatable), a value that the key does not take, or on the command line a key that the command does
  /// not take.
  void add(const std::vector<options::Assignment>& assignments, Layer layer);

  const std::string& command() const noexcept { return command_; }
  CommandSet command_set() const noexcept { return set_; }

  /// Returns whether anything but the default is set.
  bool has(const std::string& name, int kernel = 0) const;
  /// The value of kernel.N.name (N = kernel) if set, else that of name, else the default (maybe empty). Of a
  /// range, the first value.
  options::Assignment get(std::string_view name, int kernel = 0) const;
  /// Returns what a range stands for, or the one value.
  std::vector<options::Assignment> scanned(std::string_view name) const;
  /// All values of a repeatable key, or the default if there is one.
  std::vector<options::Assignment> all(std::string_view name) const;
  /// The N of kernel.N.*, ascending.
  std::vector<int> kernels() const;
  /// Keys with several values (`search` only), by key.
  std::vector<options::KeyRange> ranges() const;
  /// Every key that the command takes and that has a value, in table order, kernel.N.* last.
  std::vector<options::Assignment> effective() const;

private:
  struct Entry {
    const Option* option = nullptr;
    std::vector<options::Assignment> given;
    std::vector<std::string> values; ///< what a range stands for
  };
  using EntryKey = std::pair<int, std::string>; ///< kernel number, whole key: kernels in numerical order
  void insert(std::map<EntryKey, Entry>& entries, const options::Assignment& given, Layer layer) const;
  const Entry* find(std::string_view name, int kernel) const;

  std::string command_;
  CommandSet set_;
  std::map<EntryKey, Entry> entries_;
};

} // namespace soapstone::cli
