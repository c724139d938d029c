// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/soap/radial_scaling.hpp"

#include <cmath>
#include <gtest/gtest.h>

using namespace soapstone::soap;

namespace {

RadialScaling scaling(double scale, double exponent, double rate) {
  RadialScaling result;
  result.scale = scale;
  result.exponent = exponent;
  result.rate = rate;
  return result;
}

} // namespace

TEST(RadialScaling, HasTheThreeBranches) {
  EXPECT_EQ(radial_scaling(3.0, scaling(2, 0, 1)), 1);
  EXPECT_EQ(radial_scaling(3.0, scaling(2, 0, 0)), 1);
  EXPECT_NEAR(radial_scaling(3.0, scaling(2, 7, 0)), std::pow(1.5, -7), 1e-16);
  EXPECT_NEAR(radial_scaling(3.0, scaling(2, 7, 1)), 1 / (1 + std::pow(1.5, 7)), 1e-16);
  EXPECT_NEAR(radial_scaling(3.0, scaling(2, 2.5, 0.3)), 0.3 / (0.3 + std::pow(1.5, 2.5)), 1e-16);
}

TEST(RadialScaling, WholeExponentsAreNotSpecial) {
  for (int m = 1; m <= 70; ++m)
    for (const double r : {0.4, 1.9, 4.7}) {
      const double whole = radial_scaling(r, scaling(2, m, 1)),
                   nearby = radial_scaling(r, scaling(2, m * (1 + 1e-14), 1));
      EXPECT_NEAR(whole / nearby, 1, 1e-11) << m << " " << r;
    }
}

// For c -> 0 the third branch is c times the second, up to a normalisation that kernels do not see.
TEST(RadialScaling, BranchesJoinUpToNormalisation) {
  for (const double r : {1.0, 2.0, 4.0})
    EXPECT_NEAR(radial_scaling(r, scaling(2, 5, 1e-12)) / 1e-12 / radial_scaling(r, scaling(2, 5, 0)), 1,
                1e-9);
}

TEST(RadialScaling, IsFiniteAtTheCentreUnlessTheRateIsZero) {
  EXPECT_EQ(radial_scaling(0, scaling(2, 7, 1)), 1);
  EXPECT_EQ(radial_scaling(0, scaling(2, 0, 0)), 1);
  EXPECT_TRUE(std::isinf(radial_scaling(0, scaling(2, 7, 0))));
}

TEST(RadialScalingDerivatives, AreThoseOfDifferences) {
  const double h = 1e-4;
  for (const RadialScaling scaling : {RadialScaling{2, 7, 1}, RadialScaling{1.7, 3.4, 0.6},
                                      RadialScaling{2.2, 2.5, 0}, RadialScaling{2, 0, 1}})
    for (const double r : {0.7, 1.9, 2.2, 4.8}) {
      const auto difference = [&](double RadialScaling::*parameter) {
        auto up = scaling, down = scaling;
        up.*parameter += h;
        down.*parameter -= h;
        return (radial_scaling(r, up) - radial_scaling(r, down)) / (2 * h);
      };
      const auto found = radial_scaling_derivatives(r, scaling);
      EXPECT_NEAR(found.scale, difference(&RadialScaling::scale), 1e-6);
      if (scaling.exponent > 0) { // a negative one means nothing
        EXPECT_NEAR(found.exponent, difference(&RadialScaling::exponent), 1e-6);
      }
      if (scaling.rate > 0) {
        EXPECT_NEAR(found.rate, difference(&RadialScaling::rate), 1e-6);
      }
    }
}

// (r / r0)^m is infinite, or zero.
TEST(RadialScalingDerivatives, VanishFarFromASteepStep) {
  for (const double r : {0.4, 9.0}) {
    const auto found = radial_scaling_derivatives(r, scaling(2, 900, 1));
    EXPECT_EQ(found.scale, 0);
    EXPECT_EQ(found.exponent, 0);
    EXPECT_EQ(found.rate, 0);
  }
}
