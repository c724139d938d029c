// SPDX-License-Identifier: BSD-3-Clause
#include "feature_groups.hpp"

#include "soapstone/base/check.hpp"
#include "soapstone/structure/elements.hpp"

#include <map>
#include <set>

namespace soapstone::features {
std::vector<int> channels_of(const structure::Structure& structure, const ChannelOfElement& channel_of) {
  std::set<int> channels;
  for (const std::uint8_t z : structure.species) {
    if (channel_of[z] < 0)
      throw DataError("the element " + std::string(structure::element_symbol(z)) + " has no species channel",
                      structure.origin.location());
    channels.insert(channel_of[z]);
  }
  return {channels.begin(), channels.end()};
}

std::vector<ElementGroup> group_by_elements(std::span<const structure::Structure> structures,
                                            const ChannelOfElement& channel_of) {
  std::map<std::vector<int>, std::vector<std::int32_t>> members;
  for (std::size_t i = 0; i < structures.size(); ++i)
    members[channels_of(structures[i], channel_of)].push_back(
        narrow<std::int32_t>(i, "structures of a block"));
  std::vector<ElementGroup> groups;
  groups.reserve(members.size());
  for (auto& [channels, positions] : members)
    groups.push_back({channels, std::move(positions)});
  return groups;
}

FeatureGroup contracted_group(const FeatureLayout& layout) {
  FeatureGroup group;
  group.segments = {{0, layout.widths.front(), 0}};
  group.width = layout.widths.front();
  return group;
}

FeatureGroup feature_group(const std::vector<int>& channels, int total, int body_order,
                           const FeatureLayout& layout) {
  FeatureGroup group;
  const auto append = [&](int id) {
    const std::int32_t width = layout.widths[static_cast<std::size_t>(id)];
    group.segments.push_back({id, width, group.width});
    group.width += width;
  };
  for (std::size_t i = 0; i < channels.size(); ++i) {
    const int a = channels[i];
    if (body_order == 2)
      append(a);
    else
      for (std::size_t j = i; j < channels.size(); ++j)
        append(a * total - a * (a - 1) / 2 + channels[j] - a);
  }
  return group;
}

} // namespace soapstone::features
