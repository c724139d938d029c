// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/soap/radial_spline.hpp"

#include "soapstone/base/maximum.hpp"
#include "soapstone/soap/radial_integrals.hpp"
#include "support.hpp"

#include <cmath>
#include <gtest/gtest.h>

using namespace soapstone::soap;
using soapstone::soap::testing::parameters_with;

namespace {

void expect_close(int n_max, int l_max, double cutoff, double sigma) {
  const RadialIntegrals integrals(parameters_with(n_max, l_max, cutoff, sigma));
  const RadialSpline spline(parameters_with(n_max, l_max, cutoff, sigma));
  const auto width = static_cast<std::size_t>(integrals.width());
  ASSERT_GE(static_cast<std::size_t>(spline.stride()), width);
  std::vector<double> values(static_cast<std::size_t>(spline.stride()), -1.0);
  double error = 0, largest = 0;
  for (double r = 0; r <= cutoff; r += cutoff / 397.3) {
    spline.evaluate(r, values);
    const std::vector<double> exact = integrals.with_derivatives(r);
    for (std::size_t i = 0; i < width; ++i) {
      error = soapstone::max_or_nan(error, std::abs(values[i] - exact[i]));
      largest = soapstone::max_or_nan(largest, std::abs(exact[i]));
    }
    for (std::size_t i = width; i < values.size(); ++i)
      EXPECT_EQ(values[i], 0);
  }
  EXPECT_LE(error / largest, 1.5e-11) << n_max << " " << l_max << " " << cutoff << " " << sigma;
}

} // namespace

TEST(RadialSpline, IsWithinItsTolerance) {
  expect_close(12, 9, 5.0, 0.3);
  expect_close(14, 14, 6.0, 0.5);
  expect_close(5, 3, 3.0, 0.1);
  expect_close(1, 0, 5.0, 1.0);
  expect_close(9, 4, 4.0, 2.0);
}

TEST(RadialSpline, ReachesTheCutoffItself) {
  const RadialSpline spline(parameters_with(6, 4, 5.0, 0.3));
  const std::vector<double> exact = RadialIntegrals(parameters_with(6, 4, 5.0, 0.3)).with_derivatives(5.0);
  std::vector<double> values(static_cast<std::size_t>(spline.stride()));
  spline.evaluate(5.0, values);
  for (std::size_t i = 0; i < 30; ++i)
    EXPECT_NEAR(values[i], exact[i], 1e-13);
}

// One-sided differences on both sides of every point of a fine sweep, knots included: no jump of value or
// slope.
TEST(RadialSpline, IsSmoothAcrossItsKnots) {
  const RadialSpline spline(parameters_with(4, 3, 2.0, 0.5), 1e-6);
  const auto size = static_cast<std::size_t>(spline.stride());
  const double h = 1e-4;
  std::vector<double> left(size), centre(size), right(size);
  double jump = 0;
  for (double r = h; r < 2.0 - h; r += h) {
    spline.evaluate(r - h, left);
    spline.evaluate(r, centre);
    spline.evaluate(r + h, right);
    for (std::size_t i = 0; i < 16; ++i)
      jump = soapstone::max_or_nan(jump, std::abs(right[i] - 2 * centre[i] + left[i]) /
                                             h); // curvature times h where there is no jump
  }
  EXPECT_LT(jump, 60 * h);
}

TEST(RadialSpline, GetsFinerWithTheTolerance) {
  const auto parameters = parameters_with(4, 2, 4.0, 0.4);
  EXPECT_GT(RadialSpline(parameters, 1e-12).bytes(), RadialSpline(parameters, 1e-8).bytes());
}
