// SPDX-License-Identifier: BSD-3-Clause
#include "samples.hpp"

#include "soapstone/base/error.hpp"

#include <gtest/gtest.h>

namespace soapstone::search {
namespace {

TEST(Record, comes_back_from_bytes_one_after_the_other) {
  const auto first = good_record(1, 12345678901, 0.1, true), second = failed_record(0, 2);
  const auto bytes = pack(first) + pack(second);
  std::string_view rest = bytes;
  EXPECT_EQ(unpack(rest), first);
  EXPECT_EQ(unpack(rest), second);
  EXPECT_TRUE(rest.empty());
}

TEST(Record, cut_off_anywhere_is_an_error) {
  const auto bytes = pack(good_record(0, 1, 2.5));
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    std::string_view part(bytes.data(), size);
    EXPECT_THROW(unpack(part), InternalError) << size;
  }
}

} // namespace
} // namespace soapstone::search
