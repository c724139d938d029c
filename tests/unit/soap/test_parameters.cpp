// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/soap/parameters.hpp"

#include "soapstone/base/error.hpp"

#include <functional>
#include <gtest/gtest.h>
#include <limits>

using namespace soapstone::soap;

namespace {

void expect_refused(const char* key, const std::function<void(SoapParameters&)>& change) {
  SoapParameters parameters;
  change(parameters);
  try {
    parameters.validate();
    ADD_FAILURE() << key << " was accepted";
  } catch (const soapstone::ConfigError& error) {
    EXPECT_EQ(error.key(), key);
    EXPECT_NE(std::string(error.what()).find(key), std::string::npos);
  }
}

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

} // namespace

TEST(SoapParameters, DefaultsAreValid) {
  EXPECT_NO_THROW(SoapParameters{}.validate());
}

TEST(SoapParameters, NamesTheKeyThatMakesNoSense) {
  for (const double value : {0.0, -1.0, nan, infinity})
    expect_refused("soap.cutoff", [=](auto& p) { p.cutoff = value; });
  for (const double value : {-0.1, 5.1, nan})
    expect_refused("soap.cutoff-width", [=](auto& p) { p.cutoff_width = value; });
  for (const double value : {0.0, -0.3, 1e-5, nan, infinity})
    expect_refused("soap.gaussian-width", [=](auto& p) { p.gaussian_width = value; });
  for (const int value : {0, -1, 25})
    expect_refused("soap.n-max", [=](auto& p) { p.n_max = value; });
  for (const int value : {-1, 31})
    expect_refused("soap.l-max", [=](auto& p) { p.l_max = value; });
  for (const double value : {-1.0, nan, infinity})
    expect_refused("soap.central-weight", [=](auto& p) { p.central_weight = value; });
  for (const int value : {1, 4})
    expect_refused("soap.body-order", [=](auto& p) { p.body_order = value; });
  for (const double value : {0.0, -2.0, nan})
    expect_refused("radial-scaling.scale", [=](auto& p) { p.scaling.scale = value; });
  for (const double value : {-1.0, nan})
    expect_refused("radial-scaling.exponent", [=](auto& p) { p.scaling.exponent = value; });
  for (const double value : {-1.0, nan})
    expect_refused("radial-scaling.rate", [=](auto& p) { p.scaling.rate = value; });
}
