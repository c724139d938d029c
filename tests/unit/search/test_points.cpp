// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/search/points.hpp"

#include "soapstone/base/error.hpp"

#include <gmock/gmock.h>
#include <limits>
#include <map>
#include <set>

namespace soapstone::search {
namespace {

using testing::ElementsAre;
using Points = std::vector<std::int64_t>;

TEST(Grid, holds_every_combination_once_with_the_last_axis_fastest) {
  const Grid grid({{"a", {"1", "2"}}, {"b", {"x", "y", "z"}}});
  ASSERT_EQ(grid.size(), 6);
  EXPECT_THAT(grid.values(0), ElementsAre("1", "x"));
  EXPECT_THAT(grid.values(1), ElementsAre("1", "y"));
  EXPECT_THAT(grid.values(3), ElementsAre("2", "x"));
  EXPECT_THAT(grid.values(5), ElementsAre("2", "z"));
  std::set<std::vector<std::string>> all;
  for (std::int64_t p = 0; p < grid.size(); ++p)
    all.insert(grid.values(p));
  EXPECT_EQ(all.size(), 6U);
}

TEST(Grid, without_axes_is_one_point) {
  EXPECT_EQ(Grid().size(), 1);
  EXPECT_THAT(Grid().values(0), ElementsAre());
}

TEST(Grid, refuses_more_points_than_can_be_counted) {
  const std::vector<std::string> thousand(1000, "v");
  EXPECT_THROW(Grid({{"a", thousand},
                     {"b", thousand},
                     {"c", thousand},
                     {"d", thousand},
                     {"e", thousand},
                     {"f", thousand}}),
               ConfigError);
}

TEST(DrawPoints, all_or_a_sample_without_repetition) {
  EXPECT_EQ(draw_points(4, std::nullopt, 1), (Points{0, 1, 2, 3}));
  EXPECT_EQ(draw_points(4, 9, 1), (Points{0, 1, 2, 3}));
  const auto sample = draw_points(1000000000000, 50, 3);
  EXPECT_EQ(std::set(sample.begin(), sample.end()).size(), 50U);
  EXPECT_TRUE(std::is_sorted(sample.begin(), sample.end()));
  EXPECT_EQ(sample, draw_points(1000000000000, 50, 3));
  EXPECT_NE(sample, draw_points(1000000000000, 50, 4));
}

// All ten subsets of three out of five are equally likely: 4000 draws give each 400 times, with a standard
// deviation of 19.
TEST(DrawPoints, every_subset_is_equally_likely) {
  std::map<Points, int> counts;
  for (std::uint64_t seed = 0; seed < 4000; ++seed)
    ++counts[draw_points(5, 3, seed)];
  ASSERT_EQ(counts.size(), 10U);
  for (const auto& [subset, count] : counts)
    EXPECT_NEAR(count, 400, 100);
}

TEST(HalvingRungs, keep_a_third_on_three_times_the_structures) {
  EXPECT_THAT(halving_rungs(27, 2700, 3, 1),
              ElementsAre(Rung{27, 100}, Rung{9, 300}, Rung{3, 900}, Rung{1, 2700}));
  EXPECT_THAT(halving_rungs(10, 1000, 2, 1),
              ElementsAre(Rung{10, 62}, Rung{5, 125}, Rung{3, 250}, Rung{2, 500}, Rung{1, 1000}));
}

TEST(HalvingRungs, start_where_there_are_enough_structures) {
  EXPECT_THAT(halving_rungs(27, 2700, 3, 250), ElementsAre(Rung{27, 300}, Rung{9, 900}, Rung{3, 2700}));
  EXPECT_THAT(halving_rungs(27, 2700, 3, 5000), ElementsAre(Rung{27, 2700}));
  EXPECT_THAT(halving_rungs(1, 100, 3, 10), ElementsAre(Rung{1, 100}));
}

TEST(HalvingRungs, factors_close_to_one_end_too) {
  const auto rungs = halving_rungs(20, 1000000, 1.01, 1);
  EXPECT_EQ(rungs.size(), 20U);
  EXPECT_EQ(rungs.back(), (Rung{1, 1000000}));
}

TEST(KeepBest, lowest_scores_first_ones_of_equals_failures_last) {
  const double none = std::numeric_limits<double>::infinity();
  const std::vector<std::pair<std::int64_t, double>> scores{
      {7, 2.0}, {3, none}, {4, 1.0}, {9, 2.0}, {1, 3.0}};
  EXPECT_EQ(keep_best(scores, 1), (Points{4}));
  EXPECT_EQ(keep_best(scores, 2), (Points{4, 7}));
  EXPECT_EQ(keep_best(scores, 4), (Points{1, 4, 7, 9}));
  EXPECT_EQ(keep_best(scores, 9), (Points{1, 3, 4, 7, 9}));
}

TEST(KeepBest, rounding_does_not_choose) {
  for (const double rounding : {-1e-13, 0.0, 1e-13}) {
    const std::vector<std::pair<std::int64_t, double>> scores{
        {7, 2.0}, {9, 2.0 + rounding}, {4, 1.0}, {2, 2.0 - rounding}, {1, 3.0}};
    EXPECT_EQ(keep_best(scores, 2), (Points{2, 4}));
    EXPECT_EQ(keep_best(scores, 3), (Points{2, 4, 7}));
  }
}

} // namespace
} // namespace soapstone::search
