// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/h5/file.hpp"

#include <cstdint>
#include <vector>

namespace soapstone::h5 {

/// Returns how many of the indices below `index` the part owns: also the local number of the first owned
/// index that is not below.
std::uint64_t owned_below(const Part& part, std::uint64_t index);

/// Indices start + i stride + j, i < count, j < block.
struct Slab {
  std::uint64_t start = 0, stride = 0, count = 0, block = 0;
};

/// The owned indices in [from, to) as few regular slabs, in ascending order: blocks that the bounds cut, and
/// the whole ones between.
std::vector<Slab> slabs(const Part& part, std::uint64_t from, std::uint64_t to);

} // namespace soapstone::h5
