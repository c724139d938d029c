// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/soap/cutoff_function.hpp"

#include <cmath>
#include <gtest/gtest.h>

using soapstone::soap::cutoff_function;

TEST(CutoffFunction, HasTheCosineForm) {
  EXPECT_EQ(cutoff_function(0, 5, 0.5), 1);
  EXPECT_EQ(cutoff_function(4.5, 5, 0.5), 1);
  EXPECT_NEAR(cutoff_function(4.75, 5, 0.5), 0.5, 1e-15);
  EXPECT_NEAR(cutoff_function(4.5 + 0.5 / 3, 5, 0.5), 0.75, 1e-14);
  EXPECT_EQ(cutoff_function(5, 5, 0.5), 0);
  EXPECT_EQ(cutoff_function(7, 5, 0.5), 0);
}

TEST(CutoffFunction, IsContinuousWithItsSlope) {
  for (const double edge : {4.5, 5.0}) {
    const double h = 1e-6;
    const double below = cutoff_function(edge - h, 5, 0.5), at = cutoff_function(edge, 5, 0.5),
                 above = cutoff_function(edge + h, 5, 0.5);
    EXPECT_NEAR(below, at, 1e-10);
    EXPECT_NEAR(above, at, 1e-10);
    EXPECT_NEAR((above - below) / (2 * h), 0, 1e-4);
  }
}

TEST(CutoffFunction, IsAStepWithoutWidth) {
  EXPECT_EQ(cutoff_function(std::nextafter(3.0, 0.0), 3, 0), 1);
  EXPECT_EQ(cutoff_function(3.0, 3, 0), 0);
}

TEST(CutoffFunction, MayFallFromTheCentreOn) {
  EXPECT_EQ(cutoff_function(0, 4, 4), 1);
  EXPECT_NEAR(cutoff_function(2, 4, 4), 0.5, 1e-15);
}
