// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/structure/extxyz_columns.hpp"

#include "soapstone/base/text.hpp"
#include "soapstone/structure/tokens.hpp"

#include <algorithm>
#include <set>

namespace soapstone::structure {

namespace {

constexpr std::int64_t most_columns = 100000;

ColumnRole role_of(std::string_view name) {
  if (name == "species" || name == "symbols")
    return ColumnRole::species;
  if (name == "Z" || name == "numbers")
    return ColumnRole::atomic_number;
  if (name == "pos" || name == "positions")
    return ColumnRole::position;
  return ColumnRole::array;
}

struct Shape {
  std::string_view types; ///< the types that make sense
  int columns;
};

Shape shape_of(ColumnRole role) {
  switch (role) {
  case ColumnRole::species:
    return {"SI", 1};
  case ColumnRole::atomic_number:
    return {"I", 1};
  case ColumnRole::position:
    return {"RI", 3};
  default:
    return {"SRIL", 0};
  }
}

[[noreturn]] void refuse(const std::string& expected, std::string_view properties,
                         const DataLocation& location) {
  throw DataError("Properties: expected " + expected + ", found " + shown(properties), location);
}

ColumnGroup parse_group(const std::string& name, const std::string& type, const std::string& columns) {
  const auto count = parse_integer(columns);
  const ColumnRole role = role_of(name);
  const Shape shape = shape_of(role);
  const bool type_fits = type.size() == 1 && shape.types.find(type[0]) != std::string_view::npos;
  const bool count_fits =
      count && *count >= 1 && *count <= most_columns && (shape.columns == 0 || *count == shape.columns);
  if (name.empty() || !type_fits || !count_fits)
    return {role, {}, 'R', 0};
  return {role, name, type[0], static_cast<int>(*count)};
}

} // namespace

ColumnLayout parse_columns(std::string_view properties, const DataLocation& location) {
  const auto fields = split(trim(properties), ':');
  if (fields.size() % 3 != 0)
    refuse("name:type:columns for each property", properties, location);
  ColumnLayout layout{std::string(properties), {}};
  std::set<std::string> names;
  std::set<ColumnRole> roles;
  for (std::size_t i = 0; i < fields.size(); i += 3) {
    auto group = parse_group(fields[i], fields[i + 1], fields[i + 2]);
    if (group.columns == 0)
      refuse("species:S:1, pos:R:3, Z:I:1 or name:type:columns with type S, R, I or L", properties, location);
    if (!names.insert(group.name).second ||
        (group.role != ColumnRole::array && !roles.insert(group.role).second))
      refuse("each property once", properties, location);
    layout.groups.push_back(std::move(group));
  }
  if (!roles.contains(ColumnRole::position))
    refuse("positions (pos:R:3)", properties, location);
  if (!roles.contains(ColumnRole::species) && !roles.contains(ColumnRole::atomic_number))
    refuse("species (species:S:1 or Z:I:1)", properties, location);
  return layout;
}

} // namespace soapstone::structure
