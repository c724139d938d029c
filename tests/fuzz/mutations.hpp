// SPDX-License-Identifier: BSD-3-Clause
// Changes to a text that are the same on every machine.
#pragma once

#include "soapstone/base/random.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace soapstone::fuzz {

class Mutations {
public:
  Mutations(std::uint64_t seed, const std::vector<std::string>& seeds, const std::vector<std::string>& words)
      : random_(seed), seeds_(seeds), words_(words) {}

  /// One to six changes.
  std::string of(std::string text) {
    for (auto i = 1 + random_.below(6); i > 0; --i)
      change(text);
    return text;
  }

private:
  std::size_t place(const std::string& text) { return random_.below(text.size() + 1); }
  const std::string& any(const std::vector<std::string>& of) { return of[random_.below(of.size())]; }

  /// Start and length of a piece, a word as likely as any piece.
  std::pair<std::size_t, std::size_t> piece(const std::string& text) {
    const auto from = place(text);
    if (random_.below(2) == 0)
      return {from, random_.below(20)};
    const auto start = text.find_first_not_of(" \n\t", from);
    if (start == std::string::npos)
      return {from, 0};
    return {start, std::min(text.find_first_of(" \n\t", start), text.size()) - start};
  }

  void change(std::string& text) {
    const auto [from, length] = piece(text);
    switch (random_.below(7)) {
    case 0: // a byte
      if (from < text.size())
        text[from] = static_cast<char>(random_.below(256));
      break;
    case 1: // a bit
      if (from < text.size())
        text[from] = static_cast<char>(text[from] ^ (1 << random_.below(7)));
      break;
    case 2:
      text.erase(from, length);
      break;
    case 3:
      text.replace(from, length, any(words_));
      break;
    case 4:
      text.insert(from, any(words_));
      break;
    case 5: // a piece of another
      if (const auto& other = any(seeds_); !other.empty())
        text.insert(from, other.substr(random_.below(other.size()), random_.below(60)));
      break;
    default:
      text.resize(std::min(text.size(), from + text.size() / 4));
    }
  }

  CounterRandom random_;
  const std::vector<std::string>&seeds_, &words_;
};

} // namespace soapstone::fuzz
