// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/formats/frame.hpp"

namespace soapstone::formats {

/// The meaning of a group of columns of an atom line.
enum class ColumnRole { species, atomic_number, position, array };

/// One name:type:width of Properties=.
struct ColumnGroup {
  ColumnRole role = ColumnRole::array;
  std::string name;
  char type = 'R';
  int columns = 1;
};

/// The meaning of the columns of an atom line, from left to right.
struct ColumnLayout {
  std::string text; ///< the Properties value that says so
  std::vector<ColumnGroup> groups;
  bool open = false; ///< further columns may follow, without a meaning: plain XYZ
};

/// Reads a Properties value, name:type:columns[:...], with ASE's names: species or symbols, Z or numbers, pos
/// or positions. Names in another case (Pos) count where none of ASE's is given. Throws DataError where it is
/// malformed, names a column twice, or lacks the positions or the species.
ColumnLayout parse_columns(std::string_view properties, const DataLocation& location);

inline constexpr std::string_view default_properties =
    "species:S:1:pos:R:3"; ///< of a frame without Properties=

} // namespace soapstone::formats
