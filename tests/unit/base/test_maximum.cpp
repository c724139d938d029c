// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/base/maximum.hpp"

#include <cmath>
#include <gtest/gtest.h>
#include <limits>

namespace soapstone {
namespace {

TEST(Maximum, OfNumbersIsTheLarger) {
  EXPECT_EQ(max_or_nan(1.0, 2.0), 2.0);
  EXPECT_EQ(max_or_nan(2.0, 1.0), 2.0);
  EXPECT_EQ(max_or_nan(-3.0, -3.0), -3.0);
  EXPECT_EQ(max_or_nan(0.0, std::numeric_limits<double>::infinity()),
            std::numeric_limits<double>::infinity());
  EXPECT_EQ(max_or_nan(-std::numeric_limits<double>::infinity(), 0.0), 0.0);
}

TEST(Maximum, KeepsNanWhereverItStands) {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_TRUE(std::isnan(max_or_nan(nan, 1.0)));
  EXPECT_TRUE(std::isnan(max_or_nan(1.0, nan)));
  EXPECT_TRUE(std::isnan(max_or_nan(nan, nan)));
  EXPECT_TRUE(std::isnan(max_or_nan(std::numeric_limits<double>::infinity(), nan)));
  double worst = 0;
  for (const double value : {1.0, nan, 2.0})
    worst = max_or_nan(worst, value);
  EXPECT_TRUE(std::isnan(worst));
}

} // namespace
} // namespace soapstone
