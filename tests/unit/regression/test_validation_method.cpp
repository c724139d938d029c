// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/regression/validation_method.hpp"

#include <gtest/gtest.h>

namespace soapstone::regression {
namespace {

TEST(ValidationMethod, FewLambdasTakeInversesManyTakeEigenvectors) {
  for (const std::int64_t n : {500, 2000, 20000}) {
    EXPECT_EQ(choose_validation({}, {n, 10, 1, 1}, true), ValidationMethod::inverse);
    EXPECT_EQ(choose_validation({}, {n, 10, 5, 1}, true), ValidationMethod::inverse);
    EXPECT_EQ(choose_validation({}, {n, 10, 12, 1}, true), ValidationMethod::eigen);
    EXPECT_EQ(choose_validation({}, {n, n, 1, 1}, true), ValidationMethod::inverse);
    EXPECT_EQ(choose_validation({}, {n, n, 40, 1}, true), ValidationMethod::eigen);
  }
}

TEST(ValidationMethod, TheUserAndTheMemoryHaveTheLastWord) {
  EXPECT_EQ(choose_validation({}, {2000, 10, 50, 1}, false), ValidationMethod::inverse);
  EXPECT_EQ(choose_validation(ValidationMethod::eigen, {2000, 10, 1, 1}, false), ValidationMethod::eigen);
  EXPECT_EQ(choose_validation(ValidationMethod::inverse, {2000, 10, 50, 1}, true), ValidationMethod::inverse);
}

} // namespace
} // namespace soapstone::regression
