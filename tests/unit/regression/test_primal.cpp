// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/regression/primal.hpp"

#include "../kernel/fake_features.hpp"
#include "soapstone/kernel/assembly.hpp"
#include "soapstone/kernel/tile.hpp"
#include "soapstone/regression/conjugate_gradient.hpp"
#include "soapstone/regression/krr.hpp"

#include <cmath>
#include <gtest/gtest.h>

namespace soapstone::regression {
namespace {

using namespace kernel::testing;
using kernel::FeatureStore;

const soap::FeatureLayout layout{{segment_widths.begin(), segment_widths.end()}};

/// A problem and its solution by the dense dual: the reference of the other two.
struct Problem {
  Problem(const linalg::ProcessGrid& grid, int degree, std::int64_t n)
      : features([degree](std::span<const structure::Structure> part) {
          return degree == 1 ? kernel::structure_means(fake_features(part)) : fake_features(part);
        }),
        training(fake_structures(n, 1)), fresh(fake_structures(40, 2)), store(grid, training, 8, features),
        fresh_store(grid, fresh, 8, features) {
    for (const auto& structure :
         training) // smooth, as energies are: a function that the kernel can represent, and a little noise
      y.push_back(2 * brute_kernel(structure, fresh[0], degree) -
                  3 * brute_kernel(structure, fresh[1], degree) +
                  0.01 * std::sin(1e3 * structure.positions[0][0]));
    linalg::DistributedMatrix matrix(grid, n, n, 8);
    kernel::assemble_kernel(matrix, store, store, {degree, 1.0, kernel::Extent::lower, 1 << 20});
    KernelRidge ridge(std::move(matrix), 1e-4, [](std::int64_t) { return std::string(); });
    ridge.factorize();
    fit = ridge.solve(y, 1);
    lambda = ridge.lambda();
    kernel::CompactForm form(degree, layout, 1);
    kernel::build_form(store, fit.coefficients, form);
    predicted = kernel::evaluate_form(fresh_store, form);
  }
  kernel::FeatureFunction features;
  std::vector<structure::Structure> training, fresh;
  FeatureStore store, fresh_store;
  std::vector<double> y, predicted;
  Fit fit;
  double lambda = 0;
};

TEST(Primal, HasTheSolutionOfTheDual) {
  const auto world = parallel::Communicator::world();
  const linalg::ProcessGrid grid(world, linalg::choose_grid(world.size()));
  for (const int degree : {1, 2}) {
    const Problem problem(grid, degree, 200);
    EXPECT_NEAR(problem.lambda, 1e-4 * kernel::mean_self_kernel(problem.store, degree), 1e-12);
    PrimalRidge ridge(problem.store, kernel::PrimalRows::all(degree, layout), 16);
    ridge.factorize(problem.lambda);
    kernel::CompactForm form(degree, layout, 1);
    solve_primal(problem.store, ridge, problem.y, form);
    const auto predicted = kernel::evaluate_form(problem.fresh_store, form);
    for (std::size_t i = 0; i < predicted.size(); ++i) // the targets' spread is about 1
      EXPECT_NEAR(predicted[i], problem.predicted[i], 1e-8);
  }
}

TEST(ConjugateGradient, HasTheSolutionOfTheDual) {
  const auto world = parallel::Communicator::world();
  const linalg::ProcessGrid grid(world, linalg::choose_grid(world.size()));
  const Problem problem(grid, 2, 150);
  for (const std::int64_t columns : {100, 140, 153}) {
    PrimalRidge preconditioner(problem.store,
                               kernel::PrimalRows::most_important(problem.store, layout, columns), 16);
    preconditioner.factorize(problem.lambda);
    int watched = 0;
    const auto solution = solve_iteratively(
        problem.store, preconditioner, layout, problem.y, &problem.fresh_store, {2000, 1e-11},
        [&](const IterationRecord& record) { EXPECT_EQ(record.iteration, ++watched); });
    EXPECT_TRUE(solution.converged);
    EXPECT_LT(solution.residual, 1e-8);
    EXPECT_EQ(static_cast<int>(solution.history.size()), watched);
    if (columns == 153) {
      EXPECT_LE(watched, 5); // the preconditioner is then the exact inverse
    }
    for (std::size_t i = 0; i < problem.y.size(); ++i)
      EXPECT_NEAR(solution.fitted[i], problem.fit.fitted[i], 1e-8);
    kernel::CompactForm form(2, layout, 1);
    kernel::build_form(problem.store, solution.coefficients, form);
    const auto predicted = kernel::evaluate_form(problem.fresh_store, form);
    for (std::size_t i = 0; i < predicted.size(); ++i)
      EXPECT_NEAR(predicted[i], problem.predicted[i], 1e-8);
  }
}

TEST(ConjugateGradient, SaysWhenItHasNotConverged) {
  const auto world = parallel::Communicator::world();
  const linalg::ProcessGrid grid(world, linalg::choose_grid(world.size()));
  const Problem problem(grid, 2, 150);
  PrimalRidge preconditioner(problem.store, kernel::PrimalRows::most_important(problem.store, layout, 5), 16);
  preconditioner.factorize(problem.lambda);
  const auto solution =
      solve_iteratively(problem.store, preconditioner, layout, problem.y, nullptr, {3, 1e-13});
  EXPECT_FALSE(solution.converged);
  EXPECT_EQ(solution.history.size(), 3U);
  EXPECT_GT(solution.residual, 1e-10);
}

// Stopped between any two iterations and taken up again: the same to the bit.
TEST(ConjugateGradient, GoesOnWhereItWasStopped) {
  const auto world = parallel::Communicator::world();
  const linalg::ProcessGrid grid(world, linalg::choose_grid(world.size()));
  const Problem problem(grid, 2, 150);
  PrimalRidge preconditioner(problem.store, kernel::PrimalRows::most_important(problem.store, layout, 100),
                             16);
  preconditioner.factorize(problem.lambda);
  std::vector<IterationState> states;
  const auto solve = [&](const IterationContinuation& continuation) {
    return solve_iteratively(problem.store, preconditioner, layout, problem.y, &problem.fresh_store,
                             {2000, 1e-9}, {}, continuation);
  };
  const auto whole = solve({nullptr, [&](const IterationState& state) { states.push_back(state); }});
  ASSERT_GT(states.size(), 3U);
  EXPECT_EQ(states.size() + 1, whole.history.size());
  for (const std::size_t at : {std::size_t{0}, states.size() / 2, states.size() - 1}) {
    const auto rest = solve({&states[at], {}});
    EXPECT_EQ(rest.coefficients, whole.coefficients);
    EXPECT_EQ(rest.fitted, whole.fitted);
    EXPECT_EQ(rest.history.size(), whole.history.size());
    EXPECT_EQ(rest.residual, whole.residual);
  }
}

TEST(ConjugateGradient, OfZeroTargetsIsZero) {
  const auto world = parallel::Communicator::world();
  const linalg::ProcessGrid grid(world, linalg::choose_grid(world.size()));
  const Problem problem(grid, 2, 30);
  PrimalRidge preconditioner(problem.store, kernel::PrimalRows::all(2, layout), 16);
  preconditioner.factorize(problem.lambda);
  const auto solution =
      solve_iteratively(problem.store, preconditioner, layout, std::vector<double>(30, 0.0), nullptr, {});
  EXPECT_TRUE(solution.converged);
  EXPECT_EQ(solution.coefficients, std::vector<double>(30, 0.0));
}

} // namespace
} // namespace soapstone::regression
