// SPDX-License-Identifier: BSD-3-Clause
#include "small_products.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace soapstone::kernel {

namespace {

// Vectors as wide as those of the CPU that this is compiled for; sums that stay in registers, with room for
// the operands.
#if defined(__AVX512F__)
constexpr int lanes = 8, tile = 4;
#elif defined(__AVX__)
constexpr int lanes = 4, tile = 3;
#else
constexpr int lanes = 2, tile = 3;
#endif
using Vector [[gnu::vector_size(lanes * sizeof(double))]] = double;

// So many rows of A stay in the first-level cache while those of B pass by.
constexpr std::int64_t most_depth = 1024;

Vector load(const double* from) {
  Vector value;
  std::memcpy(&value, from, sizeof value);
  return value;
}

struct Operands {
  const double* a;
  std::int64_t lda;
  const double* b;
  std::int64_t ldb, depth;
  double* out;
  std::int64_t ldo;
};

/// Adds Rows x Cols products to out.
template <int Rows, int Cols>
void add_tile(const Operands& o) {
  Vector sums[Rows][Cols] = {};
  std::int64_t k = 0;
  for (; k + lanes <= o.depth; k += lanes) {
    Vector right[Cols];
#pragma GCC unroll 8
    for (int c = 0; c < Cols; ++c)
      right[c] = load(o.b + c * o.ldb + k);
#pragma GCC unroll 8
    for (int r = 0; r < Rows; ++r) {
      const Vector left = load(o.a + r * o.lda + k);
#pragma GCC unroll 8
      for (int c = 0; c < Cols; ++c)
        sums[r][c] += left * right[c];
    }
  }
  for (int r = 0; r < Rows; ++r)
    for (int c = 0; c < Cols; ++c) {
      double sum = 0;
      for (int lane = 0; lane < lanes; ++lane)
        sum += sums[r][c][lane];
      for (auto rest = k; rest < o.depth; ++rest)
        sum += o.a[r * o.lda + rest] * o.b[c * o.ldb + rest];
      o.out[r + c * o.ldo] += sum;
    }
}

/// Tiles of all sizes up to tile x tile, indexed by (rows - 1) tile + cols - 1.
template <int... Sizes>
void add_any_tile(std::int64_t rows, std::int64_t cols, const Operands& o,
                  std::integer_sequence<int, Sizes...>) {
  using AddTile = void (*)(const Operands&);
  static constexpr AddTile tiles[] = {add_tile<Sizes / tile + 1, Sizes % tile + 1>...};
  tiles[(rows - 1) * tile + cols - 1](o);
}

/// Combinations of the columns at one vector of rows, `Cols` of them.
template <int Cols>
void combine(std::int64_t width, std::int64_t count, const double* a, const double* coefficients,
             double* out) {
  Vector sums[Cols] = {};
  for (std::int64_t p = 0; p < count; ++p) {
    const Vector column = load(a + p * width);
#pragma GCC unroll 16
    for (int c = 0; c < Cols; ++c)
      sums[c] += coefficients[p + c * count] * column;
  }
#pragma GCC unroll 16
  for (int c = 0; c < Cols; ++c)
    std::memcpy(out + c * width, &sums[c], sizeof(Vector));
}

} // namespace

void small_products(linalg::MatrixView<const double> a, linalg::MatrixView<const double> b, double* out) {
  const auto m = a.columns, n = b.columns, depth = a.rows;
  std::fill_n(out, m * n, 0.0);
  for (std::int64_t k = 0; k < depth; k += most_depth)
    for (std::int64_t i = 0; i < m; i += tile)
      for (std::int64_t j = 0; j < n; j += tile)
        add_any_tile(
            std::min<std::int64_t>(tile, m - i), std::min<std::int64_t>(tile, n - j),
            {&a(k, i), a.leading, &b(k, j), b.leading, std::min(most_depth, depth - k), out + i + j * m, m},
            std::make_integer_sequence<int, tile * tile>());
}

void combine_columns(std::int64_t width, std::int64_t count, std::int64_t n, const double* a,
                     const double* coefficients, double* out) {
  constexpr std::int64_t together = 10;
  if (width < lanes) {
    for (std::int64_t c = 0; c < n; ++c)
      for (std::int64_t w = 0; w < width; ++w) {
        double sum = 0;
        for (std::int64_t p = 0; p < count; ++p)
          sum += coefficients[p + c * count] * a[p * width + w];
        out[c * width + w] = sum;
      }
    return;
  }
  for (std::int64_t step = 0; step < width; step += lanes) {
    const auto w = std::min(step, width - lanes); // the last vector repeats some rows
    std::int64_t c = 0;
    for (; c + together <= n; c += together)
      combine<together>(width, count, a + w, coefficients + c * count, out + c * width + w);
    for (; c + 3 <= n; c += 3)
      combine<3>(width, count, a + w, coefficients + c * count, out + c * width + w);
    for (; c < n; ++c)
      combine<1>(width, count, a + w, coefficients + c * count, out + c * width + w);
  }
}

} // namespace soapstone::kernel
