// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/base/vanishing_file.hpp"

#include "soapstone/base/stop_signal.hpp"

#include <csignal>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <unistd.h>

namespace soapstone {
namespace {

namespace fs = std::filesystem;

std::string made(const std::string& name) {
  const auto path = fs::temp_directory_path() / ("soapstone-vanishing-" + std::to_string(getpid()) + name);
  std::ofstream(path) << "text";
  return path.string();
}

TEST(VanishingFileDeathTest, goes_with_the_process) {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE, SIGUSR1, SIGUSR2, SIGXCPU}) {
    const auto path = made("a"), kept = made("b");
    EXPECT_EXIT(
        {
          const VanishingFile other(kept + "missing");
          const VanishingFile file(path);
          VanishingFile released(kept);
          released.release();
          std::raise(signal);
        },
        testing::KilledBySignal(signal), "");
    EXPECT_FALSE(fs::exists(path));
    EXPECT_TRUE(fs::exists(kept));
    fs::remove(kept);
  }
}

TEST(VanishingFileDeathTest, stays_when_it_is_no_longer_watched) {
  const auto path = made("c");
  EXPECT_EXIT(
      {
        { const VanishingFile file(path); }
        std::raise(SIGTERM);
      },
      testing::KilledBySignal(SIGTERM), "");
  EXPECT_TRUE(fs::exists(path));
  fs::remove(path);
}

TEST(VanishingFile, leaves_the_handlers_of_others_alone) {
  const StopSignal catching;
  const auto path = made("d");
  const VanishingFile file(path);
  std::raise(SIGTERM);
  EXPECT_EQ(StopSignal::received(), SIGTERM);
  EXPECT_TRUE(fs::exists(path));
  fs::remove(path);
}

TEST(VanishingFile, many_are_no_harm) {
  const std::string path = "/none";
  const VanishingFile a(path), b(path), c(path), d(path), e(path), f(path), g(path), h(path), i(path),
      j(path), k(path), l(path), m(path), n(path), o(path), p(path), q(path);
  const VanishingFile too_long(std::string(5000, 'x'));
}

} // namespace
} // namespace soapstone
