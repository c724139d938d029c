// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/base/error.hpp"

#include <gmock/gmock.h>
#include <string>
#include <vector>

namespace soapstone {

/// Runs `work` and expects a ConfigError about `key` at `where` whose message contains all of `parts`.
template <typename Work>
void expect_config_error(Work&& work, const std::string& key, const std::string& where,
                         const std::vector<std::string>& parts) {
  try {
    work();
    ADD_FAILURE() << "no error about " << key;
  } catch (const ConfigError& error) {
    EXPECT_EQ(error.parameter(), key) << error.what();
    EXPECT_EQ(error.where(), where) << error.what();
    EXPECT_EQ(error.code(), ExitCode::usage);
    EXPECT_THAT(error.what(), testing::StartsWith(where.empty() ? "" : where + ": "));
    for (const auto& part : parts)
      EXPECT_THAT(error.what(), testing::HasSubstr(part));
  }
}

} // namespace soapstone
