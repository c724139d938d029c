// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/base/stopwatch.hpp"

#include <chrono>
#include <thread>

#include <gtest/gtest.h>

namespace soapstone {
namespace {

TEST(Stopwatch, counts_seconds_from_its_start) {
  Stopwatch watch;
  EXPECT_GE(watch.seconds(), 0.0);
  std::this_thread::sleep_for(std::chrono::milliseconds(30));
  const double first = watch.seconds();
  EXPECT_GE(first, 0.03);
  EXPECT_GE(watch.seconds(), first);
}

TEST(Stopwatch, restarts) {
  Stopwatch watch;
  std::this_thread::sleep_for(std::chrono::milliseconds(30));
  const double before = watch.seconds();
  watch.restart();
  const Stopwatch other; // however slow the machine is, this one started later
  EXPECT_LT(watch.seconds() - other.seconds(), before);
}

} // namespace
} // namespace soapstone
