// SPDX-License-Identifier: BSD-3-Clause
// What every fuzz target gives: one function over arbitrary bytes. libfuzzer_main.cpp and replay_main.cpp
// call it.
#pragma once

#include <algorithm>
#include <iterator>
#include <stdexcept>
#include <string>
#include <vector>

namespace soapstone::fuzz {

enum class Verdict { accepted, refused };

/// Feeds `input` to one reader of the program. Refused: the reader threw a soapstone::Error with a message
/// that is clear. Anything else that it throws, and a Broken, is a defect.
Verdict try_input(const std::string& input);

/// Seeds that are made and not kept as files (binary ones). May be empty.
std::vector<std::string> made_seeds();

/// Words of the format, for mutations.
std::vector<std::string> words();

/// What was read does not hold what the reader promises.
class Broken : public std::logic_error {
public:
  using std::logic_error::logic_error;
};

inline void require(bool holds, const char* what) {
  if (!holds)
    throw Broken(what);
}

/// A message that a user can act on, not a library's bare complaint. Messages quote the input, in which
/// anything may stand, without its quotation marks and with control characters as \x1b, whose last digit may
/// be the b of basic_string.
inline void require_clear(const std::string& message, const std::string& input) {
  require(message.size() >= 12, "a message of more than a word");
  std::string letters;
  std::copy_if(input.begin(), input.end(), std::back_inserter(letters),
               [](char c) { return (c >= 'a' && c <= 'z') || c == '_' || c == ':'; });
  for (const std::string foreign : {"std::", "basic_string"})
    require(message.find(foreign) == std::string::npos ||
                letters.find(foreign.substr(1)) != std::string::npos,
            "a message in the user's words");
}

} // namespace soapstone::fuzz
