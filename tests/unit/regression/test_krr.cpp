// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/regression/krr.hpp"

#include "soapstone/base/error.hpp"
#include "soapstone/base/random.hpp"
#include "soapstone/linalg/blas.hpp"
#include "soapstone/parallel/communicator.hpp"

#include <cmath>
#include <gtest/gtest.h>
#include <limits>

namespace soapstone::regression {
namespace {

using linalg::ProcessGrid;

/// Gaussian kernel of points on a line: positive definite, and badly conditioned like real ones.
std::vector<double> gaussian_kernel(std::int64_t n) {
  std::vector<double> k(static_cast<std::size_t>(n * n));
  for (std::int64_t i = 0; i < n; ++i)
    for (std::int64_t j = 0; j < n; ++j) {
      const double d = static_cast<double>(i - j) * 0.7;
      k[static_cast<std::size_t>(i + n * j)] = 2.0 * std::exp(-d * d);
    }
  return k;
}

std::string name(std::int64_t i) {
  return "frame " + std::to_string(i);
}

TEST(KernelRidge, SolvesTheRegularisedSystem) {
  const auto world = parallel::Communicator::world();
  const ProcessGrid grid(world, linalg::choose_grid(world.size()));
  for (const std::int64_t n : {1, 2, 37}) {
    const auto k = gaussian_kernel(n);
    std::vector<double> y;
    CounterRandom random(3);
    for (std::int64_t i = 0; i < 2 * n; ++i)
      y.push_back(random.normal());
    KernelRidge ridge(linalg::scatter(grid, k, n, n, 5), 1e-3, name);
    EXPECT_DOUBLE_EQ(ridge.lambda(), 2e-3);
    ridge.factorize();
    const auto fit = ridge.solve(y, 2);
    EXPECT_LT(fit.backward_error, 3.0);
    auto dense = k;
    for (std::int64_t i = 0; i < n; ++i)
      dense[static_cast<std::size_t>(i * (n + 1))] += 2e-3;
    auto expected = y;
    ASSERT_EQ(linalg::potrf_lower({dense.data(), n, n}), -1);
    linalg::potrs_lower({dense.data(), n, n}, {expected.data(), n, 2});
    std::vector<double> fitted(y.size());
    linalg::gemm(linalg::Op::none, linalg::Op::none, 1.0, {k.data(), n, n}, {expected.data(), n, 2}, 0.0,
                 {fitted.data(), n, 2});
    for (std::size_t i = 0; i < y.size(); ++i) {
      EXPECT_NEAR(fit.coefficients[i], expected[i], 1e-9);
      EXPECT_NEAR(fit.fitted[i], fitted[i], 1e-10);
    }
  }
}

TEST(KernelRidge, NamesTheDuplicateThatMakesItSingular) {
  const auto world = parallel::Communicator::world();
  const ProcessGrid grid(world, linalg::choose_grid(world.size()));
  const std::int64_t n = 30;
  auto k = gaussian_kernel(n);
  for (std::int64_t i = 0; i < n; ++i) // structure 21 becomes a copy of structure 4, made slightly indefinite
    k[static_cast<std::size_t>(21 + n * i)] = k[static_cast<std::size_t>(i + n * 21)] =
        k[static_cast<std::size_t>(4 + n * i)];
  k[static_cast<std::size_t>(21 + n * 21)] = 2.0 - 1e-9;
  KernelRidge ridge(linalg::scatter(grid, k, n, n, 4), 0.0, name);
  try {
    ridge.factorize();
    FAIL() << "no error";
  } catch (const NumericalError& error) {
    const std::string text = error.what();
    EXPECT_NE(text.find("training structure 21 (frame 21)"), std::string::npos) << text;
    EXPECT_NE(text.find("structure 4 (frame 4)"), std::string::npos) << text;
    EXPECT_NE(text.find("`regularization`"), std::string::npos) << text;
  }
}

// Cholesky comes to an end, but its last pivot, 2^-52, is rounding: [1 1; 1 1 + 2^-52] is computed without
// any.
TEST(KernelRidge, RefusesAPivotThatIsRounding) {
  const auto world = parallel::Communicator::world();
  const ProcessGrid grid(world, linalg::choose_grid(world.size()));
  const double next = 1 + std::numeric_limits<double>::epsilon();
  std::vector<double> kernel{1, 1, 1, next};
  KernelRidge ridge(linalg::scatter(grid, kernel, 2, 2, 4), 0.0, name);
  EXPECT_THROW(ridge.factorize(), NumericalError);
  kernel[3] = 1 + 1e-12;
  KernelRidge sound(linalg::scatter(grid, kernel, 2, 2, 4), 0.0, name);
  EXPECT_NO_THROW(sound.factorize());
}

// A well-conditioned kernel in units so small that its numbers have few digits left (denormal ones, 5e-324
// apart): Cholesky comes to an end, and the solution is a thousand times worse than rounding explains.
TEST(KernelRidge, NamesAKernelWithoutScale) {
  const auto world = parallel::Communicator::world();
  const ProcessGrid grid(world, linalg::choose_grid(world.size()));
  for (const double unit : {0.0, 1e-320})
    try {
      const std::vector<double> kernel(16, unit);
      const KernelRidge ridge(linalg::scatter(grid, kernel, 4, 4, 2), 1e-8, name);
      FAIL() << unit;
    } catch (const NumericalError& error) {
      EXPECT_NE(std::string(error.what()).find(unit == 0 ? "is zero" : "underflow"), std::string::npos)
          << error.what();
    }
}

TEST(KernelRidge, RefusesASolutionThatIsNotAccurate) {
  const auto world = parallel::Communicator::world();
  const ProcessGrid grid(world, linalg::choose_grid(world.size()));
  const std::int64_t n = 8;
  const auto solve = [&](double unit) {
    std::vector<double> kernel, targets;
    for (std::int64_t i = 0; i < n; ++i) {
      targets.push_back(1e20 * unit * static_cast<double>(i + 1));
      for (std::int64_t j = 0; j < n; ++j)
        kernel.push_back(unit * std::exp(-0.7 * std::abs(static_cast<double>(i - j))));
    }
    KernelRidge ridge(linalg::scatter(grid, kernel, n, n, 3), 0.0, name, LambdaScale::absolute);
    ridge.factorize();
    return ridge.solve(targets, 1).backward_error;
  };
  EXPECT_LT(solve(1e-300), 3.0);
  try {
    const auto error = solve(1e-312);
    FAIL() << "accepted with " << error;
  } catch (const NumericalError& error) {
    EXPECT_NE(std::string(error.what()).find("backward error"), std::string::npos) << error.what();
  }
}

TEST(KernelRidge, RefusesWhatIsNotFinite) {
  const auto world = parallel::Communicator::world();
  const ProcessGrid grid(world, linalg::choose_grid(world.size()));
  for (const double bad :
       {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
    auto k = gaussian_kernel(12);
    k[12 * 3 + 9] = bad;
    EXPECT_THROW(KernelRidge(linalg::scatter(grid, k, 12, 12, 4), 1e-6, name), NumericalError);
  }
}

} // namespace
} // namespace soapstone::regression
