// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/base/text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdarg>
#include <cstdio>
#include <limits>
#include <numeric>

namespace soapstone {

namespace {

constexpr std::string_view blanks = " \t\r\n\v\f";

bool is_special(std::string_view text) {
  return text.find_first_of("nN") !=
         std::string_view::npos; // nan, inf, infinity: the only spellings with an n
}

/// Turns Fortran's and Mathematica's exponents into C's; empty when the text is too long to be a number.
std::string with_plain_exponent(std::string_view text) {
  std::string plain(text);
  if (const auto at = plain.find("*^"); at != std::string::npos)
    plain.replace(at, 2, "e");
  if (!is_special(plain))
    std::replace_if(
        plain.begin(), plain.end(), [](char c) { return c == 'd' || c == 'D'; }, 'e');
  return plain;
}

std::optional<double> parse_plain(std::string_view text) {
  double value = 0;
  const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (end != text.data() + text.size())
    return std::nullopt;
  if (status == std::errc())
    return value;
  if (status != std::errc::result_out_of_range)
    return std::nullopt;
  return std::strtod(std::string(text).c_str(), nullptr); // from_chars leaves over- and underflow to us
}

/// Returns the number of bytes of the first character of `text`. It is 0 for a control character other than a
/// line feed, and for bytes that are no UTF-8 (RFC 3629: no overlong forms, no surrogates, nothing beyond
/// U+10FFFF).
std::size_t character_length(std::string_view text) {
  const auto byte = [&](std::size_t at) -> unsigned { return static_cast<unsigned char>(text[at]); };
  const unsigned first = byte(0);
  if (first < 0x80)
    return (first >= 0x20 && first != 0x7f) || first == '\n' ? 1 : 0;
  const std::size_t length = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  if (first < 0xc2 || first > 0xf4 || text.size() < length)
    return 0;
  for (std::size_t i = 1; i < length; ++i)
    if ((byte(i) & 0xc0) != 0x80)
      return 0;
  const unsigned low = first == 0xc2 || first == 0xe0 ? 0xa0
                       : first == 0xf0                ? 0x90
                                                      : 0x80; // U+0080 to U+009F: controls
  const unsigned high = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
  return byte(1) >= low && byte(1) <= high ? length : 0;
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t substituted = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, substituted});
    }
  }
  return row[b.size()];
}

} // namespace

std::string_view without_byte_order_mark(std::string_view text) {
  constexpr std::string_view mark = "\xEF\xBB\xBF";
  return text.starts_with(mark) ? text.substr(mark.size()) : text;
}

bool is_utf16(std::string_view start) {
  if (start.starts_with("\xFF\xFE") || start.starts_with("\xFE\xFF"))
    return true;
  const auto zero = [&](std::size_t at) { return start[at] == '\0'; };
  const auto ascii = [&](std::size_t at) {
    return (start[at] >= ' ' && start[at] < 0x7f) || start[at] == '\n';
  };
  return start.size() >= 4 &&
         ((ascii(0) && zero(1) && zero(3) && !zero(2)) || (zero(0) && ascii(1) && zero(2) && !zero(3)));
}

std::string printable(std::string_view text) {
  std::string safe;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = character_length(text.substr(i));
    if (text[i] == '\t')
      safe += ' ';
    else if (length == 0)
      safe += format("\\x%02x", static_cast<unsigned>(static_cast<unsigned char>(text[i])));
    else
      safe.append(text.substr(i, length));
    i += std::max<std::size_t>(length, 1);
  }
  return safe;
}

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos)
    return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  std::size_t from = 0;
  for (auto at = text.find(separator); at != std::string_view::npos; at = text.find(separator, from)) {
    parts.emplace_back(text.substr(from, at - from));
    from = at + 1;
  }
  parts.emplace_back(text.substr(from));
  return parts;
}

std::vector<std::string_view> split_whitespace(std::string_view text) {
  std::vector<std::string_view> words;
  auto from = text.find_first_not_of(blanks);
  while (from != std::string_view::npos) {
    const auto to = std::min(text.find_first_of(blanks, from), text.size());
    words.push_back(text.substr(from, to - from));
    from = text.find_first_not_of(blanks, to);
  }
  return words;
}

std::string to_lower(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return lower;
}

std::optional<double> parse_double(std::string_view text) {
  if (!text.empty() && text.front() == '+') {
    text.remove_prefix(1);
    if (!text.empty() && (text.front() == '+' || text.front() == '-'))
      return std::nullopt;
  }
  if (const auto value = parse_plain(text))
    return value;
  return parse_plain(with_plain_exponent(text));
}

std::optional<std::int64_t> parse_integer(std::string_view text) {
  if (text.size() > 1 && text.front() == '+' && text[1] != '-')
    text.remove_prefix(1);
  std::int64_t value = 0;
  const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (status != std::errc() || end != text.data() + text.size())
    return std::nullopt;
  return value;
}

std::string nearest_name(std::string_view name, std::span<const std::string> known) {
  std::string best;
  std::size_t least = std::max<std::size_t>(2, name.size() / 2) + 1;
  for (const auto& candidate : known) {
    const auto distance = edit_distance(to_lower(name), to_lower(candidate));
    if (distance < least && distance < std::max(name.size(), candidate.size())) { // else no letter is shared
      least = distance;
      best = candidate;
    }
  }
  return best;
}

std::string format(const char* pattern, ...) {
  va_list arguments, again;
  va_start(arguments, pattern);
  va_copy(again, arguments);
  const int length = std::vsnprintf(nullptr, 0, pattern, arguments);
  va_end(arguments);
  std::string text(static_cast<std::size_t>(std::max(length, 0)), '\0');
  std::vsnprintf(text.data(), text.size() + 1, pattern, again);
  va_end(again);
  return text;
}

std::string csv_field(const std::string& text) {
  if (text.find_first_of(",\"\n\r") == std::string::npos)
    return text;
  std::string quoted = "\"";
  for (const char letter : text)
    quoted += letter == '"' ? std::string("\"\"") : std::string(1, letter);
  return quoted + "\"";
}

std::string format_count(std::int64_t count, std::string_view noun) {
  return std::to_string(count) + " " + std::string(noun) + (count == 1 ? "" : "s");
}

std::string format_bytes(double bytes) {
  constexpr std::array<const char*, 6> units{"B", "KiB", "MiB", "GiB", "TiB", "PiB"};
  std::size_t unit = 0;
  while (std::abs(bytes) >= 1024 && unit + 1 < units.size()) {
    bytes /= 1024;
    ++unit;
  }
  return format(unit == 0 ? "%.0f %s" : "%.1f %s", bytes, units[unit]);
}

std::string format_duration(double seconds) {
  if (!std::isfinite(seconds) || seconds < 0)
    return "?";
  if (seconds < 10)
    return format("%.1f s", seconds);
  const auto whole = static_cast<long long>(std::min(seconds + 0.5, 9e15));
  if (whole < 60)
    return format("%lld s", whole);
  if (whole < 3600)
    return format("%lld min %02lld s", whole / 60, whole % 60);
  return format("%lld h %02lld min", whole / 3600, whole % 3600 / 60);
}

} // namespace soapstone
