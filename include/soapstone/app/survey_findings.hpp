// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/survey/survey.hpp"

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

/// Returns what a careful colleague would point out, the most serious first. `wanted` is the target that was
/// asked for, `stopped` tells why the files were not read to their end, or is empty.
std::vector<Finding> find_oddities(const survey::Collection& data, const survey::Survey& survey,
                                   const std::string& wanted, const std::string& stopped);

} // namespace soapstone::app
