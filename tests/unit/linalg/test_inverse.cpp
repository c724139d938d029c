// SPDX-License-Identifier: BSD-3-Clause
// The inverse from a Cholesky factor, exactly and for badly conditioned matrices.
#include "soapstone/linalg/blas.hpp"
#include "soapstone/linalg/cholesky.hpp"
#include "support.hpp"

#include <limits>

namespace soapstone::linalg {
namespace {

using test::at;

/// The whole inverse from the gathered lower triangle.
std::vector<double> mirrored(std::vector<double> a, std::int64_t n) {
  for (std::int64_t col = 0; col < n; ++col)
    for (std::int64_t row = 0; row < col; ++row)
      a[at(row, col, n)] = a[at(col, row, n)];
  return a;
}

// The inverse of L Lᵀ with L unit lower in integers has integers too: every operation is exact.
TEST(Inverse, of_integers_is_exact_and_leaves_the_upper_triangle) {
  test::on_all_grids([](const ProcessGrid& grid) {
    for (const auto& [n, block] : {std::pair{1, 2}, {3, 4}, {13, 2}, {20, 5}, {20, 32}}) {
      SCOPED_TRACE(testing::Message() << "n " << n << " block " << block);
      const auto a = test::integer_matrix(std::vector<double>(static_cast<std::size_t>(n), 1.0), 5);
      auto matrix = scatter(grid, a, n, n, block);
      cholesky_factorize(matrix);
      cholesky_invert(matrix);
      const auto found = gather(matrix);
      const auto product = test::naive_product(a, mirrored(found, n), n, n, n);
      for (std::int64_t col = 0; col < n; ++col)
        for (std::int64_t row = 0; row < n; ++row) {
          EXPECT_EQ(product[at(row, col, n)], row == col ? 1.0 : 0.0);
          if (row < col) {
            EXPECT_EQ(found[at(row, col, n)], a[at(row, col, n)]);
          }
        }
    }
  });
}

// Against LAPACK's own factor of the same matrix; tolerance: condition number x n ε.
TEST(Inverse, of_a_kernel_like_matrix_equals_serial_lapack) {
  test::on_all_grids([](const ProcessGrid& grid) {
    const std::int64_t n = 30;
    auto a = test::kernel_like_matrix(n, 8);
    for (std::int64_t i = 0; i < n; ++i)
      a[at(i, i, n)] += 1e-4; // condition number of about 1e6
    auto matrix = scatter(grid, a, n, n, 7);
    cholesky_factorize(matrix);
    cholesky_invert(matrix);
    const auto found = mirrored(gather(matrix), n);
    std::vector<double> expected(static_cast<std::size_t>(n * n));
    for (std::int64_t i = 0; i < n; ++i)
      expected[at(i, i, n)] = 1;
    auto factor = a;
    ASSERT_EQ(potrf_lower({factor.data(), n, n}), -1);
    potrs_lower({factor.data(), n, n}, {expected.data(), n, n});
    const double tolerance =
        1e6 * static_cast<double>(n) * std::numeric_limits<double>::epsilon() * test::norm_1(expected, n, n);
    for (std::size_t i = 0; i < found.size(); ++i)
      EXPECT_NEAR(found[i], expected[i], tolerance);
  });
}

} // namespace
} // namespace soapstone::linalg
