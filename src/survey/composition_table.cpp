// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/survey/composition_table.hpp"

#include "soapstone/structure/elements.hpp"

#include <array>

namespace soapstone::survey {

std::int32_t CompositionTable::number_of(std::span<const std::uint8_t> species) {
  std::array<std::int32_t, structure::max_atomic_number + 1> counts{};
  for (const auto z : species)
    ++counts[z];
  Composition composition;
  for (std::size_t z = 1; z < counts.size(); ++z)
    if (counts[z] > 0)
      composition.emplace_back(static_cast<std::uint8_t>(z), counts[z]);
  const auto [place, is_new] =
      numbers_.try_emplace(composition, static_cast<std::int32_t>(compositions_.size()));
  if (is_new)
    compositions_.push_back(std::move(composition));
  return place->second;
}

std::string formula(const Composition& composition) {
  std::string text;
  for (const auto& [z, count] : composition)
    text += (text.empty() ? "" : " ") + std::string(structure::element_symbol(z)) +
            (count == 1 ? "" : std::to_string(count));
  return text;
}

} // namespace soapstone::survey
