// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/soap/gauss_legendre.hpp"

#include "soapstone/base/error.hpp"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>

using namespace soapstone::soap;

namespace {

template <typename Function>
double integrate(const QuadratureRule& rule, Function function) {
  double sum = 0;
  for (std::size_t i = 0; i < rule.points.size(); ++i)
    sum += rule.weights[i] * function(rule.points[i]);
  return sum;
}

} // namespace

TEST(GaussLegendre, IsExactUpToItsDegree) {
  for (int order = 1; order <= 40; ++order) {
    const QuadratureRule rule = gauss_legendre(order, 0, 2);
    for (int degree = 0; degree < 2 * order; ++degree) {
      const double exact = std::pow(2.0, degree + 1) / (degree + 1);
      EXPECT_NEAR(integrate(rule, [&](double x) { return std::pow(x, degree); }) / exact, 1, 1e-13)
          << order << " " << degree;
    }
  }
}

TEST(GaussLegendre, IsNotExactBeyondItsDegree) {
  const QuadratureRule rule = gauss_legendre(3, -1, 1);
  EXPECT_GT(std::abs(integrate(rule, [](double x) { return std::pow(x, 6); }) - 2.0 / 7), 1e-3);
}

TEST(GaussLegendre, CompositeRuleCoversTheInterval) {
  const QuadratureRule rule = composite_gauss_legendre(7, 16, 1, 8);
  EXPECT_NEAR(integrate(rule, [](double x) { return 1 / x; }), std::log(8.0), 1e-13);
  EXPECT_EQ(rule.points.size(), 7u * 16u);
  EXPECT_TRUE(std::is_sorted(rule.points.begin(), rule.points.end()));
}

TEST(GaussLegendre, RefusesNoPoints) {
  EXPECT_THROW(gauss_legendre(0, 0, 1), soapstone::InternalError);
}
