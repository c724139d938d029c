// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/linalg/cholesky.hpp"

#include <gtest/gtest.h>

#include "figure.hpp"
#include "soapstone/base/maximum.hpp"
#include "support.hpp"

#include "soapstone/linalg/blas.hpp"
#include "soapstone/parallel/collectives.hpp"

#include <chrono>
#include <cstdlib>
#include <limits>
#include <thread>

namespace soapstone::linalg {
namespace {

using test::at;
using test::on_all_grids;

std::vector<double> lower_triangle(std::vector<double> a, std::int64_t n) {
  for (std::int64_t col = 0; col < n; ++col)
    for (std::int64_t row = 0; row < col; ++row)
      a[at(row, col, n)] = 0;
  return a;
}

/// ||A - L Lᵀ||_1 / (n ε ||A||_1): LAPACK's own test ratio for Cholesky (TESTING/LIN/dpot01.f).
double residual_ratio(const std::vector<double>& a, const std::vector<double>& factor, std::int64_t n) {
  auto difference = a;
  const auto l = lower_triangle(factor, n);
  gemm(Op::none, Op::transpose, -1.0, {l.data(), n, n}, {l.data(), n, n}, 1.0, {difference.data(), n, n});
  const double scale =
      static_cast<double>(n) * std::numeric_limits<double>::epsilon() * test::norm_1(a, n, n);
  return n == 0 ? 0 : test::norm_1(difference, n, n) / scale;
}

/// One case: factorises on the grid and holds the factor against the definition and against serial LAPACK.
void check_case(const ProcessGrid& grid, const std::vector<double>& a, std::int64_t n, std::int64_t block,
                double lapack_tolerance) {
  SCOPED_TRACE(testing::Message() << "n " << n << ", block " << block);
  auto matrix = scatter(grid, a, n, n, block);
  cholesky_factorize(matrix);
  const auto factor = gather(matrix);
  if (grid.all().rank() != 0)
    return;
  EXPECT_LT(residual_ratio(a, factor, n), 3);
  auto serial = a;
  ASSERT_EQ(potrf_lower({serial.data(), n, n}), -1);
  double difference = 0;
  for (std::int64_t col = 0; col < n; ++col)
    for (std::int64_t row = col; row < n; ++row)
      difference = max_or_nan(difference, std::fabs(serial[at(row, col, n)] - factor[at(row, col, n)]));
  EXPECT_LE(difference, lapack_tolerance);
  for (std::int64_t col = 0; col < n; ++col) // K still stands above the factor
    for (std::int64_t row = 0; row < col; ++row)
      ASSERT_EQ(factor[at(row, col, n)], a[at(row, col, n)]);
}

TEST(Cholesky, factor_reproduces_the_matrix_on_every_grid) {
  int cases = 0;
  on_all_grids([&](const ProcessGrid& grid) {
    for (const std::int64_t n : {0, 1, 2, 7, 33, 64, 101})
      for (const std::int64_t block : {1, 3, 8, 32, 128}) {
        if (block == 1 && n > 64)
          continue; // slow, and nothing new
        const auto seed = static_cast<std::uint64_t>(1000 * n + block);
        check_case(grid, test::dominant_matrix(n, seed), n, block, 1e-12);
        // Condition 1e9: the factors differ by up to cond n ε, the residuals do not grow.
        check_case(grid, test::kernel_like_matrix(n, seed), n, block, 1e-3);
        cases += 2;
      }
  });
  RecordProperty("cases", cases);
}

TEST(Cholesky, factor_of_an_integer_matrix_is_exact) {
  on_all_grids([](const ProcessGrid& grid) {
    for (const std::int64_t n : {5, 40}) {
      const auto a = test::integer_matrix(std::vector<double>(static_cast<std::size_t>(n), 1.0), 3);
      auto matrix = scatter(grid, a, n, n, 7);
      cholesky_factorize(matrix);
      EXPECT_EQ(residual_ratio(a, gather(matrix), n), 0);
    }
  });
}

TEST(Cholesky, repeats_to_the_last_bit) {
  const auto world = parallel::Communicator::world();
  const ProcessGrid grid(world, choose_grid(world.size()));
  const std::int64_t n = 150;
  const auto a = test::kernel_like_matrix(n, 11);
  const int repeats = std::getenv("SOAPSTONE_LONG") == nullptr ? 6 : 20;
  std::vector<double> first;
  for (int repeat = 0; repeat < repeats; ++repeat) {
    auto matrix = scatter(grid, a, n, n, 16);
    CounterRandom jitter(static_cast<std::uint64_t>(repeat), static_cast<std::uint64_t>(world.rank()));
    std::this_thread::sleep_for(std::chrono::microseconds(jitter.below(3000)));
    cholesky_factorize(matrix);
    const auto factor = gather(matrix);
    if (repeat == 0)
      first = factor;
    ASSERT_EQ(factor, first);
  }
  if (world.rank() == 0)
    figure("equal_factors", repeats);
}

TEST(Cholesky, mirroring_copies_the_lower_triangle_upwards) {
  on_all_grids([](const ProcessGrid& grid) {
    for (const std::int64_t n : {0, 1, 2, 5, 16, 37, 64})
      for (const std::int64_t block : {1, 4, 16, 100}) {
        auto values = test::random_values(n * n, 17);
        auto matrix = scatter(grid, values, n, n, block);
        mirror_lower_to_upper(matrix);
        for (std::int64_t col = 0; col < n; ++col)
          for (std::int64_t row = 0; row < col; ++row)
            values[at(row, col, n)] = values[at(col, row, n)];
        ASSERT_EQ(gather(matrix), values) << "n " << n << ", block " << block;
      }
  });
}

TEST(Cholesky, mirroring_overwrites_nan_above_the_diagonal) {
  on_all_grids([](const ProcessGrid& grid) {
    auto matrix = scatter(grid, std::vector<double>(81, std::numeric_limits<double>::quiet_NaN()), 9, 9, 2);
    for (std::int64_t col = 0; col < matrix.cols().local_size(); ++col)
      for (std::int64_t row = 0; row < matrix.rows().local_size(); ++row)
        if (matrix.rows().to_global(row) >= matrix.cols().to_global(col))
          matrix.at_local(row, col) = 3;
    mirror_lower_to_upper(matrix);
    EXPECT_EQ(gather(matrix), std::vector<double>(81, 3.0));
  });
}

} // namespace
} // namespace soapstone::linalg
