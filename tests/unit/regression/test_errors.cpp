// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/regression/errors.hpp"

#include <cmath>
#include <gtest/gtest.h>
#include <limits>

namespace soapstone::regression {
namespace {

TEST(Errors, AreThoseOfASmallExampleByHand) {
  const std::vector<double> predicted{1.0, 5.0, 9.0}, reference{2.0, 5.0, 3.0}, atoms{1.0, 2.0, 3.0};
  const auto errors = summarize_errors(predicted, reference, atoms);
  EXPECT_EQ(errors.count, 3);
  EXPECT_DOUBLE_EQ(errors.mae, 1.0);                   // (1 + 0 + 2) / 3
  EXPECT_DOUBLE_EQ(errors.rmse, std::sqrt(5.0 / 3.0)); // (1 + 0 + 4) / 3
  EXPECT_DOUBLE_EQ(errors.max_error, 2.0);
  EXPECT_DOUBLE_EQ(errors.mae_per_structure, 7.0 / 3.0); // (1 + 0 + 6) / 3
  EXPECT_DOUBLE_EQ(errors.rmse_per_structure, std::sqrt(37.0 / 3.0));
}

TEST(Errors, LeaveOutStructuresWithoutReference) {
  const double none = std::numeric_limits<double>::quiet_NaN();
  const auto errors = summarize_errors(std::vector<double>{1.0, 5.0}, std::vector<double>{none, 4.0},
                                       std::vector<double>{1.0, 2.0});
  EXPECT_EQ(errors.count, 1);
  EXPECT_DOUBLE_EQ(errors.mae, 0.5);
}

TEST(Errors, OfNothingAreZero) {
  const auto errors = summarize_errors({}, {}, {});
  EXPECT_EQ(errors.count, 0);
  EXPECT_EQ(errors.rmse, 0.0);
}

TEST(Scores, RoundingDoesNotChoose) {
  const double none = std::numeric_limits<double>::infinity();
  EXPECT_EQ(first_of_least(std::vector{3.0, 1.0, 2.0}), 1U);
  EXPECT_EQ(first_of_least(std::vector{none, 1.0 + 1e-12, 1.0, 1.0 - 1e-12}), 1U);
  EXPECT_EQ(first_of_least(std::vector{none, 1.0, 1.0 + 1e-12, 1.0 - 1e-12}), 1U);
  EXPECT_EQ(first_of_least(std::vector{1.0, 0.999}), 1U);
  EXPECT_EQ(first_of_least(std::vector{none, std::numeric_limits<double>::quiet_NaN()}), 2U);
  EXPECT_EQ(first_of_least(std::vector{0.0, 0.0}), 0U);
  EXPECT_EQ(first_of_least({}), 0U);
}

} // namespace
} // namespace soapstone::regression
