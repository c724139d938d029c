// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/cli/effective.hpp"

#include <gtest/gtest.h>

namespace soapstone::cli {
namespace {

TEST(WithPlace, IsThatOfTheKeyOfAParameter) {
  options::Configuration configuration;
  configuration.effective = {{"data.test", "9", "run.ini:3"},
                             {"data.target", "a", "run.ini:4"},
                             {"data.target", "b", "run.ini:5"},
                             {"kernel.zeta", "2", "default"},
                             {"kernel.2.species.channels", "5", "run.ini:7"}};
  EXPECT_EQ(with_place(ConfigError("too many", "test"), configuration).where(), "run.ini:3");
  EXPECT_EQ(with_place(ConfigError("not here", "target"), configuration).where(), "run.ini:4");
  EXPECT_EQ(with_place(ConfigError("too large", "zeta"), configuration).where(), "");
  EXPECT_EQ(with_place(ConfigError("known", "test", "other.ini:1"), configuration).where(), "other.ini:1");
  const auto of_one_kernel = with_place(ConfigError("too many", "channels"), configuration);
  EXPECT_EQ(of_one_kernel.where(), "run.ini:7");
  EXPECT_EQ(of_one_kernel.parameter(), "kernel.2.species.channels");
  configuration.effective.push_back({"kernel.3.species.channels", "5", "run.ini:9"});
  EXPECT_EQ(with_place(ConfigError("too many", "channels"), configuration).where(), ""); // which of them?
}

} // namespace
} // namespace soapstone::cli
