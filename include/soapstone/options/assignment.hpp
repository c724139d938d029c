// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>

namespace soapstone::options {

inline constexpr const char* command_line_source = "command line"; ///< of an Assignment

/// One configuration key with the text given to it and who said so.
struct Assignment {
  std::string key, value;
  std::string source; ///< "default", "command line" or "file:line"
  bool operator==(const Assignment&) const = default;
};

} // namespace soapstone::options
