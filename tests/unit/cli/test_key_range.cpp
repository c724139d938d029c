// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/cli/key_range.hpp"

#include "expect_config_error.hpp"

namespace soapstone::cli {
namespace {

using Values = std::vector<std::string>;

Values expand(const std::string& key, const std::string& value) {
  return expand_range({key, value, "f:1"}, option_named(key));
}

TEST(KeyRange, linear_ranges_hold_both_ends) {
  EXPECT_EQ(expand("radial-scaling.scale", "1:2:5"), (Values{"1", "1.25", "1.5", "1.75", "2"}));
  EXPECT_EQ(expand("soap.cutoff", "0.1:0.5:5"), (Values{"0.1", "0.2", "0.3", "0.4", "0.5"}));
  EXPECT_EQ(expand("soap.n-max", "4:8:3"), (Values{"4", "6", "8"}));
  EXPECT_EQ(expand("soap.cutoff", "3:2:2"), (Values{"3", "2"}));
}

TEST(KeyRange, logarithmic_ranges) {
  EXPECT_EQ(expand("regression.regularization", "1e-8:1e-5:log4"),
            (Values{"1e-08", "1e-07", "1e-06", "1e-05"}));
}

TEST(KeyRange, lists_and_single_values) {
  EXPECT_EQ(expand("soap.cutoff", "3, 4,5"), (Values{"3", "4", "5"}));
  EXPECT_EQ(expand("species.coupling", "none,gaussian"), (Values{"none", "gaussian"}));
  EXPECT_EQ(expand("soap.cutoff", "4"), (Values{"4"}));
  EXPECT_EQ(expand("species.coupling", "c:u.h5"), (Values{"c:u.h5"}));
}

TEST(KeyRange, ranges_without_sense_are_refused) {
  for (const char* value : {"1:2", "1:2:1", "1:2:3:4", "a:2:3", "1:2:x", "0:1:log3", "-1:1:log3", "1:2:log",
                            "1::3", "1:2:2.5", "1:inf:3", "2:2:2", "3,4,3", "1:2:1000000000"})
    expect_config_error([&] { expand("soap.cutoff", value); }, "soap.cutoff", "f:1",
                        {value, "expected lo:hi:n"});
}

} // namespace
} // namespace soapstone::cli
