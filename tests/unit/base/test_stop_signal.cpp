// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/base/stop_signal.hpp"

#include <csignal>
#include <gtest/gtest.h>

namespace soapstone {
namespace {

TEST(StopSignal, remembers_the_first_signal_and_survives_it) {
  for (const int signal : {SIGUSR1, SIGUSR2, SIGTERM}) {
    const StopSignal catching;
    EXPECT_EQ(StopSignal::received(), 0);
    std::raise(signal);
    std::raise(SIGTERM);
    EXPECT_EQ(StopSignal::received(), signal);
  }
  EXPECT_STREQ(StopSignal::name(SIGUSR2), "SIGUSR2");
}

TEST(StopSignal, leaves_the_handlers_as_they_were) {
  std::signal(SIGUSR1, SIG_IGN);
  { const StopSignal catching; }
  EXPECT_EQ(std::signal(SIGUSR1, SIG_DFL), SIG_IGN);
}

} // namespace
} // namespace soapstone
