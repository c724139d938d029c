// SPDX-License-Identifier: BSD-3-Clause
// Sizes without features against the features themselves.
#include "soapstone/planning/feature_sizes.hpp"

#include "soapstone/kernel/feature_store.hpp"
#include "soapstone/parallel/collectives.hpp"

#include <gtest/gtest.h>

namespace soapstone::planning {
namespace {

using structure::Structure;

/// Chains of 1 to 5 atoms of up to three elements.
std::vector<Structure> chains(int count) {
  std::vector<Structure> structures;
  for (int s = 0; s < count; ++s) {
    Structure chain;
    for (int a = 0; a < 1 + s % 5; ++a) {
      chain.species.push_back(static_cast<std::uint8_t>(s % 3 == 0 ? 1 : a % 2 == 0 ? 6 : 1 + s % 8));
      chain.positions.push_back({1.1 * a, 0.1 * s, 0});
    }
    structures.push_back(chain);
  }
  return structures;
}

kernel::KernelSpec spec_of(int zeta, int body_order) {
  kernel::KernelSpec spec;
  spec.soap.n_max = 3;
  spec.soap.l_max = 2;
  spec.soap.body_order = body_order;
  spec.elements = {1, 2, 3, 4, 5, 6, 7, 8};
  spec.zeta = zeta;
  return spec;
}

std::int64_t bytes_of(const kernel::FeatureStore& store) {
  std::int64_t bytes = 0;
  store.for_each_mine([&](std::int64_t, const features::FeatureBlock& block) {
    bytes += static_cast<std::int64_t>(block.bytes());
  });
  return bytes;
}

TEST(FeatureSizes, are_those_of_the_features_on_every_grid) {
  const auto world = parallel::Communicator::world();
  const auto structures = chains(23);
  for (int rows = 1; rows <= world.size(); ++rows)
    for (int cols = 1; rows * cols <= world.size(); ++cols) {
      const linalg::ProcessGrid grid(world, {rows, cols});
      for (const auto& spec : {spec_of(1, 3), spec_of(3, 2)})
        for (const std::int64_t block : {4, 50}) {
          const FeatureSizes sizes({spec}, structures);
          const kernel::FeatureStore store(grid, structures, block, kernel::make_features(spec));
          const auto mine = bytes_of(store);
          EXPECT_EQ(sizes.total(), parallel::all_reduce(world, mine));
          EXPECT_EQ(sizes.largest_share(block, grid.shape()), parallel::all_reduce(world, mine, MPI_MAX));
        }
    }
}

TEST(FeatureSizes, runs_and_work) {
  const auto structures = chains(10);
  const auto averaged = spec_of(1, 3), rows = spec_of(2, 3);
  const FeatureSizes sizes({averaged}, structures), full({rows}, structures);
  std::int64_t most = 0;
  for (std::size_t first = 0; first < 10; first += 4) {
    std::int64_t run = 0;
    for (auto s = first; s < std::min<std::size_t>(10, first + 4); ++s)
      run += kernel::feature_bytes(rows, structures[s]);
    most = std::max(most, run);
  }
  EXPECT_EQ(full.largest_run({4}), most);
  EXPECT_EQ(full.largest_run({1000}), full.total());
  EXPECT_EQ(full.work({4}), 0);     // computed in the place where they stay
  EXPECT_EQ(sizes.work({4}), most); // averaged once all of them are computed
  EXPECT_EQ(FeatureSizes({averaged, rows}, structures).total(), sizes.total() + full.total());
  EXPECT_EQ(FeatureSizes({rows}, {}).largest_share(4, {2, 2}), 0);
}

} // namespace
} // namespace soapstone::planning
