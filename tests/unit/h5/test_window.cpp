// SPDX-License-Identifier: BSD-3-Clause
#include "window.hpp"

#include "checksum.hpp"

#include <numeric>

#include <gtest/gtest.h>

namespace soapstone::h5 {
namespace {

Part cyclic(std::uint64_t extent, std::uint64_t block, std::uint64_t index, std::uint64_t processes) {
  return {index * block, block, processes * block, extent};
}

/// Every element once.
void expect_cover(std::uint64_t rows, std::uint64_t cols, const std::vector<Window>& found,
                  std::uint64_t most) {
  std::vector<int> hits(rows * cols, 0);
  for (const auto& window : found) {
    EXPECT_LE(window.count(), most);
    for (auto i = window.row; i < window.row_end; ++i)
      for (auto j = window.col; j < window.col_end; ++j)
        ++hits[i * cols + j];
  }
  EXPECT_EQ(hits, std::vector<int>(rows * cols, 1));
}

TEST(Windows, cover_the_matrix_once) {
  for (const std::uint64_t rows : {0, 1, 5, 12, 33})
    for (const std::uint64_t cols : {0, 1, 7, 20})
      for (const std::uint64_t elements : {8, 20, 47, 1000})
        expect_cover(rows, cols, windows(rows, cols, 3, 4, elements), elements);
}

TEST(Windows, end_where_chunks_end) {
  for (const auto& window : windows(100, 10, 7, 10, 200)) {
    EXPECT_EQ(window.row % 7, 0U);
    EXPECT_EQ(window.col, 0U);
  }
  for (const auto& window : windows(3, 1000, 1, 30, 100)) {
    EXPECT_EQ(window.row_end, window.row + 1);
    EXPECT_EQ(window.col % 30, 0U);
  }
}

TEST(Windows, few_for_a_large_matrix) {
  EXPECT_EQ(windows(1000, 1000, 100, 100, 1 << 22).size(), 1U);
}

/// Deals a matrix out to a grid, brings it together window by window, and compares.
TEST(Windows, packing_and_unpacking_restore_the_matrix) {
  constexpr std::uint64_t rows = 23, cols = 31;
  std::vector<double> matrix(rows * cols), restored(rows * cols, -1);
  std::iota(matrix.begin(), matrix.end(), 0.0);
  for (std::uint64_t p = 0; p < 2; ++p)
    for (std::uint64_t q = 0; q < 3; ++q) {
      const Tile tile{cyclic(rows, 4, p, 2), cyclic(cols, 5, q, 3)};
      std::vector<double> local;
      for (std::uint64_t i = 0; i < rows; ++i)
        for (std::uint64_t j = 0; j < cols; ++j)
          if (i / 4 % 2 == p && j / 5 % 3 == q)
            local.push_back(matrix[i * cols + j]);
      ASSERT_EQ(tile.count(), local.size());
      for (const auto& window : windows(rows, cols, 3, 7, 100)) {
        std::vector<double> packed(count_in(tile, window)), whole(window.count(), -1);
        pack(tile, window, local.data(), packed.data());
        unpack(tile, window, packed.data(), whole.data());
        for (std::uint64_t k = 0; k < window.count(); ++k) {
          const auto width = window.col_end - window.col;
          if (whole[k] >= 0)
            restored[(window.row + k / width) * cols + window.col + k % width] = whole[k];
        }
      }
    }
  EXPECT_EQ(restored, matrix);
}

TEST(Windows, checksums_of_tiles_add_up) {
  constexpr std::uint64_t rows = 9, cols = 14;
  std::vector<std::int64_t> matrix(rows * cols);
  std::iota(matrix.begin(), matrix.end(), -50);
  std::uint64_t total = 0;
  for (std::uint64_t p = 0; p < 2; ++p) {
    std::vector<std::int64_t> local;
    for (std::uint64_t i = 0; i < rows; ++i)
      for (std::uint64_t j = 0; j < cols; ++j)
        if (j / 3 % 2 == p)
          local.push_back(matrix[i * cols + j]);
    total += checksum_of(Tile{cyclic(rows, rows, 0, 1), cyclic(cols, 3, p, 2)}, local.data());
  }
  EXPECT_EQ(total, checksum(matrix.data(), 8, matrix.size(), 0));
}

} // namespace
} // namespace soapstone::h5
