// SPDX-License-Identifier: BSD-3-Clause
// What the bins promise: no pair within the cutoff is missed, none is offered twice, and not many more than
// needed are offered.
#include "soapstone/structure/linked_cells.hpp"

#include "brute_force.hpp"

#include <gtest/gtest.h>
#include <set>

namespace soapstone::structure {

TEST(LinkedCells, OffersEachImageOnceAndMissesNone) {
  std::mt19937_64 random(11);
  for (int repeat = 0; repeat < 80; ++repeat) {
    const auto s = random_structure(random, 20, 3.0 + repeat % 5, 6.0, repeat % 8);
    const auto expected = brute_force(s, 3.5);
    const LinkedCells cells(s, 3.5);
    for (std::size_t i = 0; i < s.size(); ++i) {
      std::set<std::pair<std::int32_t, Index3>> offered;
      cells.for_candidates(i, [&](std::int32_t j, const Index3& image) {
        EXPECT_TRUE(offered.insert({j, image}).second);
      });
      for (const auto& [atom, image, displacement, distance] : expected[i])
        EXPECT_TRUE(offered.contains({atom, Index3{image[0], image[1], image[2]}})) << repeat;
    }
  }
}

TEST(LinkedCells, OffersLittleElse) {
  std::mt19937_64 random(12);
  const auto s = random_structure(random, 3000, 30.0, 30.0, 7);
  const LinkedCells cells(s, 3.0);
  std::size_t offered = 0;
  for (std::size_t i = 0; i < s.size(); ++i)
    cells.for_candidates(i, [&](std::int32_t, const Index3&) { ++offered; });
  EXPECT_LT(offered, s.size() * s.size() / 20);
}

} // namespace soapstone::structure
