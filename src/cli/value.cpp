// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/cli/value.hpp"

#include "soapstone/base/check.hpp"
#include "soapstone/base/text.hpp"
#include "soapstone/cli/key_range.hpp"
#include "soapstone/structure/elements.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>

namespace soapstone::cli {

namespace {

[[noreturn]] void refuse(const options::Assignment& given, const Option& option,
                         const std::string& detail = {}) {
  throw ConfigError(given.key + " = " + given.value + ": expected " + expected_value(option) +
                        (detail.empty() ? "" : "; " + detail),
                    given.key, given.source);
}

std::vector<std::string> words_of(const Option& option) {
  return option.words.empty() ? std::vector<std::string>{} : split(option.words, '|');
}

std::optional<std::string> find_word(const options::Assignment& given, const Option& option) {
  for (const auto& word : words_of(option))
    if (to_lower(word) == to_lower(given.value))
      return word;
  return std::nullopt;
}

bool within(double value, const Bounds& bounds) {
  return std::isfinite(value) && value <= bounds.high &&
         (bounds.open ? value > bounds.low : value >= bounds.low);
}

std::string bounds_text(const Bounds& bounds) {
  std::string text;
  if (std::isfinite(bounds.low))
    text += format(bounds.open ? " > %g" : " >= %g", bounds.low);
  if (std::isfinite(bounds.high) && bounds.high != std::numeric_limits<int>::max()) // no one means so many
    text += format("%s <= %.10g", text.empty() ? "" : " and", bounds.high);
  return text;
}

int element(const std::string& symbol, const options::Assignment& given, const Option& option) {
  const auto z = structure::atomic_number(trim(symbol));
  if (!z)
    refuse(given, option, "'" + std::string(trim(symbol)) + "' is not a chemical symbol");
  return *z;
}

void check_grid(const options::Assignment& given, const Option& option) {
  const auto sides = split(to_lower(given.value), 'x');
  const auto fits = [](const std::string& side) {
    const auto count = parse_integer(side);
    return count && *count >= 1 && *count <= 1000000;
  };
  if (sides.size() != 2 || !fits(sides[0]) || !fits(sides[1]))
    refuse(given, option);
}

/// A path that nearly spells a word is a misspelt word, unless it looks like a path.
void check_file(const options::Assignment& given, const Option& option) {
  if (option.words.empty() || given.value.find_first_of("./") != std::string::npos)
    return;
  const auto word = nearest_name(given.value, words_of(option));
  if (!word.empty())
    refuse(given, option,
           "did you mean '" + word + "'? (for a file with this name, write ./" + given.value + ")");
}

std::string kind_text(const Option& option) {
  switch (option.kind) {
  case ValueKind::flag:
  case ValueKind::boolean:
    return "true or false (yes/no, on/off, 1/0)";
  case ValueKind::number:
    return "a number" + bounds_text(option.bounds);
  case ValueKind::integer:
    return "an integer" + bounds_text(option.bounds);
  case ValueKind::word:
    return "";
  case ValueKind::text:
    return "some text";
  case ValueKind::file:
    return "a file name";
  case ValueKind::elements:
    return "chemical symbols separated by commas, such as H,C,N,O";
  case ValueKind::atom_energies:
    return "symbol:energy pairs separated by commas, such as H:-0.5,C:-37.8";
  case ValueKind::element_values:
    return "symbol:value pairs separated by commas, such as He:3.0,Ne:3.3";
  case ValueKind::contraction:
    return "an integer >= 1 (features kept), a number between 0 and 1 (residual variance)";
  case ValueKind::sizes:
    return "integers >= 1 as a,b,c or lo:hi:n or lo:hi:logN";
  case ValueKind::grid:
    return "ROWSxCOLUMNS such as 2x4";
  }
  return "";
}

} // namespace

std::string expected_value(const Option& option) {
  std::string text = kind_text(option);
  const auto words = words_of(option);
  for (std::size_t i = 0; i < words.size(); ++i)
    text += (text.empty() ? "" : i + 1 == words.size() ? " or " : ", ") + words[i];
  return text;
}

bool is_word(const options::Assignment& given, const Option& option) {
  return find_word(given, option).has_value();
}

std::string as_word(const options::Assignment& given, const Option& option) {
  const auto word = find_word(given, option);
  if (!word) {
    // To two letters anything is near: Eh, for hartree, is not eV.
    const auto nearest = given.value.size() > 2 ? nearest_name(given.value, words_of(option)) : "";
    refuse(given, option, nearest.empty() ? "" : "did you mean '" + nearest + "'?");
  }
  return *word;
}

double as_number(const options::Assignment& given, const Option& option) {
  const auto value = parse_double(given.value);
  if (!value || !within(*value, option.bounds))
    refuse(given, option);
  return *value;
}

std::int64_t as_integer(const options::Assignment& given, const Option& option) {
  const auto value = parse_integer(given.value);
  if (!value || !within(static_cast<double>(*value), option.bounds))
    refuse(given, option);
  return *value;
}

bool as_boolean(const options::Assignment& given, const Option& option) {
  static constexpr std::array<std::string_view, 4> yes{"true", "yes", "on", "1"},
      no{"false", "no", "off", "0"};
  const std::string value = to_lower(given.value);
  if (std::find(yes.begin(), yes.end(), value) != yes.end())
    return true;
  if (std::find(no.begin(), no.end(), value) == no.end())
    refuse(given, option);
  return false;
}

std::vector<int> as_elements(const options::Assignment& given, const Option& option) {
  std::vector<int> elements;
  for (const auto& symbol : split(given.value, ','))
    elements.push_back(element(symbol, given, option));
  std::sort(elements.begin(), elements.end());
  const auto twice = std::adjacent_find(elements.begin(), elements.end());
  if (twice != elements.end())
    refuse(given, option, std::string(structure::element_symbol(*twice)) + " is given twice");
  return elements;
}

std::map<int, double> as_element_values(const options::Assignment& given, const Option& option) {
  std::map<int, double> values;
  for (const auto& pair : split(given.value, ',')) {
    const auto parts = split(pair, ':');
    const auto value = parts.size() == 2 ? parse_double(trim(parts[1])) : std::nullopt;
    if (!value || !std::isfinite(*value))
      refuse(given, option, "found '" + std::string(trim(pair)) + "'");
    if (!values.emplace(element(parts[0], given, option), *value).second)
      refuse(given, option, std::string(trim(parts[0])) + " is given twice");
  }
  return values;
}

std::vector<std::int64_t> as_sizes(const options::Assignment& given, const Option& option) {
  const bool range = given.value.find(':') != std::string::npos;
  std::vector<std::int64_t> sizes;
  for (const auto& text : expand_range(given, Option{.kind = ValueKind::number})) {
    const auto whole = parse_integer(text);
    const auto number = range ? parse_double(text) : std::nullopt; // 100:1000:log4 has 215.4 in it
    if (!whole && !number)
      refuse(given, option, "found '" + text + "'");
    sizes.push_back(whole ? *whole : std::llround(*number));
    if (sizes.back() < 1 || sizes.back() > 2147483647)
      refuse(given, option, "found '" + text + "'");
  }
  std::sort(sizes.begin(), sizes.end());
  const auto twice = std::unique(sizes.begin(), sizes.end());
  if (twice != sizes.end() && !range)
    refuse(given, option, "a size is given twice");
  sizes.erase(twice, sizes.end());
  return sizes;
}

kernel::ContractionGoal as_contraction(const options::Assignment& given, const Option& option) {
  if (const auto count = parse_integer(given.value); count && *count >= 1 && *count <= 2147483647)
    return {.width = *count};
  const auto variance = parse_double(given.value);
  if (!variance || !(*variance > 0 && *variance < 1))
    refuse(given, option);
  return {.residual_variance = *variance};
}

void check_value(const options::Assignment& given, const Option& option) {
  if (is_word(given, option))
    return;
  switch (option.kind) {
  case ValueKind::flag:
  case ValueKind::boolean:
    as_boolean(given, option);
    return;
  case ValueKind::number:
    as_number(given, option);
    return;
  case ValueKind::integer:
    as_integer(given, option);
    return;
  case ValueKind::word:
    as_word(given, option);
    return;
  case ValueKind::text:
    if (given.value.empty())
      refuse(given, option);
    return;
  case ValueKind::file:
    if (given.value.empty())
      refuse(given, option);
    check_file(given, option);
    return;
  case ValueKind::elements:
    as_elements(given, option);
    return;
  case ValueKind::atom_energies:
  case ValueKind::element_values:
    as_element_values(given, option);
    return;
  case ValueKind::contraction:
    as_contraction(given, option);
    return;
  case ValueKind::sizes:
    as_sizes(given, option);
    return;
  case ValueKind::grid:
    check_grid(given, option);
    return;
  }
}

} // namespace soapstone::cli
