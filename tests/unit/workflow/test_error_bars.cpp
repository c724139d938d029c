// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/workflow/error_bars.hpp"

#include <cmath>
#include <gtest/gtest.h>
#include <limits>
#include <numbers>

namespace soapstone::workflow {
namespace {

using Numbers = std::vector<double>;

constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

TEST(ErrorBars, shares_of_errors_by_counting) {
  const Numbers predicted{1, 2, 3, 4, 9}, reference{1.5, 4, 3.1, 9, unknown}, bars{1, 1.5, 0.2, 2, 1},
      wide{1, 2.5, 0.05, 4, 1};
  const auto found = calibration_of(predicted, reference, bars, wide);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->count, 4);
  EXPECT_EQ(found->within_one, 0.5);      // 0.5 of 1 and 0.1 of 0.2
  EXPECT_EQ(found->within_two, 0.75);     // 2 of 1.5 too
  EXPECT_EQ(found->within_interval, 0.5); // 0.5 of 1 and 2 of 2.5
  EXPECT_NEAR(found->mean_standardized, (0.5 + 2 / 1.5 + 0.5 + 2.5) / 4 / std::sqrt(2 / std::numbers::pi),
              1e-12);
  // By uncertainty the errors are 0.1, 0.5, 2, 5.
  EXPECT_DOUBLE_EQ(found->rank_correlation, 1);
  ASSERT_EQ(found->bins.size(), 1U);
  EXPECT_EQ(found->bins[0].count, 4);
  EXPECT_DOUBLE_EQ(found->bins[0].mae, (0.1 + 0.5 + 2 + 5) / 4);
  EXPECT_DOUBLE_EQ(found->bins[0].rmse, std::sqrt((0.01 + 0.25 + 4 + 25) / 4));
  EXPECT_DOUBLE_EQ(found->bins[0].uncertainty, std::sqrt((0.04 + 1 + 2.25 + 4) / 4));
}

TEST(ErrorBars, bins_are_as_large_as_each_other) {
  Numbers predicted, reference, bars;
  for (int i = 0; i < 45; ++i) {
    predicted.push_back(0);
    reference.push_back(45 - i);
    bars.push_back(45 - i);
  }
  const auto found = calibration_of(predicted, reference, bars, {});
  ASSERT_TRUE(found);
  EXPECT_FALSE(found->within_interval);
  ASSERT_EQ(found->bins.size(), 4U);
  for (const auto& bin : found->bins)
    EXPECT_NEAR(static_cast<double>(bin.count), 11, 1);
  EXPECT_LT(found->bins.front().uncertainty, found->bins.back().uncertainty);
}

TEST(ErrorBars, of_unknown_references_tell_nothing) {
  EXPECT_FALSE(calibration_of(Numbers{1}, Numbers{unknown}, Numbers{1}, {}));
  EXPECT_TRUE(calibrations_of({{1}}, {{1}}, {}).empty());
  const auto two = calibrations_of({{1}, {1}}, {{1}, {unknown}}, {{{1}, {1}}, {}});
  ASSERT_EQ(two.size(), 2U);
  EXPECT_TRUE(two[0]);
  EXPECT_FALSE(two[1]);
}

} // namespace
} // namespace soapstone::workflow
