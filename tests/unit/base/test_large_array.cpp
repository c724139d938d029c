// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/base/large_array.hpp"

#include <cstdint>
#include <gtest/gtest.h>
#include <limits>

namespace soapstone {
namespace {

TEST(LargeArray, grows_without_losing_what_is_there) {
  LargeArray<double> values{1.0, 2.0};
  values.resize(1000);
  values.push_back(3.0);
  values.resize(3 * large_array_threshold / sizeof(double)); // over the threshold
  EXPECT_EQ(values[0], 1.0);
  EXPECT_EQ(values[1], 2.0);
  EXPECT_EQ(values[1000], 3.0);
  values.back() = 4.0;
  const auto copy = values;
  EXPECT_EQ(copy.back(), 4.0);
  EXPECT_EQ(LargeArray<double>(5, 0.0), (LargeArray<double>{0, 0, 0, 0, 0}));
}

TEST(LargeArray, is_aligned_to_huge_pages_from_the_threshold_on) {
  const LargeArray<char> values(large_array_threshold);
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(values.data()) % (std::uintptr_t{2} << 20), 0U);
}

TEST(LargeArray, that_is_too_large_is_refused) {
  LargeAllocator<double> allocator;
  EXPECT_THROW(allocator.allocate(std::numeric_limits<std::size_t>::max() / 4), std::bad_alloc);
  EXPECT_THROW(allocator.allocate(std::numeric_limits<std::size_t>::max() / 64), std::bad_alloc);
}

} // namespace
} // namespace soapstone
