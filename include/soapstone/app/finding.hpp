// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace soapstone::app {

/// A `fault` is wrong whatever the data are for, a `look` is often a mistake, and a `note` is good to know.
enum class Severity { fault, look, note };

/// Something in a data set that may be wrong or is good to know.
struct Finding {
  Severity severity = Severity::note;
  std::string kind;                  ///< for programs: "equal_structures"
  std::int64_t count = 0;            ///< frames or pairs
  std::string text;                  ///< a sentence
  std::vector<std::string> examples; ///< places, with what is found there
};

/// Returns the word for a severity in text and JSON.
std::string to_string(Severity severity);

} // namespace soapstone::app
