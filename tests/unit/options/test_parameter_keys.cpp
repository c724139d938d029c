// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/options/parameter_keys.hpp"

#include <gtest/gtest.h>

namespace soapstone::options {
namespace {

TEST(ParameterKeys, messages_of_the_libraries_get_the_keys_of_the_program) {
  EXPECT_EQ(with_keys("`cutoff_width` must be between 0 and `cutoff` (Å), not 7"),
            "soap.cutoff-width must be between 0 and soap.cutoff (Å), not 7");
  EXPECT_EQ(with_keys("raise `regularization`"), "raise regression.regularization");
  EXPECT_EQ(with_keys("use --`target_unit` hartree"), "use --data.target-unit hartree");
  EXPECT_EQ(with_keys("`radial_rate`"), "radial-scaling.rate");
}

TEST(ParameterKeys, other_texts_stay) {
  for (const char* text : {"", "`", "a ` b", "the key `energy` of `x.xyz`", "cutoff", "``", "`cutoff"})
    EXPECT_EQ(with_keys(text), text);
  EXPECT_EQ(with_keys("`a`cutoff`"), "`asoap.cutoff");
  EXPECT_EQ(key_of("soap.cutoff"), "");
}

} // namespace
} // namespace soapstone::options
