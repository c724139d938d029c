// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace soapstone {

std::string_view trim(std::string_view text);                          ///< without white space at both ends
std::vector<std::string> split(std::string_view text, char separator); ///< "a,,b" -> "a", "", "b"
std::vector<std::string_view> split_whitespace(std::string_view text); ///< words; none is empty
std::string to_lower(std::string_view text);                           ///< ASCII letters only

/// Returns the whole of `text` as a number, or nothing. Accepts Fortran exponents (1.5D-3), Mathematica's
/// (1.5*^-3), a leading plus sign, nan and inf. Correctly rounded.
std::optional<double> parse_double(std::string_view text);
std::optional<std::int64_t> parse_integer(std::string_view text); ///< decimal, with a sign or without

/// Returns `text` without UTF-8's byte order mark at its beginning, which editors of Windows write.
std::string_view without_byte_order_mark(std::string_view text);
/// Returns whether a file begins as UTF-16 (or UTF-32) text does: with its byte order mark, or with zero
/// bytes between those of digits or letters.
bool is_utf16(std::string_view start);
/// Returns `text` without characters that a terminal would obey or cannot show. Control characters other than
/// line feeds, and bytes that are no UTF-8, become a backslash, x and two hexadecimal digits; tabs become
/// blanks.
std::string printable(std::string_view text);

/// Returns the name in `known` with the least edit distance to `name`, or nothing where even that is far off.
std::string nearest_name(std::string_view name, std::span<const std::string> known);

/// printf-style formatting into a string.
[[gnu::format(printf, 1, 2)]] std::string format(const char* pattern, ...);

/// Returns `text` as a field of CSV, in quotes where RFC 4180 requires them.
std::string csv_field(const std::string& text);

/// 1, "rank" -> "1 rank"; 2, "rank" -> "2 ranks".
std::string format_count(std::int64_t count, std::string_view noun);
/// 1536 -> "1.5 KiB".
std::string format_bytes(double bytes);
/// 3725.0 -> "1 h 02 min".
std::string format_duration(double seconds);

} // namespace soapstone
