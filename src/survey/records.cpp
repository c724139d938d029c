// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/survey/records.hpp"

#include "limits.hpp"

#include "soapstone/base/text.hpp"
#include "soapstone/formats/tokens.hpp"
#include "soapstone/structure/cell.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace soapstone::survey {

using formats::Frame;

namespace {

constexpr std::size_t structures_kept = 50;
constexpr double not_a_number = std::numeric_limits<double>::infinity();

double target_of(const Frame& frame, const std::string& key) {
  const auto* text = key.empty() ? nullptr : frame.find(key);
  if (text == nullptr)
    return unknown;
  const auto number = formats::to_number(trim(*text));
  return number && std::isfinite(*number) ? *number : not_a_number;
}

/// Returns the trace of nine numbers row by row, or of six in Voigt's order (xx, yy, zz, ...).
double trace_of(std::string_view value) {
  std::vector<double> numbers;
  for (auto token = formats::next_value(value); !token.empty(); token = formats::next_value(value))
    numbers.push_back(formats::to_number(token).value_or(unknown));
  if (numbers.size() == 9)
    return numbers[0] + numbers[4] + numbers[8];
  return numbers.size() == 6 ? numbers[0] + numbers[1] + numbers[2] : unknown;
}

double pressure_of(const Frame& frame, const std::string& key) {
  const auto* text = key.empty() ? nullptr : frame.find(key);
  const auto& cell = frame.structure.cell;
  if (text == nullptr || cell.periodic != std::array<bool, 3>{true, true, true})
    return unknown;
  const auto& [a, b, c] = cell.vectors;
  const double volume = std::abs(structure::dot(a, structure::cross(b, c)));
  const double trace = trace_of(*text) / 3;
  return role_of_key(key, 9) == Role::virial ? trace / volume : -trace;
}

} // namespace

DataLocation Collection::place(std::int64_t index) const {
  const auto& record = records.at(static_cast<std::size_t>(index));
  return {names.at(static_cast<std::size_t>(record.name)), record.frame, record.line};
}

Collector::Collector(Collection& collection, std::string target)
    : collection_(collection), wanted_(std::move(target)) {}

void Collector::choose(const Frame& frame) {
  auto& chosen = collection_.chosen;
  if (chosen.target.empty() || (chosen.target != wanted_ && frame.find(wanted_) != nullptr &&
                                collection_.records.size() < structures_kept))
    chosen.target = likely_target(frame, wanted_);
  if (chosen.forces.empty())
    for (const auto& array : frame.arrays)
      if (role_of_column(array.name, array.type, array.columns) == Role::forces && chosen.forces.empty())
        chosen.forces = array.name;
  for (const auto& entry : frame.info) {
    if (chosen.split.empty() && is_split(entry.key))
      chosen.split = entry.key;
    if (!chosen.stress.empty())
      continue;
    const auto role = role_of_key(entry.key, count_numbers(entry.value));
    if (role == Role::virial || role == Role::stress)
      chosen.stress = entry.key;
  }
}

std::int32_t Collector::name_of(const std::string& file) {
  if (!collection_.names.empty() && collection_.names.back() == file)
    return static_cast<std::int32_t>(collection_.names.size() - 1);
  const auto [place, is_new] = names_.try_emplace(file, static_cast<std::int32_t>(collection_.names.size()));
  if (is_new)
    collection_.names.push_back(file);
  return place->second;
}

std::int32_t Collector::split_of(const Frame& frame) {
  const auto* value = collection_.chosen.split.empty() ? nullptr : frame.find(collection_.chosen.split);
  if (value == nullptr)
    return -1;
  const auto [place, is_new] = splits_.try_emplace(*value, static_cast<std::int32_t>(splits_.size()));
  if (is_new)
    collection_.splits.push_back(*value);
  return place->second;
}

void Collector::add(const Frame& frame, std::int32_t source) {
  choose(frame);
  collection_.keys.add(frame);
  Record record;
  record.source = source;
  record.name = name_of(frame.location.file);
  record.frame = frame.location.frame;
  record.line = frame.location.line;
  record.atoms = static_cast<std::int32_t>(frame.structure.size());
  record.composition = collection_.compositions.number_of(frame.structure.species);
  record.split = split_of(frame);
  for (std::size_t k = 0; k < 3; ++k)
    record.periodic |= frame.structure.cell.periodic[k] ? 1 << k : 0;
  record.target = target_of(frame, collection_.chosen.target);
  record.pressure = pressure_of(frame, collection_.chosen.stress);
  collection_.records.push_back(record);
  if (collection_.first.size() < structures_kept)
    collection_.first.push_back(frame.structure);
}

std::vector<structure::Vec3> Collector::forces_of(const Frame& frame) const {
  for (const auto& array : frame.arrays) {
    if (collection_.chosen.forces.empty() || array.name != collection_.chosen.forces || array.columns != 3)
      continue;
    std::vector<structure::Vec3> forces(frame.structure.size());
    for (std::size_t i = 0; i < forces.size(); ++i)
      for (std::size_t k = 0; k < 3; ++k)
        forces[i][k] = formats::to_number(array.values[3 * i + k]).value_or(unknown);
    return forces;
  }
  return {};
}

} // namespace soapstone::survey
