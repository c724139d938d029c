// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/app/ini.hpp"

#include "soapstone/base/error.hpp"
#include "soapstone/base/text.hpp"

#include <algorithm>
#include <string_view>

namespace soapstone::app {

namespace {

bool is_blank(char c) {
  return c == ' ' || c == '\t';
}
bool is_comment(char c) {
  return c == '#' || c == ';';
}

std::string_view without_comment(std::string_view line) {
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    quoted = quoted != (line[i] == '"');
    if (!quoted && is_comment(line[i]) && (i == 0 || is_blank(line[i - 1])))
      return line.substr(0, i);
  }
  return line;
}

/// Refuses control characters, since a message would end at the first zero byte that it quotes.
void require_text(std::string_view line, const std::string& where) {
  for (std::size_t i = 0; i < line.size(); ++i)
    if (const auto c = static_cast<unsigned char>(line[i]); (c < 0x20 && c != '\t') || c == 0x7f)
      throw ConfigError(format("character %zu is the control character \\x%02x: not a text file in UTF-8?",
                               i + 1, static_cast<unsigned>(c)),
                        {}, where);
}

bool is_name(std::string_view text) {
  return !text.empty() && text.front() != '.' && text.back() != '.' &&
         std::none_of(text.begin(), text.end(), [](char c) { return is_blank(c) || c == '[' || c == ']'; });
}

std::string_view without_quotes(std::string_view value, const std::string& key, const std::string& where) {
  if (value.empty())
    throw ConfigError(key + ": expected a value after '='", key, where);
  if (value.front() != '"')
    return value;
  if (value.size() < 3 || value.find('"', 1) != value.size() - 1)
    throw ConfigError(key + ": expected one text between double quotes, found " + std::string(value), key,
                      where);
  return value.substr(1, value.size() - 2);
}

std::string section_name(std::string_view line, const std::string& where) {
  const auto name = trim(line.substr(1, line.size() - 2));
  if (line.back() != ']' || !is_name(name))
    throw ConfigError("expected a section such as [soap], found '" + std::string(line) + "'", {}, where);
  return std::string(name);
}

Assignment assignment(std::string_view line, const std::string& section, const std::string& where) {
  const auto equals = line.find('=');
  const auto name = trim(line.substr(0, equals));
  if (equals == std::string_view::npos || !is_name(name))
    throw ConfigError("expected 'key = value' or '[section]', found '" + std::string(line) + "'", {}, where);
  std::string key = section.empty() ? std::string(name) : section + "." + std::string(name);
  const auto value = without_quotes(trim(line.substr(equals + 1)), key, where);
  return {std::move(key), std::string(value), where};
}

} // namespace

std::vector<Assignment> parse_ini(const std::string& text, const std::string& file) {
  if (is_utf16(text))
    throw ConfigError("is UTF-16 text: save it as UTF-8", {}, file);
  std::vector<Assignment> assignments;
  std::string section;
  int number = 0;
  for (const std::string& whole : split(without_byte_order_mark(text), '\n')) {
    const std::string where = file + ":" + std::to_string(++number);
    const auto line = trim(without_comment(whole));
    if (line.empty())
      continue;
    require_text(line, where);
    if (line.front() == '[')
      section = section_name(line, where);
    else
      assignments.push_back(assignment(line, section, where));
  }
  return assignments;
}

} // namespace soapstone::app
