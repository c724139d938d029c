// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/base/error.hpp"

#include <utility>

namespace soapstone {

namespace {

std::string with_place(const std::string& place, const std::string& message) {
  return place.empty() ? message : place + ": " + message;
}

} // namespace

std::string to_string(const DataLocation& location) {
  std::string text = location.file;
  if (location.frame >= 0)
    text += (text.empty() ? "frame " : ", frame ") + std::to_string(location.frame);
  if (location.line > 0)
    text += (text.empty() ? "line " : ", line ") + std::to_string(location.line);
  return text;
}

InternalError::InternalError(const std::string& message)
    : Error(ExitCode::internal, "internal error: " + message) {}

ConfigError::ConfigError(const std::string& message, std::string parameter, std::string where)
    : Error(ExitCode::usage, with_place(where, message)), parameter_(std::move(parameter)),
      where_(std::move(where)) {}

DataError::DataError(const std::string& message, DataLocation location)
    : Error(ExitCode::data, with_place(to_string(location), message)), location_(std::move(location)) {}

IoError::IoError(const std::string& message, std::string path)
    : Error(ExitCode::io, with_place(path, message)), path_(std::move(path)) {}

} // namespace soapstone
