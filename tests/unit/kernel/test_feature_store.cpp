// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/kernel/feature_store.hpp"

#include "fake_features.hpp"
#include "soapstone/kernel/message.hpp"
#include "soapstone/parallel/agree.hpp"
#include "soapstone/parallel/collectives.hpp"

#include <gtest/gtest.h>

namespace soapstone::kernel {
namespace {

using namespace testing;

TEST(FeatureStore, GivesEveryBlockToOneRankOfItsGridColumn) {
  const auto world = parallel::Communicator::world();
  const linalg::ProcessGrid grid(world, linalg::choose_grid(world.size()));
  const auto structures = fake_structures(53, 1);
  const FeatureStore store(grid, structures, 4, fake_features);
  EXPECT_EQ(store.blocks(), 14);
  EXPECT_EQ(store.block_size(13), 1);
  std::vector<std::int32_t> owners(14, 0);
  for (const auto& [b, block] : store.all_mine()) {
    owners[static_cast<std::size_t>(b)] = 1;
    EXPECT_EQ(b % grid.shape().cols, grid.col());
    const auto expected = fake_features(
        std::span(structures)
            .subspan(static_cast<std::size_t>(4 * b), static_cast<std::size_t>(store.block_size(b))));
    EXPECT_EQ(to_message(block), to_message(expected));
  }
  parallel::all_reduce(world, std::span(owners));
  EXPECT_EQ(owners, std::vector<std::int32_t>(14, 1));
  std::int64_t atoms = 0;
  for (const auto& structure : structures)
    atoms += static_cast<std::int64_t>(structure.size());
  EXPECT_EQ(store.environments(), atoms);
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
