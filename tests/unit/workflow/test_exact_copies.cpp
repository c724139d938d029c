// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/workflow/exact_copies.hpp"

#include <gtest/gtest.h>
#include <vector>

namespace soapstone::workflow {
namespace {

using structure::Structure;

const Structure water{{8, 1, 1}, {{0, 0, 0}, {0.96, 0, 0}, {-0.24, 0.93, 0}}, {}};

Structure moved(double x) {
  auto copy = water;
  copy.positions[0][0] = x;
  return copy;
}

TEST(ExactCopies, of_others) {
  const std::vector train{moved(1), water, moved(2)}, test{moved(3), moved(2), moved(-0.0)};
  const auto copies = copies_of(test, train);
  EXPECT_EQ(copies.count, 2u);
  EXPECT_EQ(copies.copy, 1u);
  EXPECT_EQ(copies.other, 2u);
  EXPECT_EQ(copies_of({}, train).count, 0u);
}

TEST(ExactCopies, within_a_set) {
  auto heavy = water, periodic = water;
  heavy.species[0] = 16;
  periodic.cell.vectors[0][0] = 9;
  EXPECT_EQ(copies_within(std::vector{water, heavy, periodic, moved(1e-12)}).count, 0u);
  const auto copies = copies_within(std::vector{heavy, water, water, water});
  EXPECT_EQ(copies.count, 2u);
  EXPECT_EQ(copies.copy, 2u);
  EXPECT_EQ(copies.other, 1u);
}

} // namespace
} // namespace soapstone::workflow
