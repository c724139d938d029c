// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/structure/tokens.hpp"

#include "soapstone/base/text.hpp"
#include "soapstone/structure/elements.hpp"

#include <charconv>

namespace soapstone::structure {

namespace {

constexpr bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}
constexpr bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}

} // namespace

std::string_view next_value(std::string_view& rest) noexcept {
  const auto separates = [](char c) { return c == ',' || is_blank(c); };
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
    return atomic_number(std::string_view(symbol, token.size()));
  }
  const auto z = parse_integer(token);
  return z && *z >= 1 && *z <= max_atomic_number ? std::optional<int>(static_cast<int>(*z)) : std::nullopt;
}

std::string shown(std::string_view text) {
  constexpr std::size_t longest = 60;
  std::string safe = "'";
  for (const char c : text.substr(0, longest)) {
    if (c == '\t')
      safe += ' ';
    else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
      safe += format("\\x%02x", static_cast<unsigned>(static_cast<unsigned char>(c)));
    else
      safe += c;
  }
  return safe + (text.size() > longest ? "...'" : "'");
}

} // namespace soapstone::structure
