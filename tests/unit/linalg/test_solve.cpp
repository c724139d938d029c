// SPDX-License-Identifier: BSD-3-Clause
// cholesky_solve and solve_residual against known solutions.
#include "soapstone/linalg/cholesky.hpp"

#include <gtest/gtest.h>

#include "support.hpp"

#include <limits>

namespace soapstone::linalg {
namespace {

using test::at;
using test::naive_product;
using test::on_all_grids;

/// A system with a known solution: A integer, x integer, b = A x without rounding.
struct System {
  std::int64_t n, k;
  std::vector<double> a, x, b, diagonal;
};

System integer_system(std::int64_t n, std::int64_t k) {
  System system{n,  k,  test::integer_matrix(std::vector<double>(static_cast<std::size_t>(n), 1.0), 5),
                {}, {}, {}};
  for (std::int64_t i = 0; i < n * k; ++i)
    system.x.push_back(static_cast<double>((i * 7) % 11) - 5);
  system.b = naive_product(system.a, system.x, n, k, n);
  for (std::int64_t i = 0; i < n; ++i)
    system.diagonal.push_back(system.a[at(i, i, n)]);
  return system;
}

/// The factor of A below, A itself above.
DistributedMatrix factor_of(const ProcessGrid& grid, const std::vector<double>& a, std::int64_t n,
                            std::int64_t block) {
  auto matrix = scatter(grid, a, n, n, block);
  cholesky_factorize(matrix);
  return matrix;
}

TEST(Solve, integer_systems_are_solved_exactly) {
  on_all_grids([](const ProcessGrid& grid) {
    for (const std::int64_t n : {0, 1, 2, 12, 35})
      for (const std::int64_t k : {0, 1, 3, 9})
        for (const std::int64_t block : {1, 5, 64}) {
          const auto system = integer_system(n, k);
          const auto factor = factor_of(grid, system.a, n, block);
          auto x = scatter(grid, system.b, n, k, block);
          cholesky_solve(factor, x);
          ASSERT_EQ(gather(x), system.x) << "n " << n << ", k " << k << ", block " << block;
          const auto residual = solve_residual(factor, system.diagonal, system.b, system.x, k);
          ASSERT_EQ(residual.values, std::vector<double>(static_cast<std::size_t>(n * k), 0.0));
          ASSERT_EQ(residual.backward_error, 0);
        }
  });
}

// The leading block of an integer L D Lᵀ is one too: solved exactly, with the residual of that block alone.
TEST(Solve, leading_systems_are_solved_exactly) {
  on_all_grids([](const ProcessGrid& grid) {
    for (const std::int64_t block : {1, 5, 64}) {
      const std::int64_t order = 35;
      const auto whole = integer_system(order, 1);
      const auto factor = factor_of(grid, whole.a, order, block);
      for (const std::int64_t n : {0, 1, 4, 5, 17, 34, 35})
        for (const std::int64_t k : {1, 6}) {
          System leading{n, k, {}, {}, {}, {}};
          for (std::int64_t col = 0; col < n; ++col) {
            for (std::int64_t row = 0; row < n; ++row)
              leading.a.push_back(whole.a[at(row, col, order)]);
            leading.diagonal.push_back(whole.a[at(col, col, order)]);
          }
          for (std::int64_t i = 0; i < n * k; ++i)
            leading.x.push_back(static_cast<double>((i * 7) % 11) - 5);
          leading.b = naive_product(leading.a, leading.x, n, k, n);
          auto x = scatter(grid, leading.b, n, k, block);
          cholesky_solve_leading(factor, x);
          ASSERT_EQ(gather(x), leading.x) << "n " << n << ", k " << k << ", block " << block;
          const auto exact = solve_residual(factor, leading.diagonal, leading.b, leading.x, k);
          ASSERT_EQ(exact.values, std::vector<double>(static_cast<std::size_t>(n * k), 0.0));
          if (n == 0)
            continue;
          auto wrong = leading.x;
          wrong.back() += 1;
          double r = 0, size = 0, b = 0;
          for (std::int64_t i = 0; i < n; ++i) {
            r += std::fabs(leading.a[at(i, n - 1, n)]);
            size += std::fabs(wrong[at(i, k - 1, n)]);
            b += std::fabs(leading.b[at(i, k - 1, n)]);
          }
          const double scale = (test::norm_1(leading.a, n, n) * size + b) * static_cast<double>(n) *
                               std::numeric_limits<double>::epsilon();
          const auto residual = solve_residual(factor, leading.diagonal, leading.b, wrong, k);
          ASSERT_NEAR(residual.backward_error / (r / scale), 1, 1e-12);
        }
    }
  });
}

// x off by one in element j of one right-hand side: the residual is minus column j of A, to the bit.
TEST(Solve, residual_of_a_wrong_solution_is_exact) {
  on_all_grids([](const ProcessGrid& grid) {
    for (const std::int64_t n : {1, 13, 34})
      for (const std::int64_t k : {1, 3, 9})
        for (const std::int64_t block : {1, 4, 64}) {
          auto system = integer_system(n, k);
          const auto factor = factor_of(grid, system.a, n, block);
          const std::int64_t wrong_row = n / 3, wrong_side = k / 2;
          system.x[at(wrong_row, wrong_side, n)] += 1;
          std::vector<double> expected(static_cast<std::size_t>(n * k));
          double r = 0, x = 0, b = 0;
          for (std::int64_t i = 0; i < n; ++i) {
            expected[at(i, wrong_side, n)] = -system.a[at(i, wrong_row, n)];
            r += std::fabs(system.a[at(i, wrong_row, n)]);
            x += std::fabs(system.x[at(i, wrong_side, n)]);
            b += std::fabs(system.b[at(i, wrong_side, n)]);
          }
          const auto residual = solve_residual(factor, system.diagonal, system.b, system.x, k);
          ASSERT_EQ(residual.values, expected) << "n " << n << ", k " << k << ", block " << block;
          const double scale = (test::norm_1(system.a, n, n) * x + b) * static_cast<double>(n) *
                               std::numeric_limits<double>::epsilon();
          ASSERT_NEAR(residual.backward_error / (r / scale), 1, 1e-12);
          ASSERT_GT(residual.backward_error, 1e9);
        }
  });
}

TEST(Solve, backward_error_is_small_for_hard_systems_and_large_for_slightly_wrong_solutions) {
  on_all_grids([](const ProcessGrid& grid) {
    const std::int64_t n = 60;
    for (const double scale : {1.0, 1e-12, 1e12}) { // the measure does not depend on the units of A
      auto a = test::kernel_like_matrix(n, 9);
      std::vector<double> diagonal;
      for (auto& value : a)
        value *= scale;
      for (std::int64_t i = 0; i < n; ++i)
        diagonal.push_back(a[at(i, i, n)]);
      const auto factor = factor_of(grid, a, n, 8);
      const auto b = test::random_values(n, 10);
      auto solution = scatter(grid, b, n, 1, 8);
      cholesky_solve(factor, solution);
      auto x = gather(solution);
      const auto residual = solve_residual(factor, diagonal, b, x, 1);
      EXPECT_LT(residual.backward_error, 1) << scale;
      EXPECT_GT(residual.backward_error, 0);
      // The residual itself, in quadruple-like long double.
      for (std::int64_t i = 0; i < n; ++i) {
        long double r = b[static_cast<std::size_t>(i)], size = 0;
        for (std::int64_t j = 0; j < n; ++j) {
          const long double term = static_cast<long double>(a[at(i, j, n)]) * x[static_cast<std::size_t>(j)];
          r -= term;
          size += term < 0 ? -term : term;
        }
        ASSERT_NEAR(residual.values[static_cast<std::size_t>(i)], static_cast<double>(r),
                    1e-14 * static_cast<double>(size));
      }
      x[7] *= 1 + 1e-6;
      EXPECT_GT(solve_residual(factor, diagonal, b, x, 1).backward_error, 1e3);
    }
  });
}

TEST(Solve, worst_right_hand_side_decides_and_nan_is_infinitely_wrong) {
  on_all_grids([](const ProcessGrid& grid) {
    auto system = integer_system(10, 2);
    const auto factor = factor_of(grid, system.a, 10, 3);
    for (std::size_t i = 0; i < 10;
         ++i) { // the first right-hand side is huge and right, the second small and wrong
      system.x[i] *= 1e12;
      system.b[i] *= 1e12;
    }
    auto wrong = system.x;
    wrong[15] += 1;
    EXPECT_EQ(solve_residual(factor, system.diagonal, system.b, system.x, 2).backward_error, 0);
    EXPECT_GT(solve_residual(factor, system.diagonal, system.b, wrong, 2).backward_error, 1e9);
    wrong[3] = std::numeric_limits<double>::quiet_NaN();
    EXPECT_EQ(solve_residual(factor, system.diagonal, system.b, wrong, 2).backward_error,
              std::numeric_limits<double>::infinity());
  });
}

TEST(Solve, right_hand_sides_that_do_not_conform_are_refused) {
  const auto world = parallel::Communicator::world();
  const ProcessGrid grid(world, choose_grid(world.size()));
  const auto factor = factor_of(grid, test::dominant_matrix(8, 1), 8, 2);
  DistributedMatrix other_rows(grid, 7, 1, 2), other_block(grid, 8, 1, 4);
  EXPECT_THROW(cholesky_solve(factor, other_rows), InternalError);
  EXPECT_THROW(cholesky_solve(factor, other_block), InternalError);
  EXPECT_THROW(solve_residual(factor, {1, 2}, {}, {}, 1), InternalError);
}

} // namespace
} // namespace soapstone::linalg
