// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/features/feature_block.hpp"
#include "soapstone/structure/structure.hpp"

#include <array>
#include <span>
#include <vector>

namespace soapstone::features {

/// Species channels by atomic number; -1 where an element has none.
using ChannelOfElement = std::array<int, 256>;

/// Channels of a structure's elements, ascending. Throws DataError naming the element, with the structure's
/// origin, where an element has no channel.
std::vector<int> channels_of(const structure::Structure& structure, const ChannelOfElement& channel_of);

/// Structures with the same set of elements.
struct ElementGroup {
  std::vector<int> channels; ///< ascending
  std::vector<std::int32_t> structures;
};

/// Groups in the order of their sets of channels. Throws what channels_of() throws.
std::vector<ElementGroup> group_by_elements(std::span<const structure::Structure> structures,
                                            const ChannelOfElement& channel_of);

/// A group for contracted features, of structures of any elements.
FeatureGroup contracted_group(const FeatureLayout& layout);

/// An empty group with the segments that structures with these channels occupy, `channels` of `total`.
FeatureGroup feature_group(const std::vector<int>& channels, int total, int body_order,
                           const FeatureLayout& layout);

} // namespace soapstone::features
