// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/soap/coupling_file.hpp"

#include "soapstone/base/error.hpp"
#include "soapstone/base/text.hpp"
#include "soapstone/structure/elements.hpp"

#include <algorithm>
#include <cmath>

namespace soapstone::soap {

namespace {

/// A line of the file without its comment, in words.
struct Line {
  std::int64_t number = 0;
  std::vector<std::string_view> words;
};

std::vector<Line> lines_of(std::string_view text) {
  std::vector<Line> lines;
  std::int64_t number = 0;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    const auto line = text.substr(0, end);
    auto words = split_whitespace(line.substr(0, line.find('#')));
    ++number;
    if (!words.empty())
      lines.push_back({number, std::move(words)});
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

[[noreturn]] void refuse(const std::string& message, const std::string& file, std::int64_t line) {
  throw DataError(message, DataLocation{file, -1, line});
}

std::vector<int> parse_elements(const Line& line, const std::string& file) {
  std::vector<int> elements;
  for (const auto word : line.words) {
    const auto z = structure::atomic_number(word);
    if (!z)
      refuse("expected the symbols of the elements, found '" + std::string(word) + "'", file, line.number);
    if (std::find(elements.begin(), elements.end(), *z) != elements.end())
      refuse("the element " + std::string(word) + " is given twice", file, line.number);
    elements.push_back(*z);
  }
  return elements;
}

std::vector<double> parse_row(const Line& line, std::size_t columns, const std::string& file) {
  if (line.words.size() != columns)
    refuse(format("expected %zu numbers, one for each element, found %zu", columns, line.words.size()), file,
           line.number);
  std::vector<double> row;
  for (const auto word : line.words) {
    const auto value = parse_double(word);
    if (!value || !std::isfinite(*value))
      refuse("expected a finite number, found '" + std::string(word) + "'", file, line.number);
    row.push_back(*value);
  }
  return row;
}

[[noreturn]] void lacks(const std::string& file, const std::string& what, const char* key) {
  throw ConfigError("`coupling` = " + file + " has " + what, key);
}

} // namespace

SpeciesCoupling parse_coupling(std::string_view text, const std::string& file) {
  if (is_utf16(text))
    refuse("is UTF-16 text: save it as UTF-8", file, 0);
  const auto lines = lines_of(without_byte_order_mark(text));
  if (lines.size() < 2)
    refuse("expected a line with the symbols of the elements and below it a row of numbers for each channel",
           file, lines.empty() ? 1 : lines.front().number);
  SpeciesCoupling all{parse_elements(lines.front(), file), {}, false};
  for (auto line = lines.begin() + 1; line != lines.end(); ++line) {
    const auto row = parse_row(*line, all.elements.size(), file);
    all.u.insert(all.u.end(), row.begin(), row.end());
  }
  auto ascending = all.elements;
  std::sort(ascending.begin(), ascending.end());
  return select_coupling(all, ascending, std::nullopt, file);
}

std::string coupling_text(const SpeciesCoupling& coupling, const std::string& comment) {
  std::string text;
  for (const auto& line : comment.empty() ? std::vector<std::string>{} : split(comment, '\n'))
    text += "# " + line + "\n";
  for (const int z : coupling.elements)
    text += format(" %24s", std::string(structure::element_symbol(z)).c_str());
  for (int channel = 0; channel < coupling.channels(); ++channel) {
    text += "\n";
    for (std::size_t element = 0; element < coupling.elements.size(); ++element)
      text += format(" %24.17g", coupling.at(channel, element));
  }
  return text + "\n";
}

SpeciesCoupling select_coupling(const SpeciesCoupling& coupling, std::vector<int> elements,
                                std::optional<int> channels, const std::string& file) {
  if (channels && *channels > coupling.channels())
    lacks(file, format("%d channels, not the %d of `channels`", coupling.channels(), *channels), "channels");
  std::vector<std::size_t> columns;
  for (const int z : elements) {
    const auto found = std::find(coupling.elements.begin(), coupling.elements.end(), z);
    if (found == coupling.elements.end())
      lacks(file, "no column for the element " + std::string(structure::element_symbol(z)), "coupling");
    columns.push_back(static_cast<std::size_t>(found - coupling.elements.begin()));
  }
  SpeciesCoupling selected{std::move(elements), {}, coupling.normalize_before};
  for (int channel = 0; channel < channels.value_or(coupling.channels()); ++channel)
    for (const auto column : columns)
      selected.u.push_back(coupling.at(channel, column));
  return selected;
}

} // namespace soapstone::soap
