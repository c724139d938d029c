// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/formats/extxyz_columns.hpp"

#include "soapstone/base/text.hpp"
#include "soapstone/formats/tokens.hpp"

#include <algorithm>
#include <cctype>
#include <set>

namespace soapstone::formats {

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

// Returns the role of a name in another case. z may also be the name of a coordinate.
ColumnRole role_of_variant(const ColumnGroup& group) {
  const auto name = to_lower(group.name);
  if (name == "z")
    return group.type == 'I' && group.columns == 1 ? ColumnRole::atomic_number : ColumnRole::array;
  return role_of(name);
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

bool fits(const ColumnGroup& group) {
  const Shape shape = shape_of(group.role);
  return !group.name.empty() && shape.types.find(group.type) != std::string_view::npos &&
         (shape.columns == 0 || group.columns == shape.columns);
}

// Returns a group without columns if the text is malformed.
ColumnGroup parse_group(const std::string& name, const std::string& type, const std::string& columns) {
  const auto count = parse_integer(columns);
  if (type.size() != 1 || !count || *count < 1 || *count > most_columns)
    return {ColumnRole::array, {}, 'R', 0};
  return {role_of(name), name, static_cast<char>(std::toupper(static_cast<unsigned char>(type[0]))),
          static_cast<int>(*count)};
}

bool has(const ColumnLayout& layout, ColumnRole role) {
  return std::any_of(layout.groups.begin(), layout.groups.end(),
                     [&](const ColumnGroup& group) { return group.role == role; });
}

bool has_species(const ColumnLayout& layout) {
  return has(layout, ColumnRole::species) || has(layout, ColumnRole::atomic_number);
}

// Accepts Pos or SPECIES where there is no pos or species.
void take_variants(ColumnLayout& layout) {
  const bool positions = has(layout, ColumnRole::position), species = has_species(layout);
  for (ColumnGroup& group : layout.groups)
    if (const auto role = role_of_variant(group);
        group.role == ColumnRole::array && !(role == ColumnRole::position ? positions : species))
      group.role = role;
}

} // namespace

ColumnLayout parse_columns(std::string_view properties, const DataLocation& location) {
  auto fields = split(trim(properties), ':');
  if (fields.size() % 3 == 1 && fields.back().empty()) // ASE also ignores a colon at the end
    fields.pop_back();
  if (fields.empty() || fields.size() % 3 != 0)
    refuse("name:type:columns for each property", properties, location);
  ColumnLayout layout{std::string(properties), {}};
  for (std::size_t i = 0; i < fields.size(); i += 3)
    layout.groups.push_back(parse_group(fields[i], fields[i + 1], fields[i + 2]));
  take_variants(layout);
  std::set<std::string> names;
  std::set<ColumnRole> roles;
  for (const ColumnGroup& group : layout.groups) {
    if (!fits(group))
      refuse("species:S:1, pos:R:3, Z:I:1 or name:type:columns with type S, R, I or L", properties, location);
    if (!names.insert(group.name).second ||
        (group.role != ColumnRole::array && !roles.insert(group.role).second))
      refuse("each property once", properties, location);
  }
  if (!has(layout, ColumnRole::position))
    refuse("positions (pos:R:3)", properties, location);
  if (!has_species(layout))
    refuse("species (species:S:1 or Z:I:1)", properties, location);
  return layout;
}

} // namespace soapstone::formats
