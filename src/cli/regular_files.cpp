// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/cli/regular_files.hpp"
#include "soapstone/cli/command_table.hpp"

#include "soapstone/base/error.hpp"
#include "soapstone/cli/run_files.hpp"
#include "soapstone/options/output_names.hpp"

#include <filesystem>

namespace soapstone::cli {

namespace fs = std::filesystem;

namespace {

/// One that is yet to be made passes; what else stands in its way is told where it is opened.
void require_regular(const std::string& key, const std::string& path, const std::string& why) {
  std::error_code unknown;
  const auto found = fs::status(path, unknown);
  if (!fs::exists(found) || fs::is_regular_file(found))
    return;
  const std::string kind = fs::is_directory(found) ? "folder" : fs::is_fifo(found) ? "pipe" : "device";
  throw IoError("is a " + kind + ", expected a regular file for " + key + why, path);
}

bool writes_hdf5(options::Command command) {
  return info_of(command).default_output.ends_with(".h5");
}

/// The contents of the coupling are among what a checkpoint remembers of its run.
bool reads_couplings_twice(const options::Configuration& configuration) {
  return configuration.command == options::Command::search ||
         configuration.command == options::Command::optimize || !configuration.checkpoint.file.empty();
}

std::string checkpoint_of(const options::Configuration& configuration) {
  if (configuration.command == options::Command::search)
    return options::search_checkpoint_file(configuration.search, output_file(configuration));
  if (configuration.command == options::Command::optimize)
    return options::optimize_checkpoint_file(configuration.search, output_file(configuration));
  return configuration.checkpoint.file;
}

} // namespace

void require_regular_files(const options::Configuration& configuration) {
  for (const auto& given : configuration.effective) {
    std::error_code unknown;
    if (given.key == "model" || (given.key == "file" && !fs::is_directory(given.value, unknown)))
      require_regular(given.key, given.value, ""); // structures may be in a folder
    if (given.key.ends_with("species.coupling") && reads_couplings_twice(configuration))
      for (const auto& value : values_of(configuration, given))
        require_regular(given.key, value, ", which is read more than once");
  }
  if (writes_hdf5(configuration.command))
    require_regular("output", output_file(configuration), "");
  require_regular("checkpoint", checkpoint_of(configuration), "");
}

} // namespace soapstone::cli
