// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "expect_config_error.hpp"
#include "soapstone/cli/configuration.hpp"

#include <map>
#include <string>
#include <vector>

// Configurations from words and from files that are strings.
namespace soapstone {

using Words = std::vector<std::string>;

inline std::map<std::string, std::string> files; // what read_file finds

inline std::string read_file(const std::string& path) {
  const auto file = files.find(path);
  if (file == files.end())
    throw IoError("cannot be opened", path);
  return file->second;
}

inline options::Configuration configure(const Words& words) {
  return cli::parse_invocation(words, read_file).configuration;
}

/// `train` on one file with these further words.
inline options::Configuration train(Words words) {
  words.insert(words.begin(), {"train", "--data.structures", "a.xyz"});
  return configure(words);
}

inline void refuses(const Words& words, const std::string& key, const std::string& where,
                    const Words& parts) {
  expect_config_error([&] { configure(words); }, key, where, parts);
}

} // namespace soapstone
