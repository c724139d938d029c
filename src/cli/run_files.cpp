// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/cli/run_files.hpp"

#include "soapstone/base/error.hpp"
#include "soapstone/cli/command_table.hpp"
#include "soapstone/formats/many_files.hpp"
#include "soapstone/options/output_names.hpp"

#include <algorithm>
#include <filesystem>
#include <vector>

namespace soapstone::cli {

namespace fs = std::filesystem;

namespace {

bool optimizes_coupling(const options::Configuration& configuration) {
  return configuration.optimize.parameters.contains(search::Hyperparameter::coupling);
}

/// Returns whether the output itself is a file. `optimize` writes no coupling that it does not optimise, and
/// writes those of several kernels into a file each.
bool writes_output(const options::Configuration& configuration) {
  return configuration.command != options::Command::optimize ||
         (optimizes_coupling(configuration) && configuration.kernels.size() < 2);
}

} // namespace

std::vector<std::string> values_of(const options::Configuration& configuration,
                                   const options::Assignment& given) {
  for (const auto& range : configuration.ranges)
    if (range.key == given.key)
      return range.values;
  return {given.value};
}

std::vector<std::string> files_beside_the_output(const options::Configuration& configuration) {
  const auto output = output_file(configuration);
  if (configuration.command == options::Command::search)
    return {options::search_best_file(output), options::search_checkpoint_file(configuration.search, output)};
  if (configuration.command == options::Command::evaluate && configuration.validation.optimize_weights)
    return {options::weights_ini_file(output)};
  if (configuration.command != options::Command::optimize)
    return {};
  std::vector<std::string> names{options::optimum_file(output),
                                 options::optimize_checkpoint_file(configuration.search, output)};
  if (optimizes_coupling(configuration) && !writes_output(configuration))
    for (std::size_t k = 0; k < configuration.kernels.size(); ++k)
      names.push_back(options::coupling_file(output, configuration.kernels, k));
  return names;
}

namespace {

struct RunFile {
  options::Assignment given; ///< the key that names the file, or with which it goes
  std::string path;
};

bool is_one_of(const std::string& word, std::initializer_list<const char*> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

bool names_inputs(const std::string& key) {
  return is_one_of(key, {"config", "model", "file", "data.structures", "against"}) ||
         key.ends_with("species.coupling"); // also of one kernel
}

/// Returns whether this is a terminal, a pipe or the null device, which cannot be written over.
bool is_device(const std::string& path) {
  return path.starts_with("/dev/");
}

std::vector<RunFile> read_files(const options::Configuration& configuration) {
  std::vector<RunFile> files;
  for (const auto& given : configuration.effective)
    if (names_inputs(given.key))
      for (const auto& value : values_of(configuration, given))
        if (!is_device(value) && !is_one_of(value, {"none", "gaussian"}))
          files.push_back({given, value});
  return files;
}

options::Assignment given_for(const options::Configuration& configuration, const std::string& key) {
  for (const auto& given : configuration.effective)
    if (given.key == key)
      return given;
  return {key, "", ""};
}

std::vector<RunFile> written_files(const options::Configuration& configuration) {
  const auto output = given_for(configuration, "output");
  std::vector<RunFile> files;
  if (writes_output(configuration))
    files.push_back({output, output_file(configuration)});
  for (const char* key : {"report", "log-file", "checkpoint"}) {
    const auto given = given_for(configuration, key);
    files.push_back({given, given.value});
  }
  const auto checkpoint = files.back().path;
  for (const auto& name : files_beside_the_output(configuration))
    if (name != checkpoint)
      files.push_back({output, name});
  std::erase_if(files, [](const auto& file) { return file.path.empty() || is_device(file.path); });
  return files;
}

/// Returns where a file is, or will be, with the links resolved that exist.
fs::path place_of(const std::string& path) {
  std::error_code failure;
  const auto place = fs::weakly_canonical(fs::absolute(path, failure), failure);
  return failure ? fs::path(path) : place;
}

/// Returns whether `written` is `other`, or one of the files that are read from the folder `other`.
bool meets(const std::string& written, const std::string& other) {
  std::error_code failure;
  const auto place = place_of(written), there = place_of(other);
  if (fs::is_directory(there, failure))
    return place.parent_path() == there && fs::exists(place, failure) &&
           formats::is_frame_file(place.string(), true);
  return place == there || fs::equivalent(place, there, failure);
}

[[noreturn]] void refuse(const RunFile& written, const RunFile& other) {
  const auto& [given, path] = written;
  const std::string value = given.value.empty() ? path : given.value;
  if (given.key == other.given.key) // only `optimize` has results whose names may be equal
    throw ConfigError(given.key + " = " + value +
                          ": the coupling and the configuration of the optimum would both be " + path +
                          ": expected a name that does not end in .ini",
                      given.key, given.source);
  throw ConfigError(given.key + " = " + value + (value == path ? "" : ", which also uses " + path) +
                        ": expected a different file from that of " + other.given.key,
                    given.key, given.source);
}

} // namespace

std::string output_file(const options::Configuration& configuration) {
  const auto& output = configuration.output.output;
  return output.empty() ? std::string(info_of(configuration.command).default_output) : output;
}

void require_distinct_files(const options::Configuration& configuration) {
  auto others = read_files(configuration);
  for (const auto& written : written_files(configuration)) {
    for (const auto& other : others)
      if (meets(written.path, other.path))
        refuse(written, other);
    others.push_back(written);
  }
}

} // namespace soapstone::cli
