// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/regression/folds.hpp"

#include "soapstone/base/error.hpp"
#include "soapstone/regression/split.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <set>

namespace soapstone::regression {
namespace {

TEST(Folds, HoldEveryPositionOnceAndAreBalanced) {
  for (const auto& [n, k] : {std::pair{10, 2}, {10, 3}, {10, 10}, {2, 2}, {101, 7}}) {
    const auto folds = draw_folds(n, k, 5);
    ASSERT_EQ(folds.count(), k);
    EXPECT_EQ(folds.begin(0), 0);
    EXPECT_EQ(folds.end(k - 1), n);
    const std::set<std::int64_t> positions(folds.order.begin(), folds.order.end());
    EXPECT_EQ(positions.size(), static_cast<std::size_t>(n));
    EXPECT_EQ(*positions.begin(), 0);
    EXPECT_EQ(*positions.rbegin(), n - 1);
    for (std::int64_t fold = 0; fold < k; ++fold) {
      EXPECT_GE(folds.size(fold), n / k);
      EXPECT_LE(folds.size(fold), (n + k - 1) / k);
    }
  }
}

TEST(Folds, FollowTheSeedAndAreNotTheSplit) {
  EXPECT_EQ(draw_folds(30, 3, 1).order, draw_folds(30, 3, 1).order);
  EXPECT_EQ(draw_folds(30, 3, 1).order, draw_folds(30, 7, 1).order);
  EXPECT_NE(draw_folds(30, 3, 1).order, draw_folds(30, 3, 2).order);
  EXPECT_NE(draw_folds(30, 3, 1).order, draw_split(30, 30, 0, 1).train);
}

TEST(Folds, RefuseWhatCannotBeDealt) {
  for (const auto& [n, k] : {std::pair{5, 6}, {5, 1}, {5, 0}, {1, 1}, {1, 2}, {0, 0}}) {
    try {
      draw_folds(n, k, 1);
      FAIL() << n << ' ' << k;
    } catch (const ConfigError& error) {
      EXPECT_EQ(error.parameter(), "folds");
    }
  }
}

} // namespace
} // namespace soapstone::regression
