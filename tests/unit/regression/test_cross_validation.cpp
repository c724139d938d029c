// SPDX-License-Identifier: BSD-3-Clause
// Cross-validation from one factorisation against a training for every fold.
#include "soapstone/regression/cross_validation.hpp"

#include "small_model.hpp"
#include "soapstone/base/error.hpp"
#include "soapstone/kernel/kernel_sum.hpp"
#include "soapstone/linalg/cholesky.hpp"
#include "soapstone/parallel/agree.hpp"
#include "soapstone/parallel/communicator.hpp"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>
#include <limits>

namespace soapstone::regression {
namespace {

using linalg::GridShape;
using linalg::ProcessGrid;
using structure::Structure;
using Energies = std::vector<std::vector<double>>;

constexpr auto both = {ValidationMethod::inverse, ValidationMethod::eigen};

std::string name(std::int64_t i) {
  return "frame " + std::to_string(i);
}

Energies energies_of(const std::vector<Structure>& structures) {
  CounterRandom random(17);
  Energies energies(2);
  for (const auto& structure : structures)
    for (auto& target : energies)
      target.push_back(static_cast<double>(structure.size()) * (random.normal() - 10));
  return energies;
}

Baseline fit_baseline(std::span<const Structure> structures, std::span<const double> energies,
                      std::size_t target) {
  return target == 0 ? Baseline::fit_composition(structures, energies)
                     : Baseline::fit_mean(structures, energies);
}

struct Case {
  std::vector<Structure> structures;
  Energies energies;
  Folds folds;
  Case(int n, std::int64_t k) : structures(testing::random_molecules(n, 5)), folds(draw_folds(n, k, 1)) {
    energies = energies_of(structures);
  }
  ValidationProblem problem() const { return {structures, energies, folds, fit_baseline, name}; }
};

template <typename T>
std::vector<T> without(std::vector<T> values, std::int64_t begin, std::int64_t end) {
  values.erase(values.begin() + begin, values.begin() + end);
  return values;
}

/// The kernel between all structures, both triangles, on every rank.
std::vector<double> kernel_values(const ProcessGrid& grid, const std::vector<Structure>& structures) {
  auto matrix = kernel::KernelSum(grid, testing::small_model().kernels, structures, 16).assemble(1 << 20);
  linalg::mirror_lower_to_upper(matrix);
  return linalg::gather(matrix);
}

/// The lower triangle alone, as the assembly leaves it.
linalg::DistributedMatrix lower_kernel(const ProcessGrid& grid, std::vector<double> values, std::int64_t n,
                                       std::int64_t block) {
  for (std::int64_t col = 0; col < n; ++col)
    for (std::int64_t row = 0; row < col / block * block; ++row)
      values[static_cast<std::size_t>(row + n * col)] = 1e30;
  return linalg::scatter(grid, values, n, n, block);
}

/// Adds to `predicted` the fold's structures by models trained on all other folds and nothing else.
void refit_fold(const ProcessGrid& grid, const Case& all, const std::vector<double>& kernel, double lambda,
                std::int64_t fold, Energies& predicted) {
  const auto n = static_cast<std::int64_t>(all.structures.size());
  const auto begin = all.folds.begin(fold), end = all.folds.end(fold), m = n - (end - begin);
  const auto training = without(all.structures, begin, end);
  std::vector<double> between; // the training structures
  for (std::int64_t col = 0; col < n; ++col)
    for (std::int64_t row = 0; row < n; ++row)
      if ((row < begin || row >= end) && (col < begin || col >= end))
        between.push_back(kernel[static_cast<std::size_t>(row + n * col)]);
  KernelRidge ridge(linalg::scatter(grid, between, m, m, 16), lambda, name, LambdaScale::absolute);
  ridge.factorize();
  for (std::size_t t = 0; t < 2; ++t) {
    auto targets = without(all.energies[t], begin, end);
    const auto baseline = fit_baseline(training, targets, t);
    for (std::size_t s = 0; s < training.size(); ++s)
      targets[s] = (targets[s] - baseline.energy(training[s])) / static_cast<double>(training[s].size());
    const auto x = ridge.solve(targets, 1).coefficients;
    for (auto i = begin; i < end; ++i) {
      double sum = 0;
      for (std::int64_t j = 0; j < m; ++j)
        sum += kernel[static_cast<std::size_t>(i + n * (j < begin ? j : j + end - begin))] *
               x[static_cast<std::size_t>(j)];
      const auto& structure = all.structures[static_cast<std::size_t>(i)];
      predicted[t].push_back(static_cast<double>(structure.size()) * sum + baseline.energy(structure));
    }
  }
}

Energies refit(const ProcessGrid& grid, const Case& all, const std::vector<double>& kernel, double lambda) {
  Energies predicted(2);
  for (std::int64_t fold = 0; fold < all.folds.count(); ++fold)
    refit_fold(grid, all, kernel, lambda, fold, predicted);
  return predicted;
}

void expect_close(const Energies& found, const Energies& expected) {
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t t = 0; t < expected.size(); ++t)
    for (std::size_t i = 0; i < expected[t].size(); ++i)
      ASSERT_NEAR(found[t][i], expected[t][i], 1e-9 * std::abs(expected[t][i])) << "structure " << i;
}

/// Every grid, or the widest of each number of rows.
template <typename Check>
void on_grids(bool all, Check&& check) {
  const auto world = parallel::Communicator::world();
  for (int rows = 1; rows <= world.size(); ++rows)
    for (int cols = all ? 1 : world.size() / rows; rows * cols <= world.size(); ++cols) {
      SCOPED_TRACE(::testing::Message() << "grid " << rows << "x" << cols);
      const ProcessGrid grid(world, GridShape{rows, cols});
      check(grid);
    }
}

void compare_with_refits(int n, std::int64_t k, std::int64_t block) {
  SCOPED_TRACE(::testing::Message() << n << " structures, " << k << " folds");
  const auto world = parallel::Communicator::world();
  const ProcessGrid square(world, linalg::choose_grid(world.size()));
  const Case all(n, k);
  const std::vector<double> lambdas{1e-3, 1e-2};
  const auto kernel = kernel_values(square, all.structures);
  const std::vector expected{refit(square, all, kernel, lambdas[0]), refit(square, all, kernel, lambdas[1])};
  on_grids(n < 100, [&](const ProcessGrid& grid) {
    for (const auto method : both) {
      const auto found = cross_validate(lower_kernel(grid, kernel, n, block), all.problem(), lambdas, method);
      ASSERT_EQ(found.size(), 2U);
      for (std::size_t i = 0; i < 2; ++i) {
        EXPECT_EQ(found[i].lambda, lambdas[i]);
        EXPECT_EQ(found[i].failure, "");
        expect_close(found[i].energies, expected[i]);
      }
    }
  });
}

TEST(CrossValidation, EqualsRefitsOfEveryFoldOnEveryGrid) {
  compare_with_refits(26, 4, 4);
  compare_with_refits(13, 13, 5);
}

// Folds that are batched, and folds so large that their blocks stay distributed.
TEST(CrossValidation, EqualsRefitsOfLargeFolds) {
  compare_with_refits(300, 5, 32);
  compare_with_refits(530, 2, 64);
}

// To the bit: neither the weights nor the baseline nor any right-hand side of a fold knows its energies.
void check_leaks(int n, std::int64_t k, std::int64_t fold) {
  SCOPED_TRACE(::testing::Message() << n << " structures, " << k << " folds");
  const auto world = parallel::Communicator::world();
  const ProcessGrid grid(world, linalg::choose_grid(world.size()));
  const Case all(n, k);
  const auto kernel = lower_kernel(grid, kernel_values(grid, all.structures), n, 16);
  auto other = all;
  for (auto& target : other.energies)
    for (auto s = all.folds.begin(fold); s < all.folds.end(fold); ++s)
      target[static_cast<std::size_t>(s)] = 1e3 * target[static_cast<std::size_t>(s)] + 7;
  for (const auto method : both) {
    const auto before = cross_validate(kernel, all.problem(), {1e-4, 1e-3}, method);
    const auto after = cross_validate(kernel, other.problem(), {1e-4, 1e-3}, method);
    for (std::size_t i = 0; i < 2; ++i)
      for (std::size_t t = 0; t < 2; ++t)
        for (std::int64_t s = 0; s < n; ++s) {
          const bool held = s >= all.folds.begin(fold) && s < all.folds.end(fold);
          const auto at = static_cast<std::size_t>(s);
          ASSERT_EQ(before[i].energies[t][at] == after[i].energies[t][at], held) << s;
        }
  }
}

TEST(CrossValidation, NothingOfAFoldReachesItsPredictions) {
  check_leaks(26, 4, 2);
  check_leaks(13, 13, 5);
  check_leaks(530, 2, 1);
}

TEST(CrossValidation, ALambdaThatFailsFailsAlone) {
  const auto world = parallel::Communicator::world();
  const ProcessGrid grid(world, linalg::choose_grid(world.size()));
  Case all(12, 3);
  all.structures[7] = all.structures[2]; // duplicates: singular without regularisation
  const auto kernel = lower_kernel(grid, kernel_values(grid, all.structures), 12, 4);
  for (const auto method : both) {
    const auto found = cross_validate(kernel, all.problem(), {0.0, 1e-3}, method);
    EXPECT_NE(found[0].failure.find("not positive definite"), std::string::npos) << found[0].failure;
    EXPECT_NE(found[0].failure.find("`regularization`"), std::string::npos);
    EXPECT_TRUE(found[0].energies.empty());
    EXPECT_EQ(found[1].failure, "");
    EXPECT_EQ(found[1].energies.front().size(), 12U);
    EXPECT_THROW(cross_validate(kernel, all.problem(), {0.0}, method), NumericalError);
  }
}

// The least eigenvalue is positive, exactly known, and below the rounding of the others.
TEST(CrossValidation, ADirectionThatIsRoundingIsRefused) {
  const auto world = parallel::Communicator::world();
  const ProcessGrid grid(world, linalg::choose_grid(world.size()));
  const Case all(12, 3);
  std::vector<double> kernel(12 * 12, 0.0);
  for (std::size_t i = 0; i < 12; ++i)
    kernel[i * 13] = i == 7 ? 1e-17 : 1.0;
  const auto found =
      cross_validate(lower_kernel(grid, kernel, 12, 4), all.problem(), {0.0, 1e-3}, ValidationMethod::eigen);
  EXPECT_NE(found[0].failure.find("does not exceed rounding"), std::string::npos) << found[0].failure;
  EXPECT_EQ(found[1].failure, "");
}

TEST(CrossValidation, AKernelThatIsNotFiniteIsRefused) {
  const auto world = parallel::Communicator::world();
  const ProcessGrid grid(world, linalg::choose_grid(world.size()));
  const Case all(12, 3);
  auto values = kernel_values(grid, all.structures);
  values[12 * 3 + 9] = std::numeric_limits<double>::quiet_NaN();
  for (const auto method : both)
    EXPECT_THROW(
        cross_validate(linalg::scatter(grid, values, 12, 12, 4), all.problem(), {1e-3, 1e-2}, method),
        NumericalError);
}

// The baseline of one fold fails, on whichever rank fits it.
TEST(CrossValidation, AllRanksLearnOfABaselineThatFails) {
  const auto world = parallel::Communicator::world();
  const ProcessGrid grid(world, linalg::choose_grid(world.size()));
  const Case all(12, 3);
  auto problem = all.problem();
  const double first = all.energies[0][4]; // fold 1 begins at 4
  problem.baseline = [first](std::span<const Structure>, std::span<const double> energies, std::size_t) {
    if (std::find(energies.begin(), energies.end(), first) == energies.end())
      throw DataError("no baseline");
    return Baseline();
  };
  EXPECT_THROW(cross_validate(lower_kernel(grid, kernel_values(grid, all.structures), 12, 4), problem, {1e-3},
                              ValidationMethod::inverse),
               parallel::AgreedError);
}

} // namespace
} // namespace soapstone::regression
