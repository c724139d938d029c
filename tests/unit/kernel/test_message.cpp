// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/kernel/message.hpp"

#include "fake_features.hpp"
#include "soapstone/base/error.hpp"

#include <gtest/gtest.h>

namespace soapstone::kernel {
namespace {

TEST(Message, ComesBackAsItWas) {
  const auto block = testing::fake_features(testing::fake_structures(40, 1));
  const auto message = to_message(block);
  EXPECT_EQ(static_cast<std::int64_t>(message.size()), message_size(block));
  const auto back = from_message(message);
  EXPECT_EQ(back.structures, block.structures);
  ASSERT_EQ(back.groups.size(), block.groups.size());
  for (std::size_t g = 0; g < block.groups.size(); ++g) {
    EXPECT_EQ(back.groups[g].segments, block.groups[g].segments);
    EXPECT_EQ(back.groups[g].width, block.groups[g].width);
    EXPECT_EQ(back.groups[g].structures, block.groups[g].structures);
    EXPECT_EQ(back.groups[g].environments, block.groups[g].environments);
    EXPECT_EQ(back.groups[g].values, block.groups[g].values);
  }
}

TEST(Message, OfNothingIsPossible) {
  EXPECT_EQ(from_message(to_message({})).structures, 0);
}

TEST(Message, CutShortIsRefused) {
  auto message = to_message(testing::fake_features(testing::fake_structures(3, 1)));
  message.pop_back();
  EXPECT_THROW(from_message(message), InternalError);
}

} // namespace
} // namespace soapstone::kernel
