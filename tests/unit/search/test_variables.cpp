// SPDX-License-Identifier: BSD-3-Clause
// Hyperparameters as variables of an optimisation: conversion, ranges and derivatives.
#include "hyperparameter_samples.hpp"
#include "soapstone/base/error.hpp"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>

namespace soapstone::search {
namespace {

TEST(Variables, RefuseWhatCannotBeOptimised) {
  const Hyperparameters one{{spec_of(2, 3, Normalization::after)}, 1e-3};
  EXPECT_THROW(Variables(one, {P::weights}), ConfigError);
  EXPECT_THROW(Variables(one, {}), ConfigError);
  auto zero = one;
  zero.kernels[0].soap.scaling.rate = 0;
  EXPECT_THROW(Variables(zero, {P::rate}), ConfigError);
  zero.kernels[0].soap.scaling.exponent = 0;
  EXPECT_THROW(Variables(zero, {P::scale}), ConfigError);
  EXPECT_THROW(Variables({{spec_of(2, 3, Normalization::after, false)}, 1e-3}, {P::coupling}), ConfigError);
  EXPECT_THROW(hyperparameter_named("regularisation"), ConfigError);
  for (const auto name : everything)
    EXPECT_EQ(hyperparameter_named(to_string(name)), name);
}

TEST(Variables, ComeBackFromNumbers) {
  const Hyperparameters start{{spec_of(2, 3, Normalization::after)}, 1e-3};
  const Variables variables(start, everything);
  auto x = variables.pack(start);
  ASSERT_EQ(x.size(), 12u);
  x[3] = 2.5;
  x[6] = std::log(3.0);
  const auto found = variables.unpack(x);
  EXPECT_EQ(found.kernels[0].coupling->u[3], 2.5);
  EXPECT_DOUBLE_EQ(found.kernels[0].soap.scaling.scale, 3.0);
  EXPECT_DOUBLE_EQ(found.regularization, 1e-3);
}

/// Variables on both sides of a limit give parameters within it, and chain() is the derivative there.
TEST(Variables, StayInTheRangesOfTheirParameters) {
  const Hyperparameters start{{spec_of(2, 3, Normalization::after)}, 1e-3};
  const double cutoff = start.kernels[0].soap.cutoff;
  const auto exponent = [](const Hyperparameters& at) { return at.kernels[0].soap.scaling.exponent; };
  const auto width = [](const Hyperparameters& at) { return at.kernels[0].soap.gaussian_width; };
  struct Limited {
    P name;
    double limit;
    std::function<double(const Hyperparameters&)> value;
    features::SoapDerivatives derivatives;
  };
  for (const auto& one : {Limited{P::exponent, 1000, exponent, {{}, 0, 1, 0, 0, 0}},
                          Limited{P::width, 0.002 * cutoff, width, {{}, 0, 0, 0, 0, 1}},
                          Limited{P::width, 100 * cutoff, width, {{}, 0, 0, 0, 0, 1}}}) {
    const Variables variables(start, {one.name});
    double nearest = 1;
    for (double x = std::log(one.limit) - 0.496; x < std::log(one.limit) + 0.5; x += 0.01) {
      const auto value = [&](double step) { return one.value(variables.unpack({x + step})); };
      EXPECT_NO_THROW(variables.unpack({x}).kernels[0].soap.validate()) << x;
      EXPECT_NEAR(variables.chain({x}, {{one.derivatives}, {}, 0}).at(0) / one.limit,
                  difference_of(value, 1e-5) / one.limit, 1e-9);
      nearest = std::min(nearest, std::abs(value(0) / one.limit - 1));
    }
    EXPECT_LT(nearest, 1e-3) << to_string(one.name);
  }
}

} // namespace
} // namespace soapstone::search
