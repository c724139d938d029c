// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace soapstone::survey {

/// Elements of a structure and how many atoms of each it has, by ascending atomic number.
using Composition = std::vector<std::pair<std::uint8_t, std::int32_t>>;

/// The distinct compositions of many structures, numbered in the order of their first appearance.
class CompositionTable {
public:
  /// Returns the number of the composition of these atoms.
  std::int32_t number_of(std::span<const std::uint8_t> species);
  const std::vector<Composition>& compositions() const noexcept { return compositions_; }

private:
  std::map<Composition, std::int32_t> numbers_;
  std::vector<Composition> compositions_;
};

/// Returns the formula by atomic number: "C6 H6 O".
std::string formula(const Composition& composition);

} // namespace soapstone::survey
