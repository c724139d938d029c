// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/formats/extxyz_atoms.hpp"

#include "soapstone/base/text.hpp"
#include "soapstone/formats/tokens.hpp"
#include "soapstone/structure/elements.hpp"

#include <cmath>

namespace soapstone::formats {

namespace {

// Walks over one line. The place is only asked for when there is something to say about it: a place holds a
// string.
class AtomLine {
public:
  AtomLine(std::string_view line, const ColumnLayout& layout, const std::function<DataLocation()>& here)
      : line_(line), rest_(line), layout_(layout), here_(here) {}

  void read_species(structure::Structure& structure, bool second) {
    const auto word = token();
    const auto z = to_species(word);
    if (!z)
      throw DataError("unknown element " + shown(word) + ": expected a chemical symbol or an atomic number",
                      here_());
    if (!second)
      structure.species.push_back(static_cast<std::uint8_t>(*z));
    else if (structure.species.back() != *z)
      throw DataError("the symbol and the atomic number of an atom differ: " +
                          std::string(structure::element_symbol(structure.species.back())) + " and " +
                          std::string(structure::element_symbol(*z)),
                      here_());
  }

  void read_position(structure::Vec3& position) {
    for (double& x : position) {
      const auto word = token();
      const auto number = to_number(word);
      if (!number || !std::isfinite(*number))
        refuse("a finite coordinate", shown(word));
      x = *number;
    }
  }

  // The columns may contain anything. The code that uses them reads their values.
  void read_array(AtomArray& array) {
    for (int column = 0; column < array.columns; ++column)
      array.values.emplace_back(array.type == 'S' ? text() : token());
  }

  void finish() const {
    if (!layout_.open && !is_blank(rest_))
      refuse_count();
  }

private:
  std::string_view token() {
    const auto word = next_token(rest_);
    if (word.empty())
      refuse_count();
    return word;
  }

  // Returns a word, or several in double quotes.
  std::string_view text() {
    const auto word = token();
    if (word[0] != '"' || (word.size() > 1 && word.back() == '"'))
      return word;
    for (auto end = rest_.find('"'); end != std::string_view::npos; end = rest_.find('"', end + 1))
      if (end + 1 == rest_.size() || is_blank(rest_[end + 1])) {
        const std::string_view whole(word.data(), word.size() + end + 1);
        rest_.remove_prefix(end + 1);
        return whole;
      }
    return word;
  }

  [[noreturn]] void refuse_count() const {
    int columns = 0;
    for (const ColumnGroup& group : layout_.groups)
      columns += group.columns;
    refuse("an atom line of " + std::to_string(columns) + " columns (" + layout_.text + ")",
           std::to_string(split_whitespace(line_).size()) + ": " + shown(line_));
  }

  // `found` has its quotes already, if it needs any.
  [[noreturn]] void refuse(const std::string& expected, const std::string& found) const {
    throw DataError("expected " + expected + ", found " + found, here_());
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
  columns.finish();
}

} // namespace soapstone::formats
