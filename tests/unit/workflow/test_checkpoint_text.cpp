// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/workflow/checkpoint_text.hpp"

#include <cmath>
#include <gtest/gtest.h>
#include <limits>

namespace soapstone::workflow {
namespace {

/// As files of all versions have it.
constexpr const char* one_target =
    R"([{"name":"energy","iterations":2,"converged":true,"residual":0.001,"history":[)"
    R"({"iteration":1,"residual":0.5,"prediction_change":0.25},)"
    R"({"iteration":2,"residual":0.001,"prediction_change":1e-13}]}])";

TEST(CheckpointText, of_iterations_is_that_of_all_versions) {
  const std::vector<TargetIterations> solved{{"energy", true, 1e-3, {{1, 0.5, 0.25}, {2, 1e-3, 1e-13}}}};
  EXPECT_EQ(to_text(solved), one_target);
  EXPECT_EQ(to_text(std::vector<TargetIterations>{}), "[]");
}

TEST(CheckpointText, of_iterations_is_read_as_it_was_written) {
  const auto solved = parse_iterations(one_target);
  ASSERT_TRUE(solved);
  EXPECT_EQ(to_text(*solved), one_target);
  EXPECT_TRUE(parse_iterations("[]")->empty());
}

TEST(CheckpointText, keeps_numbers_that_are_not_finite) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const auto solved =
      parse_iterations(to_text(std::vector<TargetIterations>{{"gap", false, 2, {{1, 3, nan}}}}));
  ASSERT_TRUE(solved);
  EXPECT_FALSE(solved->front().converged);
  EXPECT_TRUE(std::isnan(solved->front().history.front().prediction_change));
}

TEST(CheckpointText, of_something_else_is_nothing) {
  for (const char* text : {"", "{", "{}", "3", "[3]", R"([{"name":"energy"}])",
                           R"([{"name":"energy","converged":true,"residual":null,"history":[]}])"})
    EXPECT_FALSE(parse_iterations(text)) << text;
  for (const char* text : {"", "{", "[]", R"({"soap.cutoff":5})"})
    EXPECT_FALSE(parse_identity(text)) << text;
}

TEST(CheckpointText, of_an_identity) {
  const TrainingIdentity identity{{"soap.cutoff", "5.0"}, {"data.structures", "\xc3\xa9"}};
  EXPECT_EQ(to_text(identity), "{\"data.structures\":\"\xc3\xa9\",\"soap.cutoff\":\"5.0\"}");
  EXPECT_EQ(parse_identity(to_text(identity)), identity);
}

} // namespace
} // namespace soapstone::workflow
