// SPDX-License-Identifier: BSD-3-Clause
// Variables that are folded back at the limits of a range.
#include "soapstone/search/fold.hpp"

#include "soapstone/regression/minimize.hpp"

#include <cmath>
#include <gtest/gtest.h>
#include <limits>

namespace soapstone::search {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr Range range{-2, 1};

TEST(Fold, changes_nothing_far_from_the_limits) {
  for (const double x : {-1.95, -0.1, 1.0 / 3, 0.95}) {
    EXPECT_EQ(fold(x, range).value, x);
    EXPECT_EQ(fold(x, range).slope, 1);
    EXPECT_EQ(unfold(x, range), x);
  }
  EXPECT_EQ(fold(1e300, {-infinity, infinity}).value, 1e300);
  EXPECT_EQ(unfold(-1e300, {-infinity, infinity}), -1e300);
}

TEST(Fold, reaches_the_limits_and_stays_within) {
  EXPECT_DOUBLE_EQ(fold(1 + fold_width, range).value, 1);
  EXPECT_DOUBLE_EQ(fold(-2 - fold_width, range).value, -2);
  for (double x = -4.5; x < 3.5; x += 0.001) {
    EXPECT_LE(fold(x, range).value, 1);
    EXPECT_GE(fold(x, range).value, -2);
  }
}

TEST(Fold, has_a_slope_without_jumps) {
  constexpr double step = 1e-4;
  for (double x = -4.5; x < 3.5; x += step) {
    const auto here = fold(x, range), there = fold(x + step, range);
    EXPECT_NEAR(there.value - here.value, step * (here.slope + there.slope) / 2, 2 * step * step);
    EXPECT_NEAR(here.slope, there.slope, 2 * step / fold_width);
  }
}

TEST(Fold, is_undone) {
  for (double value = -1.9999; value < 1; value += 0.001)
    EXPECT_NEAR(fold(unfold(value, range), range).value, value, 1e-12);
  for (const double limit : {-2.0, 1.0}) {
    const auto beside = fold(unfold(limit, range), range);
    EXPECT_NEAR(beside.value, limit, 1.001e-4 * fold_width);
    EXPECT_GT(beside.slope, 5e-3);
  }
}

/// What decreases towards a limit, with one variable and with another that has its minimum elsewhere.
TEST(Fold, lets_an_optimiser_end_soon_at_a_limit) {
  for (const double start : {0.5, 0.98, 1.0}) {
    const auto value = [](const std::vector<double>& x, std::vector<double>& gradient) {
      const auto y = fold(x[0], range);
      gradient = {-y.slope, 2 * (x[1] - 3)};
      return 2 - y.value + (x[1] - 3) * (x[1] - 3);
    };
    const auto found = regression::minimize({unfold(start, range), 0}, value, {100, 1e-6});
    EXPECT_TRUE(found.converged) << found.reason;
    EXPECT_LE(found.evaluations, 15);
    EXPECT_NEAR(fold(found.x[0], range).value, 1, 1e-9);
    EXPECT_NEAR(found.x[1], 3, 1e-4);
  }
}

/// A first step that goes beyond, and a minimum inside.
TEST(Fold, lets_an_optimiser_come_back_from_a_limit) {
  const auto value = [](const std::vector<double>& x, std::vector<double>& gradient) {
    const auto y = fold(x[0], range);
    gradient = {-2 * (0.5 - y.value) * y.slope};
    return (0.5 - y.value) * (0.5 - y.value);
  };
  for (const double start : {0.2, 1.0, -2.0}) {
    const auto found = regression::minimize({unfold(start, range)}, value, {100, 1e-6});
    EXPECT_TRUE(found.converged) << found.reason;
    EXPECT_NEAR(fold(found.x[0], range).value, 0.5, 1e-5);
  }
}

} // namespace
} // namespace soapstone::search
