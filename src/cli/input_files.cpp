// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/cli/input_files.hpp"

#include "soapstone/base/error.hpp"
#include "soapstone/formats/many_files.hpp"

#include <filesystem>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include <sys/stat.h>

namespace soapstone::cli {

namespace fs = std::filesystem;

namespace {

/// The identity that all names of a file share: device and number there.
using Identity = std::pair<dev_t, ino_t>;

/// Returns that of a file; nothing of a terminal or a pipe, nor of what is not there.
std::optional<Identity> identity_of(const std::string& path) {
  struct stat found {};
  if (::stat(path.c_str(), &found) != 0 || !S_ISREG(found.st_mode))
    return std::nullopt;
  return Identity{found.st_dev, found.st_ino};
}

/// The files that are read for a path.
std::vector<std::string> files_of(const std::string& path) {
  std::error_code failure;
  if (!fs::is_directory(path, failure))
    return {path};
  try {
    return formats::frame_files_of(path);
  } catch (const IoError&) {
    return {}; // who reads says so
  }
}

/// A file and the path that was given for it.
struct Input {
  options::Assignment given;
  std::string file;
};

std::string describe(const Input& input) {
  return input.file == input.given.value ? input.file : input.file + " of " + input.given.value;
}

[[noreturn]] void refuse(const Input& input, const Input& before) {
  const auto& [key, value, source] = input.given;
  throw ConfigError(key + " = " + value + ": expected files that are not read already; " + describe(input) +
                        " is the same file as " + describe(before) + " (" + before.given.source + ")",
                    key, source);
}

} // namespace

void require_read_once(const options::Configuration& configuration) {
  std::map<std::pair<std::string, Identity>, Input> known; // by key and file
  for (const auto& given : configuration.effective) {
    if (given.key != "data.structures" && given.key != "against" && given.key != "file")
      continue;
    for (const auto& file : files_of(given.value))
      if (const auto identity = identity_of(file)) {
        const Input input{given, file};
        const auto [place, is_new] = known.try_emplace({given.key, *identity}, input);
        if (!is_new)
          refuse(input, place->second);
      }
  }
}

} // namespace soapstone::cli
