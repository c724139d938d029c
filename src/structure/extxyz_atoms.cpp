// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/structure/extxyz_atoms.hpp"

#include "soapstone/base/text.hpp"
#include "soapstone/structure/elements.hpp"
#include "soapstone/structure/tokens.hpp"

#include <cmath>

namespace soapstone::structure {

namespace {

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

// Walks over one line. The place is only asked for when there is something to say about it: a place holds a
// string.
class AtomLine {
public:
  AtomLine(std::string_view line, const ColumnLayout& layout, const std::function<DataLocation()>& here)
      : line_(line), rest_(line), layout_(layout), here_(here) {}

  void read_species(Structure& structure, bool second) {
    const auto word = token();
    const auto z = to_species(word);
    if (!z)
      throw DataError("unknown element " + shown(word) + ": expected a chemical symbol or an atomic number",
                      here_());
    if (!second)
      structure.species.push_back(static_cast<std::uint8_t>(*z));
    else if (structure.species.back() != *z)
      throw DataError("the symbol and the atomic number of an atom differ: " +
                          std::string(element_symbol(structure.species.back())) + " and " +
                          std::string(element_symbol(*z)),
                      here_());
  }

  void read_position(Vec3& position) {
    for (double& x : position) {
      const auto word = token();
      const auto number = to_number(word);
      if (!number || !std::isfinite(*number))
        refuse("a finite coordinate", word);
      x = *number;
    }
  }

  void read_array(AtomArray& array) {
    for (int column = 0; column < array.columns; ++column) {
      const auto word = token();
      if (!is_valid(array.type, word))
        refuse(std::string(name_of(array.type)) + " in column " + array.name, word);
      array.values.emplace_back(word);
    }
  }

private:
  std::string_view token() {
    const auto word = next_token(rest_);
    if (word.empty())
      refuse("an atom line with the columns " + layout_.text, line_);
    return word;
  }

  [[noreturn]] void refuse(const std::string& expected, std::string_view found) const {
    throw DataError("expected " + expected + ", found " + shown(found), here_());
  }

  std::string_view line_, rest_;
  const ColumnLayout& layout_;
  const std::function<DataLocation()>& here_;
};

} // namespace

void read_atom_line(std::string_view line, const ColumnLayout& layout, Frame& frame,
                    const std::function<DataLocation()>& here) {
  AtomLine columns(line, layout, here);
  auto array = frame.arrays.begin();
  bool species_known = false;
  for (const ColumnGroup& group : layout.groups) {
    switch (group.role) {
    case ColumnRole::species:
    case ColumnRole::atomic_number:
      columns.read_species(frame.structure, species_known);
      species_known = true;
      break;
    case ColumnRole::position:
      columns.read_position(frame.structure.positions.emplace_back());
      break;
    case ColumnRole::array:
      columns.read_array(*array++);
      break;
    }
  }
}

} // namespace soapstone::structure
