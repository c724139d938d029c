// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace soapstone::formats {

/// Returns what Python's str.isspace calls white space, as far as ASCII goes.
constexpr bool is_blank(char c) noexcept {
  return c == ' ' || (c >= '\t' && c <= '\r') || (c >= '\x1c' && c <= '\x1f');
}

/// Takes the next token off `rest`; empty when there is none.
inline std::string_view next_token(std::string_view& rest) noexcept {
  std::size_t from = 0;
  while (from < rest.size() && is_blank(rest[from]))
    ++from;
  std::size_t to = from;
  while (to < rest.size() && !is_blank(rest[to]))
    ++to;
  const auto token = rest.substr(from, to - from);
  rest.remove_prefix(to);
  return token;
}

/// Returns whether there is nothing but white space.
inline bool is_blank(std::string_view text) noexcept {
  return next_token(text).empty();
}

/// Takes the next token off `rest` as next_token() does, but commas, semicolons and brackets separate too, as
/// they do inside the values of a comment line: "[[1, 2], [3, 4]]", "1 2; 3 4".
std::string_view next_value(std::string_view& rest) noexcept;

/// The whole token as a correctly rounded number: base's parse_double with a fast path for plain decimals.
std::optional<double> to_number(std::string_view token);

/// Atomic number of what a file calls an atom: a symbol in any case, or 1 to 118 in digits.
std::optional<int> to_species(std::string_view token);

/// `text` in quotes for a message: shortened, and nothing in it that a terminal would obey.
std::string shown(std::string_view text);

} // namespace soapstone::formats
