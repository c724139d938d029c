// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/formats/extxyz_writer.hpp"

#include "soapstone/base/check.hpp"
#include "soapstone/formats/extxyz_columns.hpp"
#include "soapstone/formats/tokens.hpp"
#include "soapstone/structure/elements.hpp"

#include <algorithm>
#include <charconv>

namespace soapstone::formats {

namespace {

// Shortest decimals that read back to the same bits, and always with a point or an exponent: ASE would read
// -0 as an integer.
std::string decimal(double x) {
  char text[32];
  const auto [end, status] = std::to_chars(text, text + sizeof text, x);
  std::string number(text, end);
  return number.find_first_of(".en") == std::string::npos ? number + ".0" : number;
}

bool needs_quotes(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    return is_blank(c) || std::string_view("\"'{}[]=\\").find(c) != std::string_view::npos;
  });
}

std::string in_quotes(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\')
      result += '\\';
    result += c;
  }
  return result + '"';
}

std::string properties_of(const Frame& frame) {
  std::string properties(default_properties);
  for (const AtomArray& array : frame.arrays)
    properties += ':' + array.name + ':' + array.type + ':' + std::to_string(array.columns);
  return needs_quotes(properties) ? in_quotes(properties) : properties;
}

std::string cell_text(const structure::Cell& cell) {
  std::string text = "Lattice=\"";
  for (const structure::Vec3& vector : cell.vectors)
    for (const double x : vector)
      text += decimal(x) + ' ';
  text.back() = '"';
  text += " pbc=\"";
  for (const bool repeats : cell.periodic)
    text += repeats ? "T " : "F ";
  text.back() = '"';
  return text + ' ';
}

// ASE takes the word after an empty value for the value, so entries without one are left out; so are all of a
// key but the last, which is the one that counts.
void write_info(std::ostream& out, const Frame& frame) {
  for (const InfoEntry& entry : frame.info) {
    if (entry.value.empty() || entry.key.empty() || frame.find(entry.key) != &entry.value)
      continue;
    // A word of prose stays one, since "PBC" alone has no meaning, but PBC=T has.
    if (entry.bare && !needs_quotes(entry.key)) {
      out << ' ' << entry.key;
      continue;
    }
    out << ' ' << (needs_quotes(entry.key) ? in_quotes(entry.key) : entry.key) << '='
        << (entry.quoted || (!entry.nested && needs_quotes(entry.value)) ? in_quotes(entry.value)
                                                                         : entry.value);
  }
}

void write_array_value(std::ostream& out, char type, std::string value) {
  if (type == 'R' && to_number(value)) // Python cannot read Fortran's exponents
    std::replace_if(
        value.begin(), value.end(), [](char c) { return c == 'd' || c == 'D'; }, 'e');
  out << ' ' << value;
}

void check(const Frame& frame) {
  expects(frame.structure.species.size() == frame.structure.positions.size(), "one position per atom");
  for (const InfoEntry& entry : frame.info)
    expects((entry.key + entry.value).find_first_of("\r\n") == std::string::npos, "info entries of one line");
  for (const AtomArray& array : frame.arrays)
    expects(array.values.size() == frame.structure.size() * static_cast<std::size_t>(array.columns),
            "one row per atom");
}

} // namespace

void write_extxyz(std::ostream& out, const Frame& frame) {
  check(frame);
  const structure::Structure& structure = frame.structure;
  out << structure.size() << '\n';
  if (structure.cell != structure::Cell{})
    out << cell_text(structure.cell);
  out << "Properties=" << properties_of(frame);
  write_info(out, frame);
  out << '\n';
  for (std::size_t i = 0; i < structure.size(); ++i) {
    out << structure::element_symbol(structure.species[i]);
    for (const double x : structure.positions[i])
      out << ' ' << decimal(x);
    for (const AtomArray& array : frame.arrays)
      for (int column = 0; column < array.columns; ++column)
        write_array_value(
            out, array.type,
            array.values[i * static_cast<std::size_t>(array.columns) + static_cast<std::size_t>(column)]);
    out << '\n';
  }
}

} // namespace soapstone::formats
