// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/regression/minimize.hpp"

#include "soapstone/base/error.hpp"

#include <cmath>
#include <gtest/gtest.h>
#include <limits>
#include <stdexcept>

namespace soapstone::regression {
namespace {

TEST(Minimize, FindsTheMinimumOfRosenbrocksFunction) {
  // H. H. Rosenbrock, The Computer Journal 3, 175 (1960), chained: minimum 0 at (1, ..., 1).
  const auto rosenbrock = [](const std::vector<double>& x, std::vector<double>& g) {
    double sum = 0;
    std::fill(g.begin(), g.end(), 0.0);
    for (std::size_t i = 0; i + 1 < x.size(); ++i) {
      const double a = x[i + 1] - x[i] * x[i], b = 1 - x[i];
      sum += 100 * a * a + b * b;
      g[i] += -400 * x[i] * a - 2 * b;
      g[i + 1] += 200 * a;
    }
    return sum;
  };
  for (const std::size_t n : {2U, 3U, 5U, 17U}) { // libLBFGS pads to vector lengths
    const auto found = minimize(std::vector<double>(n, 1.3), rosenbrock, {500, 1e-8, 6});
    EXPECT_TRUE(found.converged) << found.reason;
    EXPECT_GT(found.iterations, 3);
    for (const double x : found.x)
      EXPECT_NEAR(x, 1, 1e-6);
  }
}

TEST(Minimize, StepsBackFromWhereThereIsNoValue) {
  const auto barrier = [](const std::vector<double>& x, std::vector<double>& g) {
    if (x[0] <= 0) {
      g[0] = std::nan("");
      return x[0] > -0.5 ? std::nan("") : std::numeric_limits<double>::infinity();
    }
    g[0] = 1 - 2 / x[0];
    return x[0] - 2 * std::log(x[0]); // minimum at 2
  };
  const auto found = minimize({1e-2}, barrier, {100, 1e-8, 6});
  EXPECT_NEAR(found.x[0], 2, 1e-6);
  EXPECT_THROW(minimize({-1.0}, barrier), NumericalError);
}

/// It decreases up to the edge of where it has values, so that no step there satisfies the line search.
TEST(Minimize, EndsInTheBestPointOfALineSearchThatFails) {
  std::vector<double> told;
  const auto edge = [](const std::vector<double>& x, std::vector<double>& g) {
    if (x[0] > 1)
      return std::numeric_limits<double>::infinity();
    g[0] = -1;
    return -x[0];
  };
  const auto found = minimize({0.3}, edge, {100, 1e-8, 6, [&](double value) { told.push_back(value); }});
  EXPECT_FALSE(found.converged);
  EXPECT_LT(found.value, -0.5);
  EXPECT_EQ(found.value, -found.x[0]);
  EXPECT_EQ(told, std::vector{found.value});
}

/// Along its gradient: the first trial is the lowest but too short, the second is accepted.
TEST(Minimize, TellsWhereItEnds) {
  std::vector<double> told;
  const auto steep = [](const std::vector<double>& x, std::vector<double>& g) {
    const bool first_trial = x[0] > 0.5 && x[0] < 1.5;
    g[0] = x[0] < 1.5 ? -1 : 0;
    return first_trial ? -1.0 : x[0] < 1.5 ? -x[0] : -0.9;
  };
  const auto found = minimize({0.0}, steep, {1, 1e-8, 6, [&](double value) { told.push_back(value); }});
  EXPECT_GT(found.x[0], 1.5);
  EXPECT_EQ(found.value, -0.9);
  EXPECT_EQ(told, std::vector{-0.9});
}

TEST(Minimize, PassesOtherExceptionsOn) {
  int calls = 0;
  const auto fails = [&](const std::vector<double>& x, std::vector<double>& g) {
    if (++calls == 3)
      throw std::runtime_error("the third call");
    g[0] = 2 * x[0];
    return x[0] * x[0] + std::sin(5 * x[0]); // the wrong gradient makes it search on
  };
  EXPECT_THROW(minimize({3.0}, fails), std::runtime_error);
  EXPECT_EQ(calls, 3);
}

TEST(Minimize, EndsAfterSoManyIterations) {
  const auto slow = [](const std::vector<double>& x, std::vector<double>& g) {
    g[0] = 4 * std::pow(x[0], 3);
    return std::pow(x[0], 4);
  };
  const auto found = minimize({3.0}, slow, {2, 1e-12, 6});
  EXPECT_FALSE(found.converged);
  EXPECT_EQ(found.reason, "the maximum number of iterations is reached");
  EXPECT_LT(found.value, 81);
}

} // namespace
} // namespace soapstone::regression
