// SPDX-License-Identifier: BSD-3-Clause
// Which exit code a random input must lead to, where that can be said before the run.
#pragma once

#include "bad_input.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace soapstone::faults {

inline bool is_one_of(const std::string& word, const std::vector<std::string>& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

inline bool fits(const std::string& command) {
  return command != "kernel" && command != "features";
}

/// A value outside the bounds of its key, or a key that the command does not take.
inline bool is_refused(const std::string& command, const std::pair<std::string, std::string>& given) {
  const auto& [key, value] = given;
  return (key == "kernel.zeta" && (value == "0" || command == "features")) ||
         (key == "regression.regularization" && is_one_of(value, {"nan", "-1"})) ||
         (value == "0" &&
          is_one_of(key, {"soap.gaussian-width", "radial-scaling.scale", "species.sigma-electronegativity"}));
}

/// A value that nobody refuses before the structures are read.
inline bool is_plain(const std::pair<std::string, std::string>& given) {
  const auto& [key, value] = given;
  return key != "radial-scaling.rate" &&
         is_one_of(value, {"0",           "1",        "2",       "3",     "4",        "7",       "2.5",
                           "0.3",         "0.5",      "1e-8",    "1e-12", "false",    "mean",    "none",
                           "composition", "per-atom", "hartree", "meV",   "kcal/mol", "gaussian"});
}

/// The exit code that the case must have; -1: one of several.
inline int certain_code(const std::string& command, const BadInput& input) {
  const auto& keys = input.keys;
  if (std::any_of(keys.begin(), keys.end(), [&](const auto& given) { return is_refused(command, given); }))
    return 2;
  const bool refused =
      input.certain == Certain::refused || (input.certain == Certain::refused_if_fitted && fits(command));
  return refused && std::all_of(keys.begin(), keys.end(), is_plain) ? 3 : -1;
}

} // namespace soapstone::faults
