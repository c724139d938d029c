// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/structure/extxyz_reader.hpp"

#include "soapstone/base/text.hpp"
#include "soapstone/structure/cell.hpp"
#include "soapstone/structure/elements.hpp"
#include "soapstone/structure/extxyz_comment.hpp"
#include "soapstone/structure/tokens.hpp"

#include <algorithm>
#include <cmath>

namespace soapstone::structure {

namespace {

constexpr std::int64_t most_reserved = 1 << 16; // a wrong number of atoms must not become an allocation

bool is_valid(char type, std::string_view token) {
  switch (type) {
  case 'R':
    return to_number(token).has_value();
  case 'I':
    return parse_integer(token).has_value();
  case 'L':
    return token == "T" || token == "F" || token == "True" || token == "False";
  default:
    return true;
  }
}

const char* name_of(char type) {
  return type == 'R' ? "a number" : type == 'I' ? "an integer" : type == 'L' ? "T or F" : "a word";
}

void take_entry(std::vector<InfoEntry>& info, std::string_view key) {
  std::erase_if(info, [&](const InfoEntry& entry) { return entry.key == key; });
}

} // namespace

bool ExtxyzReader::next(Frame& frame) {
  std::int64_t atoms = 0;
  if (!read_count(atoms))
    return false;
  frame.location.file = text_->name();
  frame.location.frame = frame_;
  frame.location.line = text_->line_number();
  read_comment(frame);
  read_atoms(frame, atoms);
  read_cell_lines(frame);
  if (const auto defect = cell_defect(frame.structure.cell); !defect.empty())
    throw DataError(defect, {text_->name(), frame_, comment_line_});
  return true;
}

bool ExtxyzReader::read_count(std::int64_t& atoms) {
  std::string_view line;
  do {
    if (!text_->next(line))
      return false;
  } while (is_blank(line));
  ++frame_;
  const auto count = parse_integer(trim(line));
  if (!count || *count < 1)
    refuse("the number of atoms of a frame, 1 or more", line);
  atoms = *count;
  return true;
}

void ExtxyzReader::read_comment(Frame& frame) {
  std::string_view line;
  if (!text_->next(line))
    throw DataError("expected a comment line, found the end of the file", here());
  comment_line_ = text_->line_number();
  parse_comment(line, frame.info);
  take_cell(frame);
  take_layout(frame);
}

void ExtxyzReader::take_cell(Frame& frame) {
  Cell& cell = frame.structure.cell;
  cell = {};
  if (const std::string* lattice = frame.find("Lattice")) {
    const auto vectors = parse_lattice(*lattice);
    if (!vectors)
      refuse("nine finite numbers in Lattice", *lattice);
    cell.vectors = *vectors;
    cell.periodic = {true, true, true};
  }
  if (const std::string* pbc = frame.find("pbc")) {
    const auto periodic = parse_pbc(*pbc);
    if (!periodic)
      refuse("one or three of T and F in pbc", *pbc);
    cell.periodic = *periodic;
  }
  take_entry(frame.info, "Lattice");
  take_entry(frame.info, "pbc");
}

void ExtxyzReader::take_layout(Frame& frame) {
  const std::string* given = frame.find("Properties");
  const std::string_view properties = given ? std::string_view(*given) : default_properties;
  if (layout_.text != properties)
    layout_ = parse_columns(properties, here());
  take_entry(frame.info, "Properties");
  const auto arrays = std::count_if(layout_.groups.begin(), layout_.groups.end(),
                                    [](const ColumnGroup& group) { return group.role == ColumnRole::array; });
  frame.arrays.resize(static_cast<std::size_t>(arrays));
  auto array = frame.arrays.begin();
  for (const ColumnGroup& group : layout_.groups) {
    if (group.role != ColumnRole::array)
      continue;
    array->name = group.name;
    array->type = group.type;
    array->columns = group.columns;
    array->values.clear();
    ++array;
  }
}

void ExtxyzReader::read_atoms(Frame& frame, std::int64_t atoms) {
  Structure& structure = frame.structure;
  structure.species.clear();
  structure.positions.clear();
  structure.species.reserve(static_cast<std::size_t>(std::min(atoms, most_reserved)));
  structure.positions.reserve(static_cast<std::size_t>(std::min(atoms, most_reserved)));
  std::string_view line;
  for (std::int64_t i = 0; i < atoms; ++i) {
    if (!text_->next(line))
      throw DataError("expected " + std::to_string(atoms) + " atoms, found the end of the file after " +
                          std::to_string(i),
                      here());
    read_atom(frame, line);
  }
}

void ExtxyzReader::read_atom(Frame& frame, std::string_view line) {
  std::string_view rest = line;
  auto array = frame.arrays.begin();
  bool species_known = false;
  for (const ColumnGroup& group : layout_.groups) {
    switch (group.role) {
    case ColumnRole::species:
    case ColumnRole::atomic_number: {
      const auto token = next_token(rest);
      if (token.empty())
        refuse("an atom line with the columns " + layout_.text, line);
      read_species(frame.structure, token, species_known);
      species_known = true;
      break;
    }
    case ColumnRole::position:
      read_position(frame.structure.positions.emplace_back(), rest, line);
      break;
    case ColumnRole::array:
      read_array(*array++, rest, line);
      break;
    }
  }
}

void ExtxyzReader::read_species(Structure& structure, std::string_view token, bool second) {
  const auto z = to_species(token);
  if (!z)
    throw DataError("unknown element " + shown(token) + ": expected a chemical symbol or an atomic number",
                    here());
  if (!second)
    structure.species.push_back(static_cast<std::uint8_t>(*z));
  else if (structure.species.back() != *z)
    throw DataError("the symbol and the atomic number of an atom differ: " +
                        std::string(element_symbol(structure.species.back())) + " and " +
                        std::string(element_symbol(*z)),
                    here());
}

void ExtxyzReader::read_position(Vec3& position, std::string_view& rest, std::string_view line) {
  for (double& x : position) {
    const auto token = next_token(rest);
    if (token.empty())
      refuse("an atom line with the columns " + layout_.text, line);
    const auto number = to_number(token);
    if (!number || !std::isfinite(*number))
      refuse("a finite coordinate", token);
    x = *number;
  }
}

void ExtxyzReader::read_array(AtomArray& array, std::string_view& rest, std::string_view line) {
  for (int column = 0; column < array.columns; ++column) {
    const auto token = next_token(rest);
    if (token.empty())
      refuse("an atom line with the columns " + layout_.text, line);
    if (!is_valid(array.type, token))
      refuse(std::string(name_of(array.type)) + " in column " + array.name, token);
    array.values.emplace_back(token);
  }
}

void ExtxyzReader::read_cell_lines(Frame& frame) {
  std::string_view line;
  Cell cell;
  std::size_t vectors = 0;
  while (text_->peek(line) && trim(line).starts_with("VEC")) {
    text_->next(line);
    std::string_view rest = line;
    const bool in_order = vectors < 3 && next_token(rest) == "VEC" + std::to_string(vectors + 1);
    for (std::size_t k = 0; in_order && k < 3; ++k) {
      const auto number = to_number(next_token(rest));
      if (!number || !std::isfinite(*number))
        refuse("three finite numbers after VEC", line);
      cell.vectors[vectors][k] = *number;
    }
    if (!in_order || !is_blank(rest))
      refuse("VEC1, VEC2 and VEC3 in this order with three numbers each", line);
    cell.periodic[vectors++] = true;
  }
  if (vectors == 0)
    return;
  if (frame.structure.cell != Cell{})
    refuse("a cell either in the comment line or in VEC lines", "both");
  frame.structure.cell = cell;
}

void ExtxyzReader::refuse(const std::string& expected, std::string_view found) const {
  throw DataError("expected " + expected + ", found " + shown(found), here());
}

} // namespace soapstone::structure
