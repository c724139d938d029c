// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>

namespace soapstone::formats {

/// Which property to learn and how the file states it.
struct TargetSpec {
  std::string key = "energy";
  std::string unit = "eV";
  bool per_atom = false; ///< the file's value is per atom instead of per structure
};

} // namespace soapstone::formats
