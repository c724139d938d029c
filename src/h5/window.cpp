// SPDX-License-Identifier: BSD-3-Clause
#include "window.hpp"

#include "checksum.hpp"

#include <algorithm>

namespace soapstone::h5 {

std::vector<Window> windows(std::uint64_t rows, std::uint64_t cols, std::uint64_t chunk_rows,
                            std::uint64_t chunk_cols, std::uint64_t elements) {
  const auto whole_chunks = [](std::uint64_t size, std::uint64_t chunk) {
    return size > chunk ? size - size % chunk : std::max<std::uint64_t>(size, 1);
  };
  const std::uint64_t width = cols <= elements ? cols : whole_chunks(elements, chunk_cols);
  const std::uint64_t height =
      cols <= elements ? whole_chunks(elements / std::max<std::uint64_t>(cols, 1), chunk_rows) : 1;
  std::vector<Window> found;
  for (std::uint64_t row = 0; row < rows; row += height)
    for (std::uint64_t col = 0; col < cols; col += width)
      found.push_back({row, std::min(row + height, rows), col, std::min(col + width, cols)});
  return found;
}

std::uint64_t count_in(const Tile& tile, const Window& window) {
  return (owned_below(tile.rows, window.row_end) - owned_below(tile.rows, window.row)) *
         (owned_below(tile.cols, window.col_end) - owned_below(tile.cols, window.col));
}

namespace {

/// Calls use(row, first column, length) for every run of neighbouring elements of a tile in a window, in
/// order.
template <typename Use>
void for_each_run(const Tile& tile, const Window& window, Use&& use) {
  const auto across = slabs(tile.cols, window.col, window.col_end);
  for (const auto& band : slabs(tile.rows, window.row, window.row_end))
    for (std::uint64_t i = 0; i < band.count * band.block; ++i)
      for (const auto& slab : across)
        for (std::uint64_t k = 0; k < slab.count; ++k)
          use(band.start + i / band.block * band.stride + i % band.block, slab.start + k * slab.stride,
              slab.block);
}

} // namespace

template <typename T>
void pack(const Tile& tile, const Window& window, const T* local, T* packed) {
  const std::uint64_t width = tile.cols.count();
  const std::uint64_t first = owned_below(tile.cols, window.col),
                      last = owned_below(tile.cols, window.col_end);
  const std::uint64_t row_end = owned_below(tile.rows, window.row_end);
  for (std::uint64_t row = owned_below(tile.rows, window.row); row < row_end; ++row)
    packed = std::copy_n(local + row * width + first, last - first, packed);
}

template <typename T>
void unpack(const Tile& tile, const Window& window, const T* packed, T* whole) {
  const std::uint64_t width = window.col_end - window.col;
  for_each_run(tile, window, [&](std::uint64_t row, std::uint64_t col, std::uint64_t length) {
    std::copy_n(packed, length, whole + (row - window.row) * width + (col - window.col));
    packed += length;
  });
}

template <typename T>
std::uint64_t checksum_of(const Tile& tile, const T* local) {
  std::uint64_t total = 0;
  for_each_run(tile, {0, tile.rows.extent, 0, tile.cols.extent},
               [&](std::uint64_t row, std::uint64_t col, std::uint64_t length) {
                 total += checksum(local, sizeof(T), length, row * tile.cols.extent + col);
                 local += length;
               });
  return total;
}

template void pack(const Tile&, const Window&, const double*, double*);
template void pack(const Tile&, const Window&, const std::int64_t*, std::int64_t*);
template void unpack(const Tile&, const Window&, const double*, double*);
template void unpack(const Tile&, const Window&, const std::int64_t*, std::int64_t*);
template std::uint64_t checksum_of(const Tile&, const double*);
template std::uint64_t checksum_of(const Tile&, const std::int64_t*);

} // namespace soapstone::h5
