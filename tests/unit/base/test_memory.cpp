// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/base/memory.hpp"

#include <cstddef>
#include <cstring>
#include <memory>

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

namespace soapstone {
namespace {

constexpr std::int64_t mib = std::int64_t{1} << 20;

std::unique_ptr<char[]> touched(std::int64_t bytes) {
  auto memory = std::make_unique_for_overwrite<char[]>(static_cast<std::size_t>(bytes));
  std::memset(memory.get(), 1, static_cast<std::size_t>(bytes));
  return memory;
}

TEST(Memory, current_follows_an_allocation) {
  const auto before = current_memory_bytes();
  auto memory = touched(100 * mib);
  const auto during = current_memory_bytes();
  EXPECT_GT(during - before, 95 * mib);
  EXPECT_LT(during - before, 130 * mib);
  memory.reset();
#ifndef __SANITIZE_ADDRESS__ // which keeps freed memory for a while
  EXPECT_LT(current_memory_bytes() - before, 30 * mib);
#endif
}

TEST(Memory, peak_remembers) {
  const auto before = current_memory_bytes();
  touched(150 * mib).reset();
  EXPECT_GT(peak_memory_bytes(), before + 140 * mib);
  EXPECT_LT(peak_memory_bytes(), before + 2000 * mib);
}

TEST(Memory, available_is_not_more_than_the_machine_has) {
  const auto physical = static_cast<std::int64_t>(sysconf(_SC_PHYS_PAGES)) * sysconf(_SC_PAGESIZE);
  EXPECT_GT(available_memory_bytes(), mib);
  EXPECT_LE(available_memory_bytes(), physical);
}

// AddressSanitizer itself reserves terabytes of addresses, which leaves nothing under any limit.
#ifndef __SANITIZE_ADDRESS__
TEST(Memory, available_respects_the_address_space_limit) {
  rlimit before{};
  getrlimit(RLIMIT_AS, &before);
  rlimit limited = before;
  limited.rlim_cur = rlim_t{2} << 30U;
  ASSERT_EQ(setrlimit(RLIMIT_AS, &limited), 0);
  const auto available = available_memory_bytes();
  setrlimit(RLIMIT_AS, &before);
  EXPECT_LT(available, std::int64_t{2} << 30);
  EXPECT_GT(available, 0);
}
#endif

} // namespace
} // namespace soapstone
