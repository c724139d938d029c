// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/kernel/stored_block.hpp"

#include "fake_features.hpp"
#include "soapstone/base/error.hpp"

#include <gtest/gtest.h>

namespace soapstone::kernel {
namespace {

using namespace testing;

void expect_equal(const features::FeatureBlock& a, const features::FeatureBlock& b) {
  EXPECT_EQ(a.structures, b.structures);
  ASSERT_EQ(a.groups.size(), b.groups.size());
  for (std::size_t g = 0; g < a.groups.size(); ++g) {
    EXPECT_EQ(a.groups[g].segments, b.groups[g].segments);
    EXPECT_EQ(a.groups[g].width, b.groups[g].width);
    EXPECT_EQ(a.groups[g].structures, b.groups[g].structures);
    EXPECT_EQ(a.groups[g].environments, b.groups[g].environments);
    EXPECT_EQ(a.groups[g].values, b.groups[g].values);
  }
}

TEST(StoredBlock, ComesBackFromAMessageAsItWas) {
  const auto block = fake_features(fake_structures(40, 1));
  auto rounded = block;
  round_to_float(rounded);
  features::FeatureBlock scratch;
  for (const auto precision : {Precision::float64, Precision::float32}) {
    const StoredBlock stored(block, precision);
    const auto message = stored.message();
    EXPECT_EQ(static_cast<std::int64_t>(message.size()), stored.message_size());
    const StoredBlock back(message);
    EXPECT_EQ(back.structures(), block.structures);
    EXPECT_EQ(back.rows(), stored.rows());
    expect_equal(back.expand(scratch), precision == Precision::float64 ? block : rounded);
  }
}

TEST(StoredBlock, TakesHalfTheMemoryInFloat32) {
  const auto block = fake_features(fake_structures(40, 1));
  const StoredBlock whole(block, Precision::float64), half(block, Precision::float32);
  EXPECT_EQ(whole.bytes(), static_cast<std::int64_t>(block.bytes()));
  EXPECT_EQ(2 * half.bytes(), whole.bytes());
}

TEST(StoredBlock, RoundsToTheNearestFloat) {
  auto block = fake_features(fake_structures(40, 1));
  const auto exact = block;
  round_to_float(block);
  bool changed = false;
  for (std::size_t g = 0; g < block.groups.size(); ++g)
    for (std::size_t i = 0; i < block.groups[g].values.size(); ++i) {
      const double x = exact.groups[g].values[i], r = block.groups[g].values[i];
      EXPECT_LE(std::abs(r - x), std::abs(x) * 0x1p-24);
      changed = changed || r != x;
    }
  EXPECT_TRUE(changed);
}

TEST(StoredBlock, OfNothingIsPossible) {
  EXPECT_EQ(StoredBlock(StoredBlock().message()).structures(), 0);
}

TEST(StoredBlock, FromAMessageThatIsCutShortIsRefused) {
  auto message = StoredBlock(fake_features(fake_structures(3, 1)), Precision::float64).message();
  message.pop_back();
  EXPECT_THROW(StoredBlock{message}, InternalError);
}

TEST(LeadingStructures, AreThoseOfTheFirstStructuresAlone) {
  const auto structures = fake_structures(40, 1);
  for (const std::size_t n : {0, 1, 17, 40}) {
    const auto part = leading_structures(fake_features(structures), static_cast<std::int64_t>(n));
    expect_equal(part, fake_features(std::span(structures).first(n)));
  }
}

} // namespace
} // namespace soapstone::kernel
