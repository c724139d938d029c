// SPDX-License-Identifier: BSD-3-Clause
// Factorise and solve on every grid of the ranks, idle ranks among them, for many orders and block sizes,
// against the definition and against serial LAPACK. SOAPSTONE_LONG: all of them.
#include "soapstone/linalg/cholesky.hpp"

#include <gtest/gtest.h>

#include "figure.hpp"
#include "soapstone/base/maximum.hpp"
#include "support.hpp"

#include "soapstone/linalg/blas.hpp"

#include <cstdlib>
#include <limits>

namespace soapstone::linalg {
namespace {

using test::at;

constexpr double epsilon = std::numeric_limits<double>::epsilon();

struct Cases {
  std::vector<std::int64_t> orders, blocks;
};

Cases cases() {
  if (std::getenv("SOAPSTONE_LONG") != nullptr)
    return {{1, 2, 5, 16, 17, 63, 64, 100, 129, 257, 400}, {1, 2, 7, 16, 32, 64, 128}};
  return {{1, 7, 64, 130}, {3, 32}};
}

struct Worst {
  int cases = 0;
  double factor = 0, solve = 0, lapack = 0;
};

/// ||A - L Lᵀ||_1 / (n ε ||A||_1), as LAPACK tests itself (TESTING/LIN/dpot01.f).
double factor_ratio(const std::vector<double>& a, const std::vector<double>& factor, std::int64_t n) {
  auto l = factor, difference = a;
  for (std::int64_t col = 0; col < n; ++col)
    for (std::int64_t row = 0; row < col; ++row)
      l[at(row, col, n)] = 0;
  gemm(Op::none, Op::transpose, -1.0, {l.data(), n, n}, {l.data(), n, n}, 1.0, {difference.data(), n, n});
  return test::norm_1(difference, n, n) / (static_cast<double>(n) * epsilon * test::norm_1(a, n, n));
}

/// ||b - A x||_1 / (n ε ||A||_1 ||x||_1), as TESTING/LIN/dpot02.f.
double solve_ratio(const std::vector<double>& a, const std::vector<double>& x, const std::vector<double>& b,
                   std::int64_t n) {
  auto residual = b;
  gemm(Op::none, Op::none, -1.0, {a.data(), n, n}, {x.data(), n, 1}, 1.0, {residual.data(), n, 1});
  return test::norm_1(residual, n, 1) /
         (static_cast<double>(n) * epsilon * test::norm_1(a, n, n) * test::norm_1(x, n, 1));
}

/// Largest difference of the lower triangles, relative to the largest entry of serial LAPACK's.
double difference_from_lapack(const std::vector<double>& a, const std::vector<double>& factor,
                              std::int64_t n) {
  auto serial = a;
  EXPECT_EQ(potrf_lower({serial.data(), n, n}), -1);
  double difference = 0, largest = 0;
  for (std::int64_t col = 0; col < n; ++col)
    for (std::int64_t row = col; row < n; ++row) {
      difference = max_or_nan(difference, std::fabs(serial[at(row, col, n)] - factor[at(row, col, n)]));
      largest = max_or_nan(largest, std::fabs(serial[at(row, col, n)]));
    }
  return difference / largest;
}

void check_case(const ProcessGrid& grid, const std::vector<double>& a, std::int64_t n, std::int64_t block,
                bool well_conditioned, Worst& worst) {
  SCOPED_TRACE(testing::Message() << "n " << n << ", block " << block);
  const auto b = test::random_values(n, static_cast<std::uint64_t>(n + block));
  auto matrix = scatter(grid, a, n, n, block);
  cholesky_factorize(matrix);
  auto rhs = scatter(grid, b, n, 1, block);
  cholesky_solve(matrix, rhs);
  const auto factor = gather(matrix), x = gather(rhs);
  ++worst.cases;
  if (grid.all().rank() != 0)
    return;
  worst.factor = max_or_nan(worst.factor, factor_ratio(a, factor, n));
  worst.solve = max_or_nan(worst.solve, solve_ratio(a, x, b, n));
  if (well_conditioned) // else the factors differ by the condition number
    worst.lapack = max_or_nan(worst.lapack, difference_from_lapack(a, factor, n));
  EXPECT_LT(worst.factor, 3);
  EXPECT_LT(worst.solve, 3);
  EXPECT_LT(worst.lapack, 1e-13);
}

TEST(Grids, factor_and_solution_on_every_grid_with_and_without_idle_ranks) {
  const auto [orders, blocks] = cases();
  Worst worst;
  test::on_all_grids([&, &orders = orders, &blocks = blocks](const ProcessGrid& grid) {
    for (const auto n : orders)
      for (const auto block : blocks) {
        if (block == 1 && n > 64)
          continue; // slow, and nothing new
        const auto seed = static_cast<std::uint64_t>(1000 * n + block);
        check_case(grid, test::dominant_matrix(n, seed), n, block, true, worst);
        check_case(grid, test::kernel_like_matrix(n, seed), n, block, false, worst);
      }
  });
  if (parallel::Communicator::world().rank() != 0)
    return;
  figure("grid_cases", worst.cases);
  figure("grid_factor_ratio", worst.factor);
  figure("grid_solution_ratio", worst.solve);
  figure("grid_difference_from_lapack", worst.lapack);
}

// The ratios above would be of no use if NaN were small.
TEST(Grids, what_is_not_a_number_fails) {
  const std::int64_t n = 5;
  const auto a = test::dominant_matrix(n, 1), b = test::random_values(n, 2);
  auto factor = a, wrong = b;
  ASSERT_EQ(potrf_lower({factor.data(), n, n}), -1);
  EXPECT_LT(factor_ratio(a, factor, n), 3);
  EXPECT_LT(difference_from_lapack(a, factor, n), 1e-13);
  for (const auto i : {at(0, 0, n), at(3, 1, n), at(4, 4, n)}) {
    auto holed = factor;
    holed[i] = std::numeric_limits<double>::quiet_NaN();
    EXPECT_FALSE(factor_ratio(a, holed, n) < 3) << i;
    EXPECT_FALSE(difference_from_lapack(a, holed, n) < 1e-13) << i;
  }
  wrong[2] = std::numeric_limits<double>::quiet_NaN();
  EXPECT_FALSE(solve_ratio(a, wrong, b, n) < 3);
}

} // namespace
} // namespace soapstone::linalg
