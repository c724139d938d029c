// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "part.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace soapstone::h5 {

/// Holds what one process owns of a matrix: the product of its rows and its columns.
struct Tile {
  Part rows, cols;
  std::uint64_t count() const { return rows.count() * cols.count(); }
};

/// Rows [row, row_end) and columns [col, col_end) of a matrix, row by row.
struct Window {
  std::uint64_t row = 0, row_end = 0, col = 0, col_end = 0;
  std::uint64_t count() const { return (row_end - row) * (col_end - col); }
};

/// Covers rows x cols with windows of at most `elements`: bands of whole rows, a multiple of `chunk_rows`
/// where possible, or pieces of one row (a multiple of `chunk_cols`) where even a row is too long.
std::vector<Window> windows(std::uint64_t rows, std::uint64_t cols, std::uint64_t chunk_rows,
                            std::uint64_t chunk_cols, std::uint64_t elements);

/// Number of the tile's elements in the window.
std::uint64_t count_in(const Tile& tile, const Window& window);

/// Copies the tile's elements in the window, row by row, out of the owner's local array (tile.rows.count() x
/// tile.cols.count()).
template <typename T>
void pack(const Tile& tile, const Window& window, const T* local, T* packed);

/// Puts packed elements to their places in the window's array.
template <typename T>
void unpack(const Tile& tile, const Window& window, const T* packed, T* whole);

/// Sum of the checksums of the tile's elements; over all tiles it is the checksum of the matrix.
template <typename T>
std::uint64_t checksum_of(const Tile& tile, const T* local);

} // namespace soapstone::h5
