// SPDX-License-Identifier: BSD-3-Clause
// Eigenvectors against LAPACK's on one process and against their definition.
#include "soapstone/linalg/eigen.hpp"

#include "soapstone/base/error.hpp"
#include "soapstone/linalg/blas.hpp"
#include "support.hpp"

#include <limits>

namespace soapstone::linalg {
namespace {

using test::at;

void check_definition(const std::vector<double>& a, const Eigenvectors& found, std::int64_t n) {
  const auto v = gather(found.vectors);
  const auto av = test::naive_product(a, v, n, n, n);
  const auto vtv = test::naive_product(test::naive_transpose(v, n, n), v, n, n, n);
  const double scale = test::norm_1(a, n, n);
  for (std::int64_t col = 0; col < n; ++col)
    for (std::int64_t row = 0; row < n; ++row) {
      EXPECT_NEAR(av[at(row, col, n)], v[at(row, col, n)] * found.values[static_cast<std::size_t>(col)],
                  1e-13 * scale);
      EXPECT_NEAR(vtv[at(row, col, n)], row == col ? 1.0 : 0.0, 1e-13);
    }
}

TEST(Eigen, equals_lapack_and_satisfies_its_definition) {
  test::on_all_grids([](const ProcessGrid& grid) {
    for (const auto& [n, block] : {std::pair{1, 3}, {2, 4}, {23, 3}, {40, 8}, {40, 64}}) {
      SCOPED_TRACE(testing::Message() << "n " << n << " block " << block);
      for (const auto& a : {test::dominant_matrix(n, 3), test::kernel_like_matrix(n, 4)}) {
        auto lower = a; // the upper triangle is not looked at
        for (std::int64_t col = 0; col < n; ++col)
          for (std::int64_t row = 0; row < col; ++row)
            lower[at(row, col, n)] = 1e30;
        const auto found = eigen_decompose(scatter(grid, lower, n, n, block));
        auto serial = a;
        const auto expected = eigen_symmetric({serial.data(), n, n});
        for (std::size_t i = 0; i < expected.size(); ++i)
          EXPECT_NEAR(found.values[i], expected[i], 1e-13 * test::norm_1(a, n, n));
        check_definition(a, found, n);
        EXPECT_LT(found.backward_error, 3);
      }
    }
  });
}

TEST(Eigen, a_matrix_that_is_not_finite_is_refused) {
  const auto world = parallel::Communicator::world();
  const ProcessGrid grid(world, choose_grid(world.size()));
  auto a = test::dominant_matrix(9, 1);
  a[at(7, 2, 9)] = std::numeric_limits<double>::quiet_NaN();
  EXPECT_THROW(eigen_decompose(scatter(grid, a, 9, 9, 2)), NumericalError);
}

} // namespace
} // namespace soapstone::linalg
