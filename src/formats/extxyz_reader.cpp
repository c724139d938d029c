// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/formats/extxyz_reader.hpp"

#include "soapstone/base/text.hpp"
#include "soapstone/formats/extxyz_atoms.hpp"
#include "soapstone/formats/extxyz_comment.hpp"
#include "soapstone/formats/reserved_keys.hpp"
#include "soapstone/formats/tokens.hpp"
#include "soapstone/structure/cell.hpp"

#include <algorithm>
#include <cmath>

namespace soapstone::formats {

namespace {

constexpr std::int64_t most_reserved = 1 << 16; // a wrong number of atoms must not become an allocation

constexpr const char* needed_cell =
    "expected Lattice=\"ax ay az bx by bz cx cy cz\" in Å, or pbc=\"F F F\" for a "
    "structure that does not repeat";

/// Describes what is wrong with the cell, with an explanation of the most frequent mistakes.
std::string defect_of(const Frame& frame, bool has_lattice) {
  const structure::Cell& cell = frame.structure.cell;
  auto defect = structure::cell_defect(cell);
  if (!defect.empty() && cell.vectors == structure::Cell{}.vectors)
    defect = (has_lattice ? "periodic, but all vectors of Lattice are zero: "
                          : "pbc says that the structure is periodic, but there is no Lattice: ") +
             std::string(needed_cell);
  for (const Remark& remark : frame.remarks)
    if (!defect.empty())
      defect += "; " + remark.text;
  return defect;
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
  if (const auto defect = defect_of(frame, has_lattice_); !defect.empty())
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
  frame.remarks.clear();
  const auto said = take_reserved(frame, [this] { return here(); });
  structure::Cell& cell = frame.structure.cell;
  cell = {};
  has_lattice_ = said.lattice.has_value();
  if (said.lattice)
    cell = {*said.lattice, {true, true, true}};
  if (said.periodic)
    cell.periodic = *said.periodic;
  take_layout(frame, said.properties);
}

void ExtxyzReader::take_layout(Frame& frame, const std::optional<std::string>& given) {
  const std::string_view properties = given ? std::string_view(*given) : default_properties;
  if (layout_.groups.empty() || layout_.text != properties)
    layout_ = parse_columns(properties, here());
  layout_.open = !given;
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
  structure::Structure& structure = frame.structure;
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
  structure::Cell cell;
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
  if (frame.structure.cell != structure::Cell{})
    refuse("a cell either in the comment line or in VEC lines", "both");
  frame.structure.cell = cell;
}

void ExtxyzReader::refuse(const std::string& expected, std::string_view found) const {
  throw DataError("expected " + expected + ", found " + shown(found), here());
}

} // namespace soapstone::formats
