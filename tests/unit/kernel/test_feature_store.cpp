// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/kernel/feature_store.hpp"

#include "fake_features.hpp"
#include "soapstone/parallel/agree.hpp"
#include "soapstone/parallel/collectives.hpp"

#include <gtest/gtest.h>

namespace soapstone::kernel {
namespace {

using namespace testing;

void expect_same(const features::FeatureBlock& block, const features::FeatureBlock& expected) {
  EXPECT_EQ(StoredBlock(block, Precision::float64).message(),
            StoredBlock(expected, Precision::float64).message());
}

TEST(FeatureStore, GivesEveryBlockToOneRankOfItsGridColumn) {
  const auto world = parallel::Communicator::world();
  const linalg::ProcessGrid grid(world, linalg::choose_grid(world.size()));
  const auto structures = fake_structures(53, 1);
  const FeatureStore store(grid, structures, 4, fake_features);
  EXPECT_EQ(store.blocks(), 14);
  EXPECT_EQ(store.block_size(13), 1);
  std::vector<std::int32_t> owners(14, 0);
  store.for_each_mine([&](std::int64_t b, const features::FeatureBlock& block) {
    owners[static_cast<std::size_t>(b)] = 1;
    EXPECT_EQ(b % grid.shape().cols, grid.col());
    const auto expected = fake_features(
        std::span(structures)
            .subspan(static_cast<std::size_t>(4 * b), static_cast<std::size_t>(store.block_size(b))));
    expect_same(block, expected);
    EXPECT_EQ(store.message_size(b), static_cast<std::int64_t>(store.stored(b).message().size()));
  });
  parallel::all_reduce(world, std::span(owners));
  EXPECT_EQ(owners, std::vector<std::int32_t>(14, 1));
  std::int64_t atoms = 0;
  for (const auto& structure : structures)
    atoms += static_cast<std::int64_t>(structure.size());
  EXPECT_EQ(store.environments(), atoms);
}

TEST(FeatureStore, ComputesAnewWhatItDoesNotKeep) {
  const auto world = parallel::Communicator::world();
  const linalg::ProcessGrid grid(world, linalg::choose_grid(world.size()));
  const auto structures = fake_structures(53, 1);
  for (const auto precision : {Precision::float64, Precision::float32}) {
    const FeatureStore whole(grid, structures, 4, fake_features, {precision});
    EXPECT_TRUE(whole.keeps_all());
    const auto memory = parallel::all_reduce(world, whole.kept_bytes(), MPI_MAX) / 2;
    for (const std::int64_t part : {std::int64_t{0}, memory}) {
      const FeatureStore store(grid, structures, 4, fake_features, {precision, part});
      EXPECT_FALSE(store.keeps_all());
      EXPECT_LE(store.kept_bytes(), part);
      EXPECT_EQ(store.environments(), whole.environments());
      for (const auto b : store.my_blocks()) {
        EXPECT_EQ(store.message_size(b), whole.message_size(b));
        EXPECT_EQ(store.stored(b).message(), whole.stored(b).message());
      }
    }
  }
}

TEST(FeatureStore, HasTheFirstStructuresAsAStoreOfTheirOwn) {
  const auto world = parallel::Communicator::world();
  const linalg::ProcessGrid grid(world, linalg::choose_grid(world.size()));
  const auto structures = fake_structures(53, 1);
  for (const std::int64_t memory : {0, 2000, 1 << 30}) {
    const FeatureStore whole(grid, structures, 4, fake_features, {Precision::float64, memory});
    for (const std::int64_t n : {0, 1, 4, 30, 53}) {
      const auto part = whole.first(n);
      const FeatureStore expected(grid, std::span(structures).first(static_cast<std::size_t>(n)), 4,
                                  fake_features);
      EXPECT_EQ(part.environments(), expected.environments());
      ASSERT_EQ(part.my_blocks(), expected.my_blocks());
      for (const auto b : part.my_blocks()) {
        EXPECT_EQ(part.message_size(b), expected.message_size(b));
        EXPECT_EQ(part.stored(b).message(), expected.stored(b).message());
      }
    }
  }
}

TEST(FeatureStore, AgreesOnAFailureOfOneRank) {
  const auto world = parallel::Communicator::world();
  const linalg::ProcessGrid grid(world, linalg::choose_grid(world.size()));
  const auto structures = fake_structures(20, 1);
  const int bad = world.size() - 1;
  const FeatureFunction fails = [&](std::span<const structure::Structure> part) {
    if (world.rank() == bad)
      throw DataError("planted");
    return fake_features(part);
  };
  try {
    const FeatureStore store(grid, structures, 2, fails);
    FAIL() << "no error";
  } catch (const parallel::AgreedError& error) {
    EXPECT_EQ(error.code(), ExitCode::data);
    EXPECT_EQ(error.rank(), bad);
  }
}

} // namespace
} // namespace soapstone::kernel
