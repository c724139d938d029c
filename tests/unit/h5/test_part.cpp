// SPDX-License-Identifier: BSD-3-Clause
#include "part.hpp"

#include <set>

#include <gtest/gtest.h>

namespace soapstone::h5 {
namespace {

bool owns(const Part& part, std::uint64_t index) {
  if (index < part.start || index >= part.extent || part.block == 0)
    return false;
  return (index - part.start) % std::max(part.stride, part.block) < part.block;
}

std::vector<std::uint64_t> listed(const std::vector<Slab>& found) {
  std::vector<std::uint64_t> indices;
  for (const auto& slab : found)
    for (std::uint64_t k = 0; k < slab.count; ++k)
      for (std::uint64_t j = 0; j < slab.block; ++j)
        indices.push_back(slab.start + k * slab.stride + j);
  return indices;
}

TEST(Part, agrees_with_counting_one_by_one) {
  for (std::uint64_t extent = 0; extent < 15; ++extent)
    for (std::uint64_t block = 0; block < 5; ++block)
      for (std::uint64_t gap = 0; gap < 7; ++gap)
        for (std::uint64_t start = 0; start < extent + 2; ++start) {
          const Part part{start, block, block + gap, extent};
          std::uint64_t below = 0;
          for (std::uint64_t index = 0; index <= extent; ++index) {
            EXPECT_EQ(owned_below(part, index), below);
            below += owns(part, index) ? 1 : 0;
          }
          EXPECT_EQ(part.count(), below);
        }
}

TEST(Part, slabs_list_the_owned_indices_of_a_window_in_order) {
  for (std::uint64_t block = 1; block < 5; ++block)
    for (std::uint64_t gap = 0; gap < 7; ++gap)
      for (std::uint64_t start = 0; start < 8; ++start)
        for (std::uint64_t from = 0; from < 23; from += 2)
          for (std::uint64_t to = from; to < 26; to += 3) {
            const Part part{start, block, block + gap, 23};
            std::vector<std::uint64_t> wanted;
            for (std::uint64_t index = from; index < to; ++index)
              if (owns(part, index))
                wanted.push_back(index);
            EXPECT_EQ(listed(slabs(part, from, to)), wanted);
          }
}

TEST(Part, few_slabs_however_many_blocks) {
  EXPECT_LE(slabs({3, 4, 12, 100000}, 5, 99999).size(), 3U);
}

TEST(Part, everything_is_one_block) {
  const Part part{0, 10, 10, 10};
  EXPECT_EQ(part.count(), 10U);
  EXPECT_EQ(slabs(part, 0, 10).size(), 1U);
}

TEST(Part, counts_beyond_32_bits) {
  const Part part{0, 1, 2, std::uint64_t{1} << 40};
  EXPECT_EQ(part.count(), std::uint64_t{1} << 39);
}

} // namespace
} // namespace soapstone::h5
