// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/regression/primal.hpp"

#include "../kernel/fake_features.hpp"
#include "soapstone/base/error.hpp"
#include "soapstone/kernel/assembly.hpp"
#include "soapstone/kernel/tile.hpp"
#include "soapstone/regression/conjugate_gradient.hpp"
#include "soapstone/regression/krr.hpp"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>
#include <limits>

namespace soapstone::regression {
namespace {

using namespace kernel::testing;
using kernel::FeatureStore;

const features::FeatureLayout layout{{segment_widths.begin(), segment_widths.end()}};

/// A problem and its solution by the dense dual: the reference of the other two.
struct Problem {
  Problem(const linalg::ProcessGrid& grid, int degree, std::int64_t n)
      : features([degree](std::span<const structure::Structure> part) {
          return degree == 1 ? kernel::structure_means(fake_features(part)) : fake_features(part);
        }),
        training(fake_structures(n, 1)), fresh(fake_structures(40, 2)), store(grid, training, 8, features),
        fresh_store(grid, fresh, 8, features), terms{{&store, degree, layout}}, fresh_terms{{&fresh_store,
                                                                                             degree,
                                                                                             layout}} {
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
  kernel::PrimalTerms terms, fresh_terms;
  std::vector<double> y, predicted;
  Fit fit;
  double lambda = 0;
};

TEST(Primal, HasTheSolutionOfTheDual) {
  const auto world = parallel::Communicator::world();
  const linalg::ProcessGrid grid(world, linalg::choose_grid(world.size()));
  for (const int degree : {1, 2}) {
    const Problem problem(grid, degree, 200);
    EXPECT_NEAR(problem.lambda, 1e-4 * kernel::mean_self_kernel(problem.terms), 1e-12);
    PrimalRidge ridge(problem.terms, kernel::SumColumns::all(problem.terms), 16);
    ridge.factorize(problem.lambda);
    auto forms = kernel::zero_forms(problem.terms, 1);
    EXPECT_LT(solve_primal(problem.terms, ridge, problem.y, forms), 3);
    const auto predicted = kernel::evaluate_forms(problem.fresh_terms, forms);
    for (std::size_t i = 0; i < predicted.size(); ++i) // the targets' spread is about 1
      EXPECT_NEAR(predicted[i], problem.predicted[i], 1e-8);
  }
}

TEST(ConjugateGradient, HasTheSolutionOfTheDual) {
  const auto world = parallel::Communicator::world();
  const linalg::ProcessGrid grid(world, linalg::choose_grid(world.size()));
  const Problem problem(grid, 2, 150);
  for (const std::int64_t columns : {100, 140, 153}) {
    PrimalRidge preconditioner(problem.terms, kernel::SumColumns::most_important(problem.terms, columns), 16);
    preconditioner.factorize(problem.lambda);
    int watched = 0;
    const auto solution =
        solve_iteratively(problem.terms, preconditioner, problem.y, problem.fresh_terms, {2000, 1e-11},
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
  PrimalRidge preconditioner(problem.terms, kernel::SumColumns::most_important(problem.terms, 100), 16);
  preconditioner.factorize(problem.lambda);
  const auto solve = [&](const IterationLimits& limits) {
    return solve_iteratively(problem.terms, preconditioner, problem.y, {}, limits);
  };
  const auto whole = solve({2000, 1e-9});
  const auto usable = std::find_if(whole.history.begin(), whole.history.end(),
                                   [](const auto& record) { return record.residual < 0.05; });
  ASSERT_LT(usable, whole.history.end() - 1);
  const auto solution = solve({usable->iteration, 1e-13});
  EXPECT_FALSE(solution.converged);
  EXPECT_EQ(static_cast<int>(solution.history.size()), usable->iteration);
  EXPECT_NEAR(solution.residual, usable->residual, 1e-6);
}

TEST(Primal, TellsAWrongSolutionFromARightOne) {
  const auto world = parallel::Communicator::world();
  const linalg::ProcessGrid grid(world, linalg::choose_grid(world.size()));
  const Problem problem(grid, 2, 100);
  PrimalRidge ridge(problem.terms, kernel::SumColumns::all(problem.terms), 16);
  ridge.factorize(problem.lambda);
  std::vector<double> b;
  for (std::int64_t i = 0; i < ridge.columns().count(); ++i)
    b.push_back(std::sin(static_cast<double>(i)));
  auto x = ridge.solve(b);
  EXPECT_LT(ridge.backward_error(b, x), 3);
  x[0] *= 1 + 1e-6;
  EXPECT_GT(ridge.backward_error(b, x), max_backward_error);
  x[0] = std::numeric_limits<double>::quiet_NaN();
  EXPECT_FALSE(ridge.backward_error(b, x) < max_backward_error);
}

// Probes that no coefficient moves: only the residual tells that the first steps are no solution.
TEST(ConjugateGradient, DoesNotTakeStillPredictionsForASolution) {
  const auto world = parallel::Communicator::world();
  const linalg::ProcessGrid grid(world, linalg::choose_grid(world.size()));
  const Problem problem(grid, 2, 150);
  const kernel::FeatureStore still(grid, problem.fresh, 8, [&](std::span<const structure::Structure> part) {
    auto block = fake_features(part);
    for (auto& group : block.groups)
      for (auto& value : group.values)
        value *= 1e-12;
    return block;
  });
  PrimalRidge preconditioner(problem.terms, kernel::SumColumns::most_important(problem.terms, 5), 16);
  preconditioner.factorize(problem.lambda);
  const auto solution =
      solve_iteratively(problem.terms, preconditioner, problem.y, {{&still, 2, layout}}, {2000, 1e-6});
  EXPECT_TRUE(solution.converged);
  EXPECT_LE(solution.residual, max_settled_residual);
  EXPECT_GT(solution.history[1].residual,
            max_settled_residual); // where still predictions alone would have stopped
}

TEST(ConjugateGradient, RefusesWhatIsNoSolution) {
  const auto world = parallel::Communicator::world();
  const linalg::ProcessGrid grid(world, linalg::choose_grid(world.size()));
  const Problem problem(grid, 2, 150);
  PrimalRidge preconditioner(problem.terms, kernel::SumColumns::most_important(problem.terms, 5), 16);
  preconditioner.factorize(problem.lambda);
  EXPECT_THROW(solve_iteratively(problem.terms, preconditioner, problem.y, {}, {1, 1e-13}), NumericalError);
  // A residual that says of itself that it is small, of coefficients that are somewhere else.
  IterationState false_state;
  const auto keep = [&](const IterationState& state) { false_state = state; };
  solve_iteratively(problem.terms, preconditioner, problem.y, {}, {2000, 1e-9}, {}, {nullptr, keep});
  for (double& x : false_state.x)
    x *= 1.5;
  EXPECT_THROW(
      solve_iteratively(problem.terms, preconditioner, problem.y, {}, {2000, 1e-9}, {}, {&false_state, {}}),
      NumericalError);
  false_state.x[0] = std::numeric_limits<double>::quiet_NaN();
  EXPECT_THROW(
      solve_iteratively(problem.terms, preconditioner, problem.y, {}, {2000, 1e-9}, {}, {&false_state, {}}),
      NumericalError);
}

// Stopped between any two iterations and taken up again: the same to the bit.
TEST(ConjugateGradient, GoesOnWhereItWasStopped) {
  const auto world = parallel::Communicator::world();
  const linalg::ProcessGrid grid(world, linalg::choose_grid(world.size()));
  const Problem problem(grid, 2, 150);
  PrimalRidge preconditioner(problem.terms, kernel::SumColumns::most_important(problem.terms, 100), 16);
  preconditioner.factorize(problem.lambda);
  std::vector<IterationState> states;
  const auto solve = [&](const IterationContinuation& continuation) {
    return solve_iteratively(problem.terms, preconditioner, problem.y, problem.fresh_terms, {2000, 1e-9}, {},
                             continuation);
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
  PrimalRidge preconditioner(problem.terms, kernel::SumColumns::all(problem.terms), 16);
  preconditioner.factorize(problem.lambda);
  const auto solution =
      solve_iteratively(problem.terms, preconditioner, std::vector<double>(30, 0.0), {}, {});
  EXPECT_TRUE(solution.converged);
  EXPECT_EQ(solution.coefficients, std::vector<double>(30, 0.0));
}

/// A sum of three kernels of exponents 1 and 2, two of them over the same features.
struct SumProblem {
  static constexpr std::int64_t n = 200;
  explicit SumProblem(const linalg::ProcessGrid& grid)
      : linear(grid, 1, n), quadratic(grid, 2, n), terms{{&linear.store, 1, layout, 0.3},
                                                         {&quadratic.store, 2, layout, 0.5},
                                                         {&quadratic.store, 2, layout, 0.2}},
        fresh_terms{{&linear.fresh_store, 1, layout, 0.3},
                    {&quadratic.fresh_store, 2, layout, 0.5},
                    {&quadratic.fresh_store, 2, layout, 0.2}} {
    linalg::DistributedMatrix matrix(grid, n, n, 8);
    for (const auto& term : terms)
      kernel::assemble_kernel(matrix, *term.store, *term.store,
                              {term.degree, term.weight, kernel::Extent::lower, 1 << 20});
    KernelRidge ridge(std::move(matrix), 1e-4, [](std::int64_t) { return std::string(); });
    ridge.factorize();
    for (const auto* part : {&linear.y, &quadratic.y}) // two targets
      y.insert(y.end(), part->begin(), part->end());
    coefficients = ridge.solve(y, 2).coefficients;
    lambda = ridge.lambda();
    auto forms = kernel::zero_forms(terms, 2);
    kernel::build_forms(terms, coefficients, forms);
    predicted = kernel::evaluate_forms(fresh_terms, forms);
  }
  Problem linear, quadratic;
  kernel::PrimalTerms terms, fresh_terms;
  std::vector<double> y, coefficients, predicted;
  double lambda = 0;
};

TEST(Primal, OfASumHasTheSolutionOfTheDual) {
  const auto world = parallel::Communicator::world();
  const linalg::ProcessGrid grid(world, linalg::choose_grid(world.size()));
  const SumProblem problem(grid);
  EXPECT_NEAR(problem.lambda, 1e-4 * kernel::mean_self_kernel(problem.terms), 1e-12);
  PrimalRidge ridge(problem.terms, kernel::SumColumns::all(problem.terms), 16);
  ridge.factorize(problem.lambda);
  auto forms = kernel::zero_forms(problem.terms, 2);
  EXPECT_LT(solve_primal(problem.terms, ridge, problem.y, forms), 3);
  const auto predicted = kernel::evaluate_forms(problem.fresh_terms, forms);
  for (std::size_t i = 0; i < predicted.size(); ++i)
    EXPECT_NEAR(predicted[i], problem.predicted[i], 1e-8);
}

TEST(ConjugateGradient, OfASumHasTheSolutionOfTheDual) {
  const auto world = parallel::Communicator::world();
  const linalg::ProcessGrid grid(world, linalg::choose_grid(world.size()));
  const SumProblem problem(grid);
  for (const std::int64_t columns : {2, 20, 150, 323}) { // 17 + 153 + 153 in all; of 2 some kernels have none
    PrimalRidge preconditioner(problem.terms, kernel::SumColumns::most_important(problem.terms, columns), 16);
    preconditioner.factorize(problem.lambda);
    for (std::size_t t = 0; t < 2; ++t) {
      const auto solution = solve_iteratively(problem.terms, preconditioner,
                                              std::span(problem.y).subspan(t * problem.n, problem.n),
                                              problem.fresh_terms, {4000, 1e-11});
      EXPECT_TRUE(solution.converged);
      if (columns == 323) {
        EXPECT_LE(solution.history.size(), 5U); // the preconditioner is then the exact inverse
      }
      auto forms = kernel::zero_forms(problem.terms, 1);
      kernel::build_forms(problem.terms, solution.coefficients, forms);
      const auto predicted = kernel::evaluate_forms(problem.fresh_terms, forms);
      for (std::size_t i = 0; i < predicted.size(); ++i)
        EXPECT_NEAR(predicted[i], problem.predicted[t * predicted.size() + i], 1e-8);
    }
  }
}

} // namespace
} // namespace soapstone::regression
