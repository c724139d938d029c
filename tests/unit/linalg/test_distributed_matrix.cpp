// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/linalg/distributed_matrix.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support.hpp"

#include "soapstone/base/error.hpp"
#include "soapstone/base/memory.hpp"
#include "soapstone/parallel/collectives.hpp"

#include <numeric>
#include <string>

namespace soapstone::linalg {
namespace {

using test::at;
using test::on_all_grids;

std::vector<double> counting(std::int64_t count) {
  std::vector<double> values(static_cast<std::size_t>(count));
  std::iota(values.begin(), values.end(), 1.0);
  return values;
}

TEST(DistributedMatrix, scatter_and_gather_return_what_was_given) {
  on_all_grids([](const ProcessGrid& grid) {
    for (const auto& [rows, cols] :
         {std::pair<std::int64_t, std::int64_t>{0, 0}, {0, 3}, {3, 0}, {1, 1}, {5, 9}, {64, 64}, {33, 7}})
      for (const std::int64_t block : {1, 2, 5, 16, 100}) {
        const auto values = counting(rows * cols);
        const auto matrix = scatter(grid, values, rows, cols, block);
        ASSERT_EQ(gather(matrix), values);
        // Every element is where the index maps say, and the parts add up to the whole.
        for (std::int64_t col = 0; col < matrix.cols().local_size(); ++col)
          for (std::int64_t row = 0; row < matrix.rows().local_size(); ++row)
            ASSERT_EQ(matrix.at_local(row, col),
                      values[at(matrix.rows().to_global(row), matrix.cols().to_global(col), rows)]);
        const auto held = parallel::all_reduce(grid.all(), static_cast<std::int64_t>(matrix.local().size()));
        ASSERT_EQ(held, rows * cols);
        ASSERT_LE(static_cast<std::int64_t>(8 * matrix.local().size()),
                  local_bytes(rows, cols, block, grid.shape()));
      }
  });
}

TEST(DistributedMatrix, local_bytes_is_the_largest_part) {
  on_all_grids([](const ProcessGrid& grid) {
    const DistributedMatrix matrix(grid, 50, 37, 4);
    const auto largest =
        parallel::all_reduce(grid.all(), static_cast<std::int64_t>(8 * matrix.local().size()), MPI_MAX);
    EXPECT_EQ(local_bytes(50, 37, 4, grid.shape()), largest);
  });
}

TEST(DistributedMatrix, diagonal_is_gathered_and_shifted) {
  on_all_grids([](const ProcessGrid& grid) {
    for (const auto& [rows, cols] :
         {std::pair<std::int64_t, std::int64_t>{0, 0}, {1, 1}, {6, 11}, {11, 6}, {30, 30}}) {
      auto expected = counting(rows * cols);
      auto matrix = scatter(grid, expected, rows, cols, 4);
      add_to_diagonal(matrix, 0.5);
      std::vector<double> diagonal;
      for (std::int64_t i = 0; i < std::min(rows, cols); ++i)
        diagonal.push_back(expected[at(i, i, rows)] += 0.5);
      ASSERT_EQ(gather_diagonal(matrix), diagonal);
      const double sum = std::accumulate(diagonal.begin(), diagonal.end(), 0.0);
      ASSERT_EQ(mean_diagonal(matrix) * static_cast<double>(diagonal.size()), sum);
      ASSERT_EQ(gather(matrix), expected);
    }
  });
}

TEST(DistributedMatrix, is_summed_with_weights) {
  on_all_grids([](const ProcessGrid& grid) {
    const auto values = counting(6 * 11);
    const auto matrix = scatter(grid, values, 6, 11, 4);
    const std::vector<DistributedMatrix> matrices{matrix, matrix};
    const std::vector<double> weights{2, -0.5};
    auto expected = values;
    for (double& value : expected)
      value *= 1.5;
    ASSERT_EQ(gather(weighted_sum(matrices, weights)), expected);
  });
}

TEST(DistributedMatrix, starts_as_zero) {
  on_all_grids([](const ProcessGrid& grid) {
    EXPECT_EQ(gather(DistributedMatrix(grid, 13, 8, 3)), std::vector<double>(13 * 8, 0.0));
  });
}

TEST(DistributedMatrix, scatter_agrees_on_a_mistake) {
  const auto world = parallel::Communicator::world();
  const ProcessGrid grid(world, choose_grid(world.size()));
  const std::vector<double> values(
      world.rank() == world.size() - 1 ? 3 : 4); // the last rank's array is too short
  EXPECT_THROW(scatter(grid, values, 2, 2, 1), Error);
}

TEST(DistributedMatrix, refuses_parts_beyond_32_bits_without_allocating) {
  const auto world = parallel::Communicator::world();
  const ProcessGrid one(world, {1, 1});
  const auto before = current_memory_bytes();
  for (const std::int64_t n : {46341, 47000, 70000, 100000, 1000000})
    EXPECT_THROW(DistributedMatrix(one, n, n, 128), ResourceError) << n; // on idle ranks too
  EXPECT_THROW(DistributedMatrix(one, std::int64_t{1} << 31, 1, 128), ResourceError);
  EXPECT_THROW(DistributedMatrix(one, 1, std::int64_t{1} << 31, 128), ResourceError);
  EXPECT_THROW(DistributedMatrix(one, 10, 10, std::int64_t{1} << 31), ResourceError);
  EXPECT_LT(current_memory_bytes() - before, std::int64_t{1} << 26);
  try {
    const DistributedMatrix refused(one, 100000, 100000, 192);
  } catch (const ResourceError& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("at least 5 ranks"));
  }
}

TEST(DistributedMatrix, local_bytes_knows_large_matrices) {
  EXPECT_EQ(local_bytes(100000, 100000, 192, {1, 1}), 80000000000);
  EXPECT_EQ(local_bytes(46340, 46340, 128, {1, 1}), 8 * 2147395600LL);
  EXPECT_THROW(local_bytes(std::int64_t{1} << 40, std::int64_t{1} << 40, 192, {1, 1}), ResourceError);
}

TEST(DistributedMatrix, block_size_leaves_no_process_idle) {
  EXPECT_EQ(choose_block_size(8000, {1, 2}), 128);
  EXPECT_EQ(choose_block_size(16000, {1, 2}), 192);
  for (const std::int64_t n : {0, 1, 2, 5, 100, 200, 777})
    for (const auto shape : {GridShape{1, 1}, GridShape{1, 7}, GridShape{3, 4}}) {
      const auto block = choose_block_size(n, shape);
      ASSERT_GE(block, 1);
      if (n >= shape.cols) {
        EXPECT_GE(BlockCyclic(n, block, shape.cols, shape.cols - 1).local_size(), 1) << n;
      }
    }
}

} // namespace
} // namespace soapstone::linalg
