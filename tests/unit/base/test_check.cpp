// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/base/check.hpp"

#include <cstdint>
#include <limits>
#include <string>

#include <gtest/gtest.h>

namespace soapstone {
namespace {

TEST(Expects, true_passes) {
  EXPECT_NO_THROW(expects(true, "the truth"));
}

constexpr int expects_line = __LINE__ + 3; // of the call below

void take_width(double width) {
  expects(width > 0, "a positive width");
}

TEST(Expects, false_names_the_promise_and_the_caller) {
  try {
    take_width(-1);
    FAIL() << "passed";
  } catch (const InternalError& error) {
    const std::string text = error.what();
    EXPECT_EQ(error.code(), ExitCode::internal);
    EXPECT_NE(text.find("a positive width"), std::string::npos) << text;
    EXPECT_NE(text.find("in take_width"), std::string::npos) << text;
    EXPECT_NE(text.find("test_check.cpp:" + std::to_string(expects_line)), std::string::npos) << text;
  }
}

TEST(Narrow, keeps_every_value_that_fits) {
  EXPECT_EQ(narrow<std::int32_t>(std::int64_t{2147483647}), 2147483647);
  EXPECT_EQ(narrow<std::int32_t>(std::int64_t{-2147483648}), std::numeric_limits<std::int32_t>::min());
  EXPECT_EQ(narrow<std::uint8_t>(255), 255);
  EXPECT_EQ(narrow<std::uint64_t>(0), 0U);
  EXPECT_EQ(narrow<std::int64_t>(std::uint64_t{1} << 62), std::int64_t{1} << 62);
}

TEST(Narrow, refuses_one_more) {
  EXPECT_THROW(narrow<std::int32_t>(std::int64_t{2147483648}), ResourceError);
  EXPECT_THROW(narrow<std::int32_t>(std::int64_t{-2147483649}), ResourceError);
  EXPECT_THROW(narrow<std::uint8_t>(256), ResourceError);
  EXPECT_THROW(narrow<std::int32_t>(std::numeric_limits<std::uint64_t>::max()), ResourceError);
  EXPECT_THROW(narrow<std::int64_t>(std::uint64_t{1} << 63), ResourceError);
}

// A plain cast would make 2^64 - 1 of it.
TEST(Narrow, refuses_signs_that_get_lost) {
  EXPECT_THROW(narrow<std::uint64_t>(-1), ResourceError);
  EXPECT_THROW(narrow<std::uint8_t>(-1), ResourceError);
}

TEST(Narrow, names_what_did_not_fit) {
  try {
    narrow<std::int32_t>(std::int64_t{1} << 40, "matrix elements");
    FAIL() << "fitted";
  } catch (const ResourceError& error) {
    EXPECT_EQ(error.code(), ExitCode::resources);
    EXPECT_EQ(std::string(error.what()), "matrix elements = 1099511627776 does not fit its 32-bit type");
  }
}

} // namespace
} // namespace soapstone
