// SPDX-License-Identifier: BSD-3-Clause
#include "part.hpp"

#include <algorithm>

namespace soapstone::h5 {

std::uint64_t Part::count() const {
  return owned_below(*this, extent);
}

std::uint64_t owned_below(const Part& part, std::uint64_t index) {
  index = std::min(index, part.extent);
  if (part.block == 0 || index <= part.start)
    return 0;
  const std::uint64_t stride = std::max(part.stride, part.block), reach = index - part.start;
  return reach / stride * part.block + std::min(reach % stride, part.block);
}

std::vector<Slab> slabs(const Part& part, std::uint64_t from, std::uint64_t to) {
  std::vector<Slab> found;
  to = std::min(to, part.extent);
  if (part.block == 0 || part.start >= to)
    return found;
  const std::uint64_t stride = std::max(part.stride, part.block);
  const std::uint64_t first = from > part.start ? (from - part.start) / stride : 0;
  for (std::uint64_t at = part.start + first * stride; at < to; at += stride) {
    const std::uint64_t begin = std::max(at, from), end = std::min(at + part.block, to);
    if (begin >= end)
      continue;
    if (!found.empty() && found.back().block == end - begin &&
        found.back().start + found.back().count * stride == begin)
      ++found.back().count;
    else
      found.push_back({begin, stride, 1, end - begin});
  }
  return found;
}

} // namespace soapstone::h5
