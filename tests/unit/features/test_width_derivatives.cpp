// SPDX-License-Identifier: BSD-3-Clause
// dI_nl/dsigma of the radial integrals, their slopes and curvatures, against differences in sigma; and its
// spline.
#include "soapstone/base/maximum.hpp"
#include "soapstone/soap/radial_integrals.hpp"
#include "soapstone/soap/radial_spline.hpp"
#include "support.hpp"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>
#include <vector>

using namespace soapstone::features;
using namespace soapstone::soap;
using soapstone::soap::testing::parameters_with;

TEST(WidthDerivatives, AreThoseOfDifferences) {
  const int n_max = 8, l_max = 6;
  const double cutoff = 5, h = 2e-3;
  for (const double sigma : {0.3, 0.6}) {
    const RadialIntegrals integrals(parameters_with(n_max, l_max, cutoff, sigma));
    std::vector<RadialIntegrals> near;
    for (const int step : {1, 2, 3})
      for (const int sign : {1, -1})
        near.emplace_back(parameters_with(n_max, l_max, cutoff, sigma + sign * step * h));
    for (const double r : {0.0, 0.2, 1.3, 3.1, 4.9}) {
      const auto found = integrals.width_derivatives(r);
      std::vector<double> difference(found.size(), 0.0);
      const double weights[] = {45.0 / 60, -9.0 / 60, 1.0 / 60}; // sixth order
      for (std::size_t step = 0; step < 3; ++step) {
        const auto up = near[2 * step].with_derivatives(r), down = near[2 * step + 1].with_derivatives(r);
        for (std::size_t i = 0; i < found.size(); ++i)
          difference[i] += weights[step] * (up[i] - down[i]) / h;
      }
      const auto table = found.size() / 3;
      for (std::size_t order = 0; order < 3; ++order) {
        double largest = 0, error = 0;
        for (std::size_t i = order * table; i < (order + 1) * table; ++i) {
          largest = soapstone::max_or_nan(largest, std::abs(difference[i]));
          error = soapstone::max_or_nan(error, std::abs(found[i] - difference[i]));
        }
        EXPECT_LT(error, 1e-8 * largest) << "sigma " << sigma << ", r " << r << ", order " << order;
      }
    }
  }
}

TEST(WidthDerivatives, HaveASplineOfTheStatedError) {
  const auto parameters = parameters_with(6, 4, 4, 0.4);
  const RadialIntegrals integrals(parameters);
  const auto spline = RadialSpline::of_width_derivative(parameters);
  std::vector<double> values(static_cast<std::size_t>(spline.stride()));
  double largest = 0, error = 0;
  for (int i = 0; i <= 400; ++i) {
    const double r = 4 * std::min(1.0, i * 0.00251);
    const auto exact = integrals.width_derivatives(r);
    spline.evaluate(r, values);
    for (std::size_t j = 0; j < static_cast<std::size_t>(integrals.width()); ++j) {
      largest = soapstone::max_or_nan(largest, std::abs(exact[j]));
      error = soapstone::max_or_nan(error, std::abs(values[j] - exact[j]));
    }
  }
  EXPECT_LT(error, 2e-11 * largest);
}
