// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <filesystem>
#include <gtest/gtest.h>
#include <string>

#include <unistd.h>

namespace soapstone {

/// Works in an empty folder of its own, which is gone afterwards.
class OwnFolder : public testing::Test {
protected:
  OwnFolder() {
    std::filesystem::create_directories(folder_);
    std::filesystem::current_path(folder_);
  }
  ~OwnFolder() override {
    std::error_code none;
    std::filesystem::current_path(before_, none);
    std::filesystem::remove_all(folder_, none);
  }

  const std::filesystem::path before_ = std::filesystem::current_path();
  const std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() / ("soapstone_own_folder_" + std::to_string(::getpid()));
};

} // namespace soapstone
