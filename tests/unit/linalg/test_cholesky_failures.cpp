// SPDX-License-Identifier: BSD-3-Clause
// What cholesky_factorize and require_finite say of matrices that have no factor; on every grid, on every
// rank.
#include "soapstone/linalg/cholesky.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support.hpp"

#include <limits>
#include <string>

namespace soapstone::linalg {
namespace {

using test::at;
using test::on_all_grids;

const double nan = std::numeric_limits<double>::quiet_NaN();
const double infinity = std::numeric_limits<double>::infinity();

/// The pivot at which the factorisation fails, -1 if it does not.
std::int64_t failing_pivot(DistributedMatrix matrix) {
  try {
    cholesky_factorize(matrix);
  } catch (const NotPositiveDefinite& error) {
    EXPECT_EQ(error.code(), ExitCode::numerical);
    EXPECT_THAT(error.what(), testing::HasSubstr(std::to_string(error.pivot())));
    return error.pivot();
  }
  return -1;
}

// A = L D Lᵀ has leading minors d_0, d_0 d_1, ...: the first d that is not positive is the pivot that fails,
// exactly. A later negative d makes later minors positive again, which must not matter.
TEST(CholeskyFailures, first_failing_minor_is_named_on_every_rank) {
  on_all_grids([](const ProcessGrid& grid) {
    for (const std::int64_t n : {1, 6, 33})
      for (const std::int64_t block : {1, 4, 40})
        for (const std::int64_t pivot : {std::int64_t{0}, n / 2, n - 1})
          for (const double value : {0.0, -1.0}) {
            std::vector<double> d(static_cast<std::size_t>(n), 1.0);
            d[static_cast<std::size_t>(pivot)] = value;
            d[static_cast<std::size_t>(n - 1)] = pivot == n - 1 ? value : -1;
            const auto a = test::integer_matrix(d, static_cast<std::uint64_t>(n + pivot));
            ASSERT_EQ(failing_pivot(scatter(grid, a, n, n, block)), pivot)
                << "n " << n << ", block " << block;
          }
  });
}

TEST(CholeskyFailures, nan_and_infinity_below_the_diagonal_are_found) {
  on_all_grids([](const ProcessGrid& grid) {
    const std::int64_t n = 21, block = 4;
    for (const double bad : {nan, infinity, -infinity})
      for (const auto& [row, col] :
           {std::pair<std::int64_t, std::int64_t>{0, 0}, {n - 1, 0}, {n - 1, n - 1}, {13, 6}, {5, 4}}) {
        auto a = test::dominant_matrix(n, 4);
        a[at(row, col, n)] = bad;
        auto matrix = scatter(grid, a, n, n, block);
        try {
          cholesky_factorize(matrix);
          ADD_FAILURE() << bad << " at " << row << ", " << col;
        } catch (const NotPositiveDefinite&) {
          ADD_FAILURE() << bad << " taken for an indefinite matrix";
        } catch (const NumericalError& error) {
          EXPECT_THAT(error.what(), testing::HasSubstr("not finite"));
        }
      }
  });
}

TEST(CholeskyFailures, what_stands_above_the_diagonal_is_not_looked_at) {
  on_all_grids([](const ProcessGrid& grid) {
    const std::int64_t n = 12;
    auto a = test::dominant_matrix(n, 4);
    a[at(2, 9, n)] = nan;
    EXPECT_EQ(failing_pivot(scatter(grid, a, n, n, 3)), -1);
  });
}

TEST(CholeskyFailures, require_finite_names_the_first_place) {
  on_all_grids([](const ProcessGrid& grid) {
    const std::int64_t rows = 15, cols = 11;
    for (const double bad : {nan, infinity})
      for (const std::int64_t first : {std::int64_t{0}, std::int64_t{7}, rows * cols - 1}) {
        auto a = test::random_values(rows * cols, 5);
        a[0] = std::numeric_limits<double>::max();
        a[1] = std::numeric_limits<double>::denorm_min();
        EXPECT_NO_THROW(require_finite(scatter(grid, a, rows, cols, 2), "the test matrix"));
        a[static_cast<std::size_t>(first)] = bad;
        a[static_cast<std::size_t>(rows * cols - 1)] = bad;
        try {
          require_finite(scatter(grid, a, rows, cols, 2), "the test matrix");
          ADD_FAILURE() << first;
        } catch (const NumericalError& error) {
          EXPECT_THAT(error.what(), testing::HasSubstr("the test matrix is not finite at row " +
                                                       std::to_string(first % rows) + ", column " +
                                                       std::to_string(first / rows)));
        }
      }
    EXPECT_NO_THROW(require_finite(DistributedMatrix(grid, 0, 0, 2), "nothing"));
  });
}

} // namespace
} // namespace soapstone::linalg
