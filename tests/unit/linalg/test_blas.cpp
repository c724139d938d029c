// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/linalg/blas.hpp"

#include <gtest/gtest.h>

#include "support.hpp"

#include "soapstone/base/error.hpp"

#include <algorithm>
#include <limits>
#include <numbers>

namespace soapstone::linalg {
namespace {

using test::at;
using test::random_values;

const double nan = std::numeric_limits<double>::quiet_NaN();

struct Shape {
  std::int64_t m, n, k;
};

TEST(Blas, gemm_is_the_sum_over_the_inner_index) {
  for (const auto [m, n, k] :
       {Shape{1, 1, 1}, Shape{3, 5, 7}, Shape{17, 4, 0}, Shape{33, 20, 65}, Shape{0, 3, 2}})
    for (const Op op_a : {Op::none, Op::transpose})
      for (const Op op_b : {Op::none, Op::transpose}) {
        const std::int64_t lda = (op_a == Op::none ? m : k) + 2, ldb = (op_b == Op::none ? k : n) + 1,
                           ldc = m + 3;
        const auto a = random_values(lda * (op_a == Op::none ? k : m), 1);
        const auto b = random_values(ldb * (op_b == Op::none ? n : k), 2);
        const auto before = random_values(ldc * n, 3);
        auto c = before;
        gemm(op_a, op_b, 1.5, {a.data(), op_a == Op::none ? m : k, op_a == Op::none ? k : m, lda},
             {b.data(), op_b == Op::none ? k : n, op_b == Op::none ? n : k, ldb}, -0.5,
             {c.data(), m, n, ldc});
        std::vector<float> af(a.begin(), a.end()), bf(b.begin(), b.end()), cf(before.begin(), before.end());
        gemm(op_a, op_b, 1.5F, {af.data(), op_a == Op::none ? m : k, op_a == Op::none ? k : m, lda},
             {bf.data(), op_b == Op::none ? k : n, op_b == Op::none ? n : k, ldb}, -0.5F,
             {cf.data(), m, n, ldc});
        for (std::int64_t j = 0; j < n; ++j)
          for (std::int64_t i = 0; i < ldc; ++i) {
            double sum = 0;
            for (std::int64_t l = 0; l < k && i < m; ++l)
              sum += (op_a == Op::none ? a[at(i, l, lda)] : a[at(l, i, lda)]) *
                     (op_b == Op::none ? b[at(l, j, ldb)] : b[at(j, l, ldb)]);
            // Rows from m on are padding and stay as they were.
            const double expected = i < m ? 1.5 * sum - 0.5 * before[at(i, j, ldc)] : before[at(i, j, ldc)];
            ASSERT_NEAR(c[at(i, j, ldc)], expected, 1e-13);
            ASSERT_NEAR(cf[at(i, j, ldc)], expected, 3e-5);
          }
      }
}

TEST(Blas, gemm_with_beta_zero_overwrites_nan) {
  std::vector<double> a{2}, b{3}, c{nan};
  gemm(Op::none, Op::none, 1.0, {a.data(), 1, 1}, {b.data(), 1, 1}, 0.0, {c.data(), 1, 1});
  EXPECT_EQ(c[0], 6);
}

TEST(Blas, syrk_fills_one_triangle) {
  const std::int64_t n = 19, k = 11;
  for (const Triangle triangle : {Triangle::lower, Triangle::upper})
    for (const Op op : {Op::none, Op::transpose}) {
      const std::int64_t lda = op == Op::none ? n : k;
      const auto a = random_values(n * k, 5);
      std::vector<double> c(static_cast<std::size_t>(n * n), 7.0);
      syrk(triangle, op, 2.0, {a.data(), op == Op::none ? n : k, op == Op::none ? k : n, lda}, 1.0,
           {c.data(), n, n});
      for (std::int64_t j = 0; j < n; ++j)
        for (std::int64_t i = 0; i < n; ++i) {
          double sum = 0;
          for (std::int64_t l = 0; l < k; ++l)
            sum += op == Op::none ? a[at(i, l, lda)] * a[at(j, l, lda)] : a[at(l, i, lda)] * a[at(l, j, lda)];
          const bool inside = triangle == Triangle::lower ? i >= j : i <= j;
          ASSERT_NEAR(c[at(i, j, n)], inside ? 2 * sum + 7 : 7, 1e-13);
        }
    }
}

TEST(Blas, trmm_multiplies_by_a_lower_triangle) {
  const std::int64_t m = 13, n = 7, lda = 15;
  const auto before = random_values(m * n, 6);
  auto a = random_values(lda * m, 5);
  for (std::int64_t j = 0; j < m; ++j)
    for (std::int64_t i = 0; i < j; ++i)
      a[at(i, j, lda)] = std::numeric_limits<double>::quiet_NaN(); // must not be read
  for (const Op op : {Op::none, Op::transpose}) {
    auto b = before;
    trmm_lower(op, {a.data(), m, m, lda}, {b.data(), m, n});
    for (std::int64_t j = 0; j < n; ++j)
      for (std::int64_t i = 0; i < m; ++i) {
        double sum = 0;
        for (std::int64_t l = op == Op::none ? 0 : i; l < (op == Op::none ? i + 1 : m); ++l)
          sum += (op == Op::none ? a[at(i, l, lda)] : a[at(l, i, lda)]) * before[at(l, j, m)];
        ASSERT_NEAR(b[at(i, j, m)], sum, 1e-13);
      }
  }
}

TEST(Blas, gemv_is_a_matrix_times_a_vector) {
  for (const auto [m, n, unused] : {Shape{4, 3, 0}, Shape{1, 9, 0}, Shape{5, 0, 0}, Shape{0, 5, 0}})
    for (const Op op : {Op::none, Op::transpose}) {
      const auto rows = op == Op::none ? m : n, cols = op == Op::none ? n : m;
      const auto a = random_values(m * n, 8), x = random_values(cols, 9), before = random_values(rows, 10);
      auto y = before;
      gemv(op, 2.0, {a.data(), m, n}, x, 3.0, y);
      for (std::int64_t i = 0; i < rows; ++i) {
        double sum = 3 * before[static_cast<std::size_t>(i)];
        for (std::int64_t j = 0; j < cols; ++j)
          sum += 2 * (op == Op::none ? a[at(i, j, m)] : a[at(j, i, m)]) * x[static_cast<std::size_t>(j)];
        ASSERT_NEAR(y[static_cast<std::size_t>(i)], sum, 1e-13);
      }
    }
}

// The second difference matrix of order n has eigenvalues 2 - 2 cos(π k / (n + 1)) and sine vectors.
TEST(Blas, eigen_symmetric_knows_the_vibrating_string) {
  for (const std::int64_t n : {0, 1, 2, 17, 60}) {
    const std::int64_t lda = n + 1;
    std::vector<double> a(static_cast<std::size_t>(lda * n), nan); // only the lower triangle is read
    for (std::int64_t col = 0; col < n; ++col)
      for (std::int64_t row = col; row < n; ++row)
        a[at(row, col, lda)] = row == col ? 2 : row == col + 1 ? -1 : 0;
    const auto values = eigen_symmetric({a.data(), n, n, lda});
    ASSERT_EQ(static_cast<std::int64_t>(values.size()), n);
    for (std::int64_t k = 0; k < n; ++k) {
      const double theta = std::numbers::pi * static_cast<double>(k + 1) / static_cast<double>(n + 1);
      EXPECT_NEAR(values[static_cast<std::size_t>(k)], 2 - 2 * std::cos(theta), 1e-13);
      const double sign = a[at(0, k, lda)] < 0 ? -1 : 1;
      for (std::int64_t i = 0; i < n; ++i)
        ASSERT_NEAR(sign * a[at(i, k, lda)],
                    std::sqrt(2.0 / static_cast<double>(n + 1)) *
                        std::sin(theta * static_cast<double>(i + 1)),
                    1e-12);
    }
  }
}

TEST(Blas, eigen_symmetric_refuses_nan_and_impossible_orders) {
  std::vector<double> a{1, nan, 0, 1};
  EXPECT_THROW(eigen_symmetric({a.data(), 2, 2}), NumericalError);
}

// The Cholesky factor of min(i, j) (counted from 1) is all ones.
TEST(Blas, potrf_and_potrs_know_the_matrix_of_minima) {
  for (const std::int64_t n : {0, 1, 2, 30}) {
    std::vector<double> a(static_cast<std::size_t>(n * n)), x(static_cast<std::size_t>(2 * n)), b(x.size());
    for (std::int64_t col = 0; col < n; ++col)
      for (std::int64_t row = 0; row < n; ++row)
        a[at(row, col, n)] = static_cast<double>(std::min(row, col) + 1);
    for (std::size_t i = 0; i < x.size(); ++i)
      x[i] = static_cast<double>(i % 5) - 2;
    for (std::int64_t s = 0; s < 2; ++s)
      for (std::int64_t row = 0; row < n; ++row)
        for (std::int64_t col = 0; col < n; ++col)
          b[at(row, s, n)] += a[at(row, col, n)] * x[at(col, s, n)];
    ASSERT_EQ(potrf_lower({a.data(), n, n}), -1);
    for (std::int64_t col = 0; col < n; ++col)
      for (std::int64_t row = col; row < n; ++row)
        ASSERT_EQ(a[at(row, col, n)], 1);
    potrs_lower({a.data(), n, n}, {b.data(), n, 2});
    EXPECT_EQ(b, x); // integers throughout: exact
  }
}

TEST(Blas, potrf_names_the_failing_pivot) {
  for (std::size_t failing = 0; failing < 9; ++failing) {
    std::vector<double> d(9, 1.0);
    d[failing] = 0;
    auto a = test::integer_matrix(d, failing + 1);
    EXPECT_EQ(potrf_lower({a.data(), 9, 9}), static_cast<std::int64_t>(failing));
  }
}

// A = u vᵀ with |u| = 5, |v| = 3: the pseudo-inverse is v uᵀ / 225, so the minimum-norm solution is v (u·b) /
// 225.
TEST(Blas, least_squares_takes_the_shortest_solution) {
  const std::vector<double> u{3, 4, 0, 0}, v{1, 2, 2}, b{1, 1, 5, -7};
  for (const bool wide : {false, true}) {
    const auto& tall = wide ? v : u;
    const auto& flat = wide ? u : v;
    const auto m = static_cast<std::int64_t>(tall.size()), n = static_cast<std::int64_t>(flat.size());
    std::vector<double> a(static_cast<std::size_t>(m * n));
    for (std::int64_t j = 0; j < n; ++j)
      for (std::int64_t i = 0; i < m; ++i)
        a[at(i, j, m)] = tall[static_cast<std::size_t>(i)] * flat[static_cast<std::size_t>(j)];
    const std::vector<double> values(b.begin(), b.begin() + m);
    const auto [x, rank] = least_squares(m, n, a, values, 1e-10);
    double dot = 0;
    for (std::size_t i = 0; i < tall.size(); ++i)
      dot += tall[i] * values[i];
    EXPECT_EQ(rank, 1);
    ASSERT_EQ(x.size(), flat.size());
    for (std::size_t j = 0; j < flat.size(); ++j)
      EXPECT_NEAR(x[j], flat[j] * dot / 225, 1e-14);
  }
}

TEST(Blas, least_squares_finds_full_rank_solutions_and_survives_emptiness) {
  const std::int64_t m = 40, n = 6;
  const auto a = random_values(m * n, 21), x = random_values(n, 22);
  const auto b = test::naive_product(a, x, m, 1, n);
  const auto [found, rank] = least_squares(m, n, a, b, 1e-12);
  EXPECT_EQ(rank, n);
  for (std::size_t i = 0; i < x.size(); ++i)
    EXPECT_NEAR(found[i], x[i], 1e-13);
  EXPECT_EQ(least_squares(0, 2, {}, {}, 1e-12).x, (std::vector<double>{0, 0}));
  const auto nothing = least_squares(2, 0, {}, {1, 2}, 1e-12);
  EXPECT_TRUE(nothing.x.empty());
  EXPECT_EQ(nothing.rank, 0);
  EXPECT_THROW(least_squares(1, 1, {nan}, {1}, 1e-12), NumericalError);
  EXPECT_THROW(least_squares(1, 1, {1}, {nan}, 1e-12), NumericalError);
}

TEST(Blas, refuses_sizes_beyond_32_bits) {
  const std::int64_t huge = std::int64_t{1} << 31;
  double x = 0;
  EXPECT_THROW(gemm(Op::none, Op::none, 1.0, {&x, huge, 0}, {&x, 0, 1, 1}, 1.0, {&x, huge, 1}),
               ResourceError);
  EXPECT_THROW(gemv(Op::none, 1.0, {&x, huge, 1, 1}, {&x, huge}, 0.0, {&x, huge}), ResourceError);
  EXPECT_THROW(syrk(Triangle::lower, Op::none, 1.0, {&x, 1, huge}, 0.0, {&x, 1, 1}), ResourceError);
  EXPECT_THROW(potrf_lower({&x, huge, huge}), ResourceError);
}

} // namespace
} // namespace soapstone::linalg
