// SPDX-License-Identifier: BSD-3-Clause
#include "checksum.hpp"

#include "soapstone/base/error.hpp"
#include "soapstone/base/random.hpp"

#include <cstring>
#include <vector>

#include <gtest/gtest.h>

namespace soapstone::h5 {
namespace {

std::vector<std::uint8_t> random_bytes(std::size_t n) {
  CounterRandom random(7);
  std::vector<std::uint8_t> bytes(n);
  for (auto& byte : bytes)
    byte = static_cast<std::uint8_t>(random());
  return bytes;
}

TEST(Checksum, parts_add_up_in_any_order) {
  const auto bytes = random_bytes(800);
  for (const std::size_t size : {1, 2, 4, 8}) {
    const std::size_t count = bytes.size() / size, cut = count / 3;
    const auto tail = checksum(bytes.data() + cut * size, size, count - cut, cut);
    EXPECT_EQ(checksum(bytes.data(), size, count, 0), tail + checksum(bytes.data(), size, cut, 0));
  }
}

TEST(Checksum, nothing_sums_to_zero) {
  EXPECT_EQ(checksum(nullptr, 8, 0, 0), 0U);
}

TEST(Checksum, every_bit_flip_changes_it) {
  auto bytes = random_bytes(64);
  for (const std::size_t size : {1, 2, 4, 8}) {
    const auto before = checksum(bytes.data(), size, bytes.size() / size, 0);
    for (std::size_t bit = 0; bit < 8 * bytes.size(); ++bit) {
      bytes[bit / 8] ^= static_cast<std::uint8_t>(1U << bit % 8);
      EXPECT_NE(checksum(bytes.data(), size, bytes.size() / size, 0), before);
      bytes[bit / 8] ^= static_cast<std::uint8_t>(1U << bit % 8);
    }
  }
}

TEST(Checksum, order_matters) {
  const std::vector<double> a{1.0, 2.0, 3.0}, b{2.0, 1.0, 3.0};
  EXPECT_NE(checksum(a.data(), 8, 3, 0), checksum(b.data(), 8, 3, 0));
}

// What Fletcher-32 cannot see.
TEST(Checksum, zeros_differ_from_all_ones) {
  const std::vector<std::int64_t> zeros(512, 0), ones(512, -1);
  EXPECT_NE(checksum(zeros.data(), 8, 512, 0), checksum(ones.data(), 8, 512, 0));
}

TEST(Checksum, refuses_other_sizes) {
  EXPECT_THROW(checksum(nullptr, 3, 0, 0), InternalError);
}

} // namespace
} // namespace soapstone::h5
