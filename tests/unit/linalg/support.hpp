// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/base/maximum.hpp"
#include "soapstone/base/random.hpp"
#include "soapstone/linalg/distributed_matrix.hpp"
#include "soapstone/linalg/process_grid.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include <gtest/gtest.h>

namespace soapstone::linalg::test {

/// Every grid shape of at most `ranks` ranks: all with idle ranks too.
inline std::vector<GridShape> all_shapes(int ranks) {
  std::vector<GridShape> shapes;
  for (int rows = 1; rows <= ranks; ++rows)
    for (int cols = 1; rows * cols <= ranks; ++cols)
      shapes.push_back({rows, cols});
  return shapes;
}

/// Runs `check(grid)` on every grid of the world's ranks.
template <typename Check>
void on_all_grids(Check&& check) {
  const auto world = parallel::Communicator::world();
  for (const auto shape : all_shapes(world.size())) {
    SCOPED_TRACE(testing::Message() << "grid " << shape.rows << "x" << shape.cols);
    const ProcessGrid grid(world, shape);
    check(grid);
    if (testing::Test::HasFatalFailure())
      return;
  }
}

inline std::size_t at(std::int64_t row, std::int64_t col, std::int64_t leading) {
  return static_cast<std::size_t>(row + col * leading);
}

/// Numbers in [-1, 1), the same on all ranks.
inline std::vector<double> random_values(std::int64_t count, std::uint64_t seed) {
  CounterRandom random(seed);
  std::vector<double> values(static_cast<std::size_t>(count));
  for (auto& value : values)
    value = 2 * random.uniform() - 1;
  return values;
}

/// Symmetric, diagonally dominant: condition number of order 1.
inline std::vector<double> dominant_matrix(std::int64_t n, std::uint64_t seed) {
  auto a = random_values(n * n, seed);
  for (std::int64_t col = 0; col < n; ++col) {
    for (std::int64_t row = 0; row < col; ++row)
      a[at(row, col, n)] = a[at(col, row, n)];
    a[at(col, col, n)] += static_cast<double>(n) + 1;
  }
  return a;
}

/// Gaussian kernel of points on a line plus 1e-8: condition number of about 1e9 and more, like the program's
/// own.
inline std::vector<double> kernel_like_matrix(std::int64_t n, std::uint64_t seed) {
  const auto points = random_values(n, seed);
  std::vector<double> a(static_cast<std::size_t>(n * n));
  for (std::int64_t col = 0; col < n; ++col)
    for (std::int64_t row = 0; row < n; ++row) {
      const double d = points[static_cast<std::size_t>(row)] - points[static_cast<std::size_t>(col)];
      a[at(row, col, n)] = std::exp(-d * d) + (row == col ? 1e-8 : 0.0);
    }
  return a;
}

/// A = L D Lᵀ in small integers, exactly: L unit lower with a few entries of -1, 0, 1 per row near the
/// diagonal, D given. All arithmetic of a Cholesky factorisation of it with D = 1 is exact, and so are its
/// leading minors: products of D.
inline std::vector<double> integer_matrix(const std::vector<double>& d, std::uint64_t seed) {
  const auto n = static_cast<std::int64_t>(d.size());
  CounterRandom random(seed);
  std::vector<double> l(static_cast<std::size_t>(n * n)), a(static_cast<std::size_t>(n * n));
  for (std::int64_t row = 0; row < n; ++row) {
    l[at(row, row, n)] = 1;
    for (std::int64_t col = 0; col < row; ++col)
      if (row - col == 1 || random.below(static_cast<std::uint64_t>(n)) < 3)
        l[at(row, col, n)] = static_cast<double>(random.below(3)) - 1;
  }
  for (std::int64_t col = 0; col < n; ++col)
    for (std::int64_t row = 0; row < n; ++row)
      for (std::int64_t k = 0; k <= std::min(row, col); ++k)
        a[at(row, col, n)] += l[at(row, k, n)] * d[static_cast<std::size_t>(k)] * l[at(col, k, n)];
  return a;
}

/// Largest column sum of magnitudes.
inline double norm_1(const std::vector<double>& a, std::int64_t rows, std::int64_t cols) {
  double norm = 0;
  for (std::int64_t col = 0; col < cols; ++col) {
    double sum = 0;
    for (std::int64_t row = 0; row < rows; ++row)
      sum += std::fabs(a[at(row, col, rows)]);
    norm = max_or_nan(norm, sum);
  }
  return norm;
}

/// C (m x n) = A (m x k) B (k x n) by the definition, column-major.
inline std::vector<double> naive_product(const std::vector<double>& a, const std::vector<double>& b,
                                         std::int64_t m, std::int64_t n, std::int64_t k) {
  std::vector<double> c(static_cast<std::size_t>(m * n));
  for (std::int64_t col = 0; col < n; ++col)
    for (std::int64_t inner = 0; inner < k; ++inner)
      for (std::int64_t row = 0; row < m; ++row)
        c[at(row, col, m)] += a[at(row, inner, m)] * b[at(inner, col, k)];
  return c;
}

inline std::vector<double> naive_transpose(const std::vector<double>& a, std::int64_t rows,
                                           std::int64_t cols) {
  std::vector<double> t(a.size());
  for (std::int64_t col = 0; col < cols; ++col)
    for (std::int64_t row = 0; row < rows; ++row)
      t[at(col, row, cols)] = a[at(row, col, rows)];
  return t;
}

} // namespace soapstone::linalg::test
