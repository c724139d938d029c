// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/base/error.hpp"

#include <memory>
#include <string>

namespace soapstone::structure {

/// Where a structure was read: a file, whose name all of its structures share, and the place in it. Empty for
/// a structure that was made otherwise.
struct Origin {
  std::shared_ptr<const std::string> file;
  std::int64_t frame = -1, line = 0; ///< as in DataLocation

  DataLocation location() const { return {file ? *file : std::string(), frame, line}; }
};

/// Returns what work() returns. A DataError that names no place yet gets that of the structure that it is
/// about.
template <typename Work>
decltype(auto) located(const Origin& origin, Work&& work) {
  try {
    return work();
  } catch (const DataError& error) {
    if (const auto known = to_string(error.location()); !known.empty())
      throw;
    throw DataError(error.what(), origin.location());
  }
}

} // namespace soapstone::structure
