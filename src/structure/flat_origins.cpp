// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/structure/flat_origins.hpp"

#include "soapstone/base/check.hpp"

namespace soapstone::structure {

namespace {

using File = std::shared_ptr<const std::string>;

std::vector<File> split(const std::string& names) {
  std::vector<File> files;
  for (std::size_t begin = 0, end; (end = names.find('\0', begin)) != std::string::npos; begin = end + 1)
    files.push_back(std::make_shared<const std::string>(names, begin, end - begin));
  return files;
}

} // namespace

FlatOrigins flatten_origins(std::span<const Structure> structures) {
  FlatOrigins flat;
  File last;
  std::int64_t files = 0;
  for (const auto& structure : structures) {
    const auto& [file, frame, line] = structure.origin;
    if (file && file != last) {
      flat.files += *file;
      flat.files += '\0';
      ++files;
      last = file;
    }
    flat.places.insert(flat.places.end(), {file ? files - 1 : -1, frame, line});
  }
  return flat;
}

void set_origins(std::span<Structure> structures, const FlatOrigins& flat) {
  expects(flat.places.size() == 3 * structures.size(), "an origin for each structure");
  const auto files = split(flat.files);
  auto place = flat.places.begin();
  for (auto& structure : structures) {
    const auto file = *place++;
    structure.origin.file = file < 0 ? nullptr : files.at(static_cast<std::size_t>(file));
    structure.origin.frame = *place++;
    structure.origin.line = *place++;
  }
}

} // namespace soapstone::structure
