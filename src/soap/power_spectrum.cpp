// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/soap/power_spectrum.hpp"

#include "soapstone/base/check.hpp"
#include "soapstone/base/simd.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

namespace soapstone::soap {
namespace {

using simd::lanes;

// Rows of a register tile: two vectors per row, and room for the operands.
#if defined(__AVX512F__)
constexpr int tile_rows = 12;
#else
constexpr int tile_rows = 4;
#endif

// c^a and c^b for one l, both as (2l + 1) rows, and where their products go.
struct PairBlock {
  int depth; // 2l + 1
  const double* a;
  const double* b;
  long stride;
  int n_max;
  double scale; // (2l + 1)^-1/2 and the sqrt 2 of the off-diagonal
  double* to;
};

// Rows row .. row + Rows - 1 of c^a times columns column .. of c^b, for a < b: a plain n_max x n_max matrix.
template <int Rows, int Vectors>
void square_tile(const PairBlock& block, int row, int column) {
  constexpr long last_vector = (Vectors - 1L) * lanes;
  simd::Vector sums[Rows][Vectors] = {};
  simd::multiply_tile<Rows, Vectors>(block.depth, block.a + row, 1, block.stride, block.b + column,
                                     block.stride, sums);
  double* to = block.to + long{row} * block.n_max + column;
  const simd::Mask last = simd::lanes_between(0, block.n_max - column - static_cast<int>(last_vector));
#pragma GCC unroll 16
  for (int r = 0; r < Rows; ++r, to += block.n_max) {
    if constexpr (Vectors == 2)
      simd::store(to, block.scale * sums[r][0]);
    simd::store(to + last_vector, block.scale * sums[r][Vectors - 1], last);
  }
}

// Does the same for a == b, where row n keeps its columns n' >= n only, packed: (n, n') is at n n_max - n (n
// + 1) / 2 + n'.
template <int Rows, int Vectors>
void triangle_tile(const PairBlock& block, int row, int column) {
  simd::Vector sums[Rows][Vectors] = {};
  simd::multiply_tile<Rows, Vectors>(block.depth, block.a + row, 1, block.stride, block.b + column,
                                     block.stride, sums);
  double* to = block.to + long{row} * block.n_max - long{row} * (row + 1) / 2 + column;
#pragma GCC unroll 16
  for (int r = 0; r < Rows; to += block.n_max - row - ++r)
#pragma GCC unroll 2
    for (int v = 0; v < Vectors; ++v) {
      const int first = column + v * lanes;
      simd::store(to + (first - column), block.scale * sums[r][v],
                  simd::lanes_between(row + r - first, block.n_max - first));
    }
}

template <bool Triangle, int Rows, int Vectors>
void tile(const PairBlock& block, int row, int column) {
  if constexpr (Triangle)
    triangle_tile<Rows, Vectors>(block, row, column);
  else
    square_tile<Rows, Vectors>(block, row, column);
}

// Rows known to the compiler: the table of all tile heights, indexed by height - 1.
template <bool Triangle, int Vectors, int... Heights>
void tile_of_height(const PairBlock& block, int height, int row, int column,
                    std::integer_sequence<int, Heights...>) {
  using Tile = void (*)(const PairBlock&, int, int);
  static constexpr Tile tiles[] = {tile<Triangle, Heights + 1, Vectors>...};
  tiles[height - 1](block, row, column);
}

template <bool Triangle>
void multiply(const PairBlock& block) {
  constexpr std::make_integer_sequence<int, tile_rows> heights;
  for (int row = 0; row < block.n_max; row += tile_rows) {
    const int height = std::min(block.n_max - row, tile_rows);
    for (int column = Triangle ? row / lanes * lanes : 0; column < block.n_max; column += 2 * lanes)
      if (block.n_max - column > lanes)
        tile_of_height<Triangle, 2>(block, height, row, column, heights);
      else
        tile_of_height<Triangle, 1>(block, height, row, column, heights);
  }
}

// Diagonal elements n = n' have no sqrt 2.
void rescale_diagonal(int n_max, double* packed) {
  for (int n = 0; n < n_max; packed += n_max - n, ++n)
    *packed *= std::numbers::sqrt2 / 2;
}

} // namespace

std::int64_t power_spectrum_width(int n_max, int l_max, bool same_channel) {
  const std::int64_t n = n_max;
  return (l_max + std::int64_t{1}) * (same_channel ? n * (n + 1) / 2 : n * n);
}

std::int64_t power_spectrum_width(const DensityShape& shape) {
  const std::int64_t channels = shape.channels;
  return channels * power_spectrum_width(shape.n_max, shape.l_max, true) +
         channels * (channels - 1) / 2 * power_spectrum_width(shape.n_max, shape.l_max, false);
}

double power_spectrum(DensityView density, std::span<double> features) {
  const auto& shape = density.shape;
  expects(std::ssize(features) >= power_spectrum_width(shape), "room for the features");
  const int n_max = shape.n_max;
  const long stride = shape.stride();
  double* to = features.data();
  double sum = 0;
  for (int a = 0; a < shape.channels; ++a)
    for (int b = a; b < shape.channels; ++b) {
      const double* pair = to;
      for (int l = 0; l <= shape.l_max; ++l) {
        const double* rows = density.values + shape.offset(l * l);
        const PairBlock block{2 * l + 1,
                              rows + shape.offset(0, a),
                              rows + shape.offset(0, b),
                              stride,
                              n_max,
                              std::sqrt(2.0 / (2 * l + 1)),
                              to};
        if (a == b) {
          multiply<true>(block);
          rescale_diagonal(n_max, to);
        } else {
          multiply<false>(block);
        }
        to += power_spectrum_width(n_max, 0, a == b);
      }
      sum += simd::sum_of_squares(pair, to - pair); // while it is still in the first cache
    }
  return sum;
}

double power_spectrum(std::span<const int> kept, long stride, std::span<const double> contracted,
                      std::span<double> features) {
  double* to = features.data();
  double sum = 0;
  for (long l = 0; l < static_cast<long>(kept.size()); ++l) {
    const int width = kept[static_cast<std::size_t>(l)];
    const double* rows = contracted.data() + l * l * stride;
    const int depth = static_cast<int>(2 * l + 1);
    multiply<true>({depth, rows, rows, stride, width, std::sqrt(2.0 / depth), to});
    rescale_diagonal(width, to);
    const std::int64_t columns = power_spectrum_width(width, 0, true);
    sum += simd::sum_of_squares(to, columns);
    to += columns;
  }
  return sum;
}

} // namespace soapstone::soap
