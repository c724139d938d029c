// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/app/output_names.hpp"

#include <filesystem>

namespace soapstone::app {

namespace {

std::string stem_of(const std::string& table) {
  return table.ends_with(".csv") ? table.substr(0, table.size() - 4) : table;
}

std::string with_extension(const std::string& path, const std::string& extension) {
  return std::filesystem::path(path).replace_extension(extension).string();
}

} // namespace

std::string search_checkpoint_file(const SearchOptions& options, const std::string& table) {
  return options.checkpoint.empty() ? stem_of(table) + ".checkpoint.h5" : options.checkpoint;
}

std::string search_best_file(const std::string& table) {
  return stem_of(table) + ".best.ini";
}

std::string weights_ini_file(const std::string& table) {
  return search_best_file(table.empty() ? "evaluate" : table);
}

std::string coupling_file(const std::string& output, const std::vector<KernelOptions>& kernels,
                          std::size_t kernel) {
  if (kernels.size() < 2)
    return output;
  const auto number = "." + std::to_string(kernels.at(kernel).number);
  return with_extension(output, number + std::filesystem::path(output).extension().string());
}

std::string optimum_file(const std::string& output) {
  return with_extension(output, ".ini");
}

std::string optimize_checkpoint_file(const SearchOptions& options, const std::string& output) {
  return options.checkpoint.empty() ? with_extension(output, ".checkpoint.h5") : options.checkpoint;
}

} // namespace soapstone::app
