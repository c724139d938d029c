// SPDX-License-Identifier: BSD-3-Clause
// ScaLAPACK under the watchdog: the same bits as without, and a rank that does not come is named by the one
// that waits for it inside.
#include "soapstone/linalg/cholesky.hpp"
#include "soapstone/linalg/eigen.hpp"
#include "soapstone/linalg/products.hpp"
#include "soapstone/linalg/scalapack.hpp"
#include "soapstone/parallel/library_calls.hpp"
#include "soapstone/watchdog/watchdog.hpp"

#include <gtest/gtest.h>

#include "support.hpp"

#include <chrono>
#include <optional>
#include <thread>

namespace soapstone::linalg {
namespace {

using parallel::Communicator;

constexpr std::int64_t n = 90, block = 8;

/// Factor, inverse, product, solution and eigenvectors of one matrix, on rank 0 (elsewhere empty).
std::vector<std::vector<double>> all_of_scalapack(const ProcessGrid& grid) {
  const auto a = scatter(grid, test::dominant_matrix(n, 7), n, n, block);
  auto factor = a, solution = a;
  cholesky_factorize(factor);
  cholesky_solve(factor, solution);
  auto inverse = factor;
  cholesky_invert(inverse);
  mirror_lower_to_upper(inverse);
  DistributedMatrix product(grid, n, n, block);
  multiply(Op::none, Op::transpose, 1.0, a, inverse, 0.0, product);
  return {gather(factor), gather(solution), gather(inverse), gather(product),
          gather(eigen_decompose(a).vectors)};
}

TEST(WatchedScalapack, gives_the_same_bits) {
  test::on_all_grids([](const ProcessGrid& grid) {
    const auto without = all_of_scalapack(grid);
    const watchdog::Watchdog watchdog(Communicator::world(), 60);
    EXPECT_EQ(all_of_scalapack(grid), without);
  });
}

TEST(WatchedScalapack, names_the_rank_that_hangs_inside) {
  const auto world = Communicator::world();
  if (world.size() != 2)
    GTEST_SKIP() << "two ranks wanted";
  // Never freed, as messages of the factorisation stay under way.
  static auto& grid = *new ProcessGrid(world, {1, 2});
  static auto& matrix = *new DistributedMatrix(scatter(grid, test::dominant_matrix(n, 7), n, n, block));
  const watchdog::Watchdog watchdog(world, 0.3);
  if (world.rank() == 1) {
    std::this_thread::sleep_for(std::chrono::milliseconds(3200));
    return;
  }
  const parallel::LibraryCalls calls(grid.members().get());
  try {
    scalapack::pdpotrf(Triangle::lower, n, {matrix.data(), matrix.descriptor()});
    ADD_FAILURE() << "the other rank has not come";
  } catch (const watchdog::RankMissing& missing) {
    EXPECT_EQ(missing.ranks(), std::vector<int>{1});
  }
}

} // namespace
} // namespace soapstone::linalg
