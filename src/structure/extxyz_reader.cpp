// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/structure/extxyz_reader.hpp"

#include "soapstone/base/text.hpp"
#include "soapstone/structure/cell.hpp"
#include "soapstone/structure/extxyz_atoms.hpp"
#include "soapstone/structure/extxyz_comment.hpp"
#include "soapstone/structure/tokens.hpp"

#include <algorithm>
#include <cmath>

namespace soapstone::structure {

namespace {

constexpr std::int64_t most_reserved = 1 << 16; // a wrong number of atoms must not become an allocation

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
  if (!count && frame_ == 0)
    refuse("the number of atoms in the first line, as in extended XYZ (ASE converts other formats)", line);
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
  if (layout_.groups.empty() || layout_.text != properties)
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
  const std::function<DataLocation()> place = [this] { return here(); };
  std::string_view line;
  for (std::int64_t i = 0; i < atoms; ++i) {
    if (!text_->next(line))
      throw DataError("expected " + std::to_string(atoms) + " atoms, found the end of the file after " +
                          std::to_string(i),
                      here());
    read_atom_line(line, layout_, frame, place);
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
