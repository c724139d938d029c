// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/kernel/assembly.hpp"

#include "fake_features.hpp"
#include "soapstone/parallel/collectives.hpp"

#include <gtest/gtest.h>

namespace soapstone::kernel {
namespace {

using namespace testing;
using linalg::DistributedMatrix;
using linalg::GridShape;

std::vector<GridShape> shapes_for(int ranks) {
  std::vector<GridShape> shapes;
  for (int rows = 1; rows <= ranks; ++rows)
    for (int cols = 1; rows * cols <= ranks; ++cols)
      shapes.push_back({rows, cols}); // idle ranks included
  return shapes;
}

void expect_kernel(const DistributedMatrix& matrix, const std::vector<structure::Structure>& rows,
                   const std::vector<structure::Structure>& cols, bool lower) {
  const auto values = linalg::gather(matrix);
  for (std::size_t j = 0; j < cols.size(); ++j)
    for (std::size_t i = lower ? j : 0; i < rows.size(); ++i)
      ASSERT_NEAR(values[i + j * rows.size()], 1.5 * brute_kernel(rows[i], cols[j], 2), 1e-12)
          << i << ", " << j;
}

TEST(Assembly, FillsTheLowerTriangleOnEveryGrid) {
  const auto world = parallel::Communicator::world();
  for (const auto shape : shapes_for(world.size()))
    for (const std::int64_t n : {0, 1, 7, 45})
      for (const std::int64_t memory : {1, 4000, 1 << 30}) { // one block a pass, a few, all
        const linalg::ProcessGrid grid(world, shape);
        const auto structures = fake_structures(n, 9);
        const FeatureStore store(grid, structures, 5, fake_features);
        DistributedMatrix matrix(grid, n, n, 5);
        assemble_kernel(matrix, store, store, {2, 1.5, Extent::lower, memory});
        expect_kernel(matrix, structures, structures, true);
      }
}

TEST(Assembly, HasTheSameBitsWhenFeaturesAreComputedAnew) {
  const auto world = parallel::Communicator::world();
  for (const auto shape : shapes_for(world.size())) {
    const linalg::ProcessGrid grid(world, shape);
    const auto structures = fake_structures(45, 9);
    const FeatureStore whole(grid, structures, 5, fake_features),
        none(grid, structures, 5, fake_features, {Precision::float64, 0}),
        some(grid, structures, 5, fake_features, {Precision::float64, 3000});
    DistributedMatrix expected(grid, 45, 45, 5);
    assemble_kernel(expected, whole, whole, {2, 1.5, Extent::lower, 4000});
    for (const auto* store : {&none, &some}) {
      DistributedMatrix matrix(grid, 45, 45, 5);
      assemble_kernel(matrix, *store, *store, {2, 1.5, Extent::lower, 4000});
      EXPECT_EQ(linalg::gather(matrix), linalg::gather(expected));
    }
  }
}

TEST(Assembly, OfFeaturesInFloat32IsThatOfRoundedFeatures) {
  const auto world = parallel::Communicator::world();
  const linalg::ProcessGrid grid(world, linalg::choose_grid(world.size()));
  const auto structures = fake_structures(45, 9);
  const FeatureFunction rounded = [](std::span<const structure::Structure> part) {
    auto block = fake_features(part);
    round_to_float(block);
    return block;
  };
  const FeatureStore store(grid, structures, 5, fake_features, {Precision::float32}),
      expected_store(grid, structures, 5, rounded);
  DistributedMatrix matrix(grid, 45, 45, 5), expected(grid, 45, 45, 5);
  assemble_kernel(matrix, store, store, {2, 1.5, Extent::lower, 4000});
  assemble_kernel(expected, expected_store, expected_store, {2, 1.5, Extent::lower, 4000});
  EXPECT_EQ(linalg::gather(matrix), linalg::gather(expected));
}

TEST(Assembly, FillsARectangleOnEveryGrid) {
  const auto world = parallel::Communicator::world();
  for (const auto shape : shapes_for(world.size())) {
    const linalg::ProcessGrid grid(world, shape);
    const auto rows = fake_structures(23, 1), cols = fake_structures(38, 2);
    const FeatureStore row_store(grid, rows, 4, fake_features), col_store(grid, cols, 4, fake_features);
    DistributedMatrix matrix(grid, 23, 38, 4);
    assemble_kernel(matrix, row_store, col_store, {2, 1.5, Extent::full, 3000});
    expect_kernel(matrix, rows, cols, false);
  }
}

TEST(Assembly, ReportsProgressUpToTheEnd) {
  const auto world = parallel::Communicator::world();
  const linalg::ProcessGrid grid(world, linalg::choose_grid(world.size()));
  const auto structures = fake_structures(60, 9);
  const FeatureStore store(grid, structures, 5, fake_features);
  DistributedMatrix matrix(grid, 60, 60, 5);
  double last = 0;
  const double flops =
      assemble_kernel(matrix, store, store, {2, 1.0, Extent::lower, 1 << 20}, [&](double share) {
        EXPECT_GE(share, last);
        EXPECT_LE(share, 1.0);
        last = share;
      });
  EXPECT_GT(last, 0.5);
  EXPECT_GT(parallel::all_reduce(world, flops), 0.0);
}

TEST(PlanPasses, CoverAllBlocksWithinTheMemory) {
  const auto world = parallel::Communicator::world();
  const linalg::ProcessGrid grid(world, linalg::choose_grid(world.size()));
  const auto structures = fake_structures(100, 3);
  const FeatureStore store(grid, structures, 3, fake_features);
  const std::int64_t memory = 6000;
  std::int64_t next = 0;
  for (const auto& [first, last] : plan_passes(store, memory)) {
    EXPECT_EQ(first, next);
    EXPECT_GT(last, first);
    next = last;
    for (int row = 0; row < grid.shape().rows; ++row) {
      std::int64_t bytes = 0, blocks = 0;
      for (auto b = first; b < last; ++b)
        if (b % grid.shape().rows == row) {
          bytes += 8 * store.message_size(b);
          ++blocks;
        }
      EXPECT_TRUE(bytes <= memory || blocks == 1);
    }
  }
  EXPECT_EQ(next, store.blocks());
}

} // namespace
} // namespace soapstone::kernel
