// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/linalg/block_cyclic.hpp"

#include "figure.hpp"
#include "soapstone/base/error.hpp"

#include <vector>

#include <gtest/gtest.h>

namespace soapstone::linalg {
namespace {

// The definition, dealt out like cards: block b goes to process b mod P, and each process stacks what it
// gets.
struct Dealt {
  std::vector<int> owner;
  std::vector<std::int64_t> local, local_sizes;
};

Dealt deal(std::int64_t size, std::int64_t block, int processes) {
  Dealt dealt;
  dealt.local_sizes.assign(static_cast<std::size_t>(processes), 0);
  int process = 0;
  for (std::int64_t i = 0, in_block = 0; i < size; ++i) {
    dealt.owner.push_back(process);
    dealt.local.push_back(dealt.local_sizes[static_cast<std::size_t>(process)]++);
    if (++in_block == block) {
      in_block = 0;
      process = process + 1 == processes ? 0 : process + 1;
    }
  }
  return dealt;
}

TEST(BlockCyclic, agrees_with_dealing_blocks_out_one_by_one) {
  std::int64_t indices = 0;
  for (const std::int64_t size : {0, 1, 2, 7, 8, 9, 31, 64, 100})
    for (const std::int64_t block : {1, 2, 3, 8, 64, 128})
      for (int processes = 1; processes <= 7; ++processes) {
        const auto dealt = deal(size, block, processes);
        for (int me = 0; me < processes; ++me) {
          const BlockCyclic map(size, block, processes, me);
          ASSERT_EQ(map.local_size(), dealt.local_sizes[static_cast<std::size_t>(me)]);
          std::int64_t mine = 0;
          for (std::int64_t i = 0; i < size; ++i) {
            const auto u = static_cast<std::size_t>(i);
            ASSERT_EQ(map.owner(i), dealt.owner[u]);
            ASSERT_EQ(map.to_local(i), dealt.local[u]);
            ASSERT_EQ(map.mine_below(i), mine);
            ASSERT_EQ(map.is_mine(i), dealt.owner[u] == me);
            ++indices;
            if (map.is_mine(i)) {
              ASSERT_EQ(map.to_global(map.to_local(i)), i);
              ++mine;
            }
          }
          ASSERT_EQ(map.mine_below(size), mine);
          ASSERT_EQ(map.mine_below(size + 1000), mine);
        }
      }
  figure("block_cyclic_indices", static_cast<double>(indices));
}

TEST(BlockCyclic, blocks_cover_the_dimension) {
  for (const std::int64_t size : {0, 1, 5, 8, 9, 100})
    for (const std::int64_t block : {1, 4, 9, 200}) {
      const BlockCyclic map(size, block, 3, 1);
      std::int64_t covered = 0;
      for (std::int64_t b = 0; b < map.blocks(); ++b) {
        EXPECT_GE(map.block_size(b), 1);
        EXPECT_EQ(map.owner_of_block(b), map.owner(covered));
        covered += map.block_size(b);
      }
      EXPECT_EQ(covered, size);
      EXPECT_THROW(map.block_size(map.blocks()), InternalError);
    }
}

TEST(BlockCyclic, works_beyond_32_bits) {
  const std::int64_t size = (std::int64_t{1} << 40) + 12345, block = 192;
  const int processes = 7;
  std::int64_t total = 0;
  for (int p = 0; p < processes; ++p)
    total += BlockCyclic(size, block, processes, 0).local_size_of(p);
  EXPECT_EQ(total, size);
  for (const std::int64_t i : {std::int64_t{0}, (std::int64_t{1} << 31) - 1, std::int64_t{1} << 31,
                               (std::int64_t{1} << 31) + 191, (std::int64_t{1} << 33) + 7, size - 1}) {
    const BlockCyclic map(size, block, processes, static_cast<int>((i / block) % processes));
    ASSERT_TRUE(map.is_mine(i));
    EXPECT_EQ(map.to_global(map.to_local(i)), i);
    EXPECT_EQ(map.mine_below(i), map.to_local(i));
  }
  figure("block_cyclic_largest_index", static_cast<double>(size - 1));
  // 2^33 indices in blocks of 1 over 2 processes: the last one is the (2^32 - 1)-th of process 1.
  EXPECT_EQ(BlockCyclic(std::int64_t{1} << 33, 1, 2, 1).to_local((std::int64_t{1} << 33) - 1),
            (std::int64_t{1} << 32) - 1);
}

TEST(BlockCyclic, a_process_outside_owns_nothing) {
  const BlockCyclic map(100, 8, 3, -1);
  EXPECT_EQ(map.local_size(), 0);
  EXPECT_EQ(map.mine_below(50), 0);
  for (std::int64_t i = 0; i < 100; ++i)
    EXPECT_FALSE(map.is_mine(i));
}

TEST(BlockCyclic, refuses_nonsense) {
  EXPECT_THROW(BlockCyclic(-1, 1, 1, 0), InternalError);
  EXPECT_THROW(BlockCyclic(1, 0, 1, 0), InternalError);
  EXPECT_THROW(BlockCyclic(1, 1, 0, 0), InternalError);
  EXPECT_THROW(BlockCyclic(1, 1, 2, 2), InternalError);
  EXPECT_THROW(BlockCyclic(1, 1, 2, -2), InternalError);
}

} // namespace
} // namespace soapstone::linalg
