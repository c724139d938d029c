// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/formats/tokens.hpp"

#include "soapstone/base/text.hpp"
#include "soapstone/structure/elements.hpp"

#include <algorithm>
#include <charconv>

namespace soapstone::formats {

namespace {

constexpr bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}
constexpr bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}

} // namespace

std::string_view next_value(std::string_view& rest) noexcept {
  const auto separates = [](char c) {
    return is_blank(c) || std::string_view(",;[](){}").find(c) != std::string_view::npos;
  };
  std::size_t from = 0;
  while (from < rest.size() && separates(rest[from]))
    ++from;
  std::size_t to = from;
  while (to < rest.size() && !separates(rest[to]))
    ++to;
  const auto token = rest.substr(from, to - from);
  rest.remove_prefix(to);
  return token;
}

std::optional<double> to_number(std::string_view token) {
  double value = 0;
  const auto [end, status] = std::from_chars(token.data(), token.data() + token.size(), value);
  if (status == std::errc() && end == token.data() + token.size())
    return value;
  return parse_double(token);
}

std::optional<int> to_species(std::string_view token) {
  if (!token.empty() && token.size() <= 2 && (is_upper(token[0]) || is_lower(token[0]))) {
    char symbol[2] = {token[0], token.back()};
    if (is_lower(symbol[0]))
      symbol[0] = static_cast<char>(symbol[0] - 'a' + 'A');
    if (is_upper(symbol[1]))
      symbol[1] = static_cast<char>(symbol[1] - 'A' + 'a');
    return structure::atomic_number(std::string_view(symbol, token.size()));
  }
  const auto z = parse_integer(token);
  return z && *z >= 1 && *z <= structure::max_atomic_number ? std::optional<int>(static_cast<int>(*z))
                                                            : std::nullopt;
}

std::string shown(std::string_view text) {
  constexpr std::size_t longest = 60;
  std::size_t length = std::min(text.size(), longest);
  for (int step = 0; step < 3 && length < text.size() && (text[length] & 0xc0) == 0x80; ++step)
    --length; // does not cut a character of UTF-8, which continues in three bytes at most
  const std::string_view start = text.substr(0, length);
  std::string safe = printable(start);
  for (auto at = safe.find('\n'); at != std::string::npos; at = safe.find('\n', at))
    safe.replace(at, 1, "\\x0a");
  return "'" + safe + (start.size() < text.size() ? "...'" : "'");
}

} // namespace soapstone::formats
