// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/regression/split.hpp"

#include "soapstone/base/error.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <set>

namespace soapstone::regression {
namespace {

TEST(Split, DrawsDisjointSetsOfTheWantedSizes) {
  const auto split = draw_split(100, 60, 25, 7);
  EXPECT_EQ(split.train.size(), 60U);
  EXPECT_EQ(split.test.size(), 25U);
  std::set<std::int64_t> all(split.train.begin(), split.train.end());
  all.insert(split.test.begin(), split.test.end());
  EXPECT_EQ(all.size(), 85U);
  EXPECT_GE(*all.begin(), 0);
  EXPECT_LT(*all.rbegin(), 100);
}

TEST(Split, TakesAllThatTestLeavesByDefault) {
  EXPECT_EQ(draw_split(100, std::nullopt, 25, 7).train.size(), 75U);
}

TEST(Split, NestsTrainingSetsAndKeepsTheTestSet) {
  const auto small = draw_split(100, 20, 25, 7), large = draw_split(100, 60, 25, 7);
  EXPECT_EQ(small.test, large.test);
  EXPECT_TRUE(std::equal(small.train.begin(), small.train.end(), large.train.begin()));
}

TEST(Split, DependsOnSeedAndRepeat) {
  EXPECT_EQ(draw_split(100, 20, 25, 7).train, draw_split(100, 20, 25, 7).train);
  EXPECT_NE(draw_split(100, 20, 25, 7).train, draw_split(100, 20, 25, 8).train);
  EXPECT_NE(draw_split(100, 20, 25, 7, 0).train, draw_split(100, 20, 25, 7, 1).train);
}

TEST(Split, PicksEveryStructureEquallyOften) {
  std::vector<int> picked(20, 0);
  constexpr int draws = 4000;
  for (std::uint64_t seed = 0; seed < draws; ++seed)
    for (const auto index : draw_split(20, 5, 0, seed).train)
      ++picked[static_cast<std::size_t>(index)];
  for (const int count : picked)
    EXPECT_NEAR(count, draws / 4.0, 140); // 5 standard deviations of a binomial with p = 1/4
}

TEST(Split, RefusesMoreThanThereIs) {
  EXPECT_THROW(draw_split(10, 8, 3, 1), ConfigError);
  for (const std::int64_t test : {0, 3})
    try {
      draw_split(10, 11, test, 1);
      FAIL() << "11 of 10";
    } catch (const ConfigError& error) {
      EXPECT_STREQ(error.what(), test == 0 ? "`train` = 11, but the data set has 10 structures"
                                           : "`train` = 11, but the data set has 10 structures, of which "
                                             "`test` takes 3");
    }
  EXPECT_THROW(draw_split(10, std::nullopt, 11, 1), ConfigError);
  EXPECT_NO_THROW(draw_split(10, 7, 3, 1));
}

} // namespace
} // namespace soapstone::regression
