// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/regression/solver_choice.hpp"

#include "soapstone/base/error.hpp"

#include <gtest/gtest.h>

namespace soapstone::regression {
namespace {

TEST(SolverChoice, TakesTheSmallerOfPrimalAndDual) {
  EXPECT_EQ(choose_solver(std::nullopt, {1000, {{1, 999}}, true}), SolverKind::primal);
  EXPECT_EQ(choose_solver(std::nullopt, {1000, {{1, 1000}}, true}), SolverKind::cholesky);
  EXPECT_EQ(choose_solver(std::nullopt, {5000, {{2, 99}}, true}), SolverKind::primal); // 4950 products
  EXPECT_EQ(choose_solver(std::nullopt, {5000, {{2, 100}}, true}), SolverKind::cholesky);
}

TEST(SolverChoice, IteratesWhenTheMatrixDoesNotFit) {
  EXPECT_EQ(choose_solver(std::nullopt, {100000, {{2, 800}}, false}), SolverKind::iterative);
  EXPECT_EQ(choose_solver(std::nullopt, {100000, {{3, 800}}, false}), SolverKind::cholesky);
  EXPECT_EQ(choose_solver(std::nullopt, {100000, {{2, 800}, {1, 300}}, false}), SolverKind::iterative);
  EXPECT_EQ(choose_solver(std::nullopt, {100000, {{2, 800}, {3, 300}}, false}), SolverKind::cholesky);
}

TEST(SolverChoice, DoesWhatItIsToldOrRefuses) {
  const SolverProblem one{1000, {{2, 10}}, true}, cubic{1000, {{3, 10}}, true},
      two{1000, {{2, 10}, {1, 7}}, true}, with_cubic{1000, {{2, 10}, {3, 7}}, true};
  EXPECT_EQ(choose_solver(SolverKind::cholesky, one), SolverKind::cholesky);
  EXPECT_EQ(choose_solver(SolverKind::primal, one), SolverKind::primal);
  EXPECT_EQ(choose_solver(SolverKind::iterative, one), SolverKind::iterative);
  EXPECT_THROW(choose_solver(SolverKind::primal, cubic), ConfigError);
  EXPECT_EQ(choose_solver(SolverKind::iterative, two), SolverKind::iterative);
  EXPECT_EQ(two.primal_unknowns(), 55 + 7);
  EXPECT_THROW(choose_solver(SolverKind::iterative, with_cubic), ConfigError);
}

TEST(PreconditionerColumns, StayWithinUnknownsStructuresAndMemory) {
  EXPECT_EQ(choose_preconditioner_columns(std::nullopt, {1000, {{2, 800}}, false}, std::int64_t{1} << 40),
            1000);
  EXPECT_EQ(choose_preconditioner_columns(std::nullopt, {100000, {{2, 10}}, false}, std::int64_t{1} << 40),
            55);
  EXPECT_EQ(choose_preconditioner_columns(std::nullopt, {100000, {{2, 800}}, false}, 8 * 300 * 300), 300);
  EXPECT_EQ(choose_preconditioner_columns(std::nullopt, {100000, {{2, 800}}, false}, std::int64_t{1} << 40),
            20000);
  EXPECT_EQ(choose_preconditioner_columns(1234, {100000, {{2, 800}}, false}, 0), 1234);
}

TEST(SolverKind, HasTheNameOfItsOption) {
  EXPECT_EQ(to_string(SolverKind::cholesky), "cholesky");
  EXPECT_EQ(to_string(SolverKind::primal), "primal");
  EXPECT_EQ(to_string(SolverKind::iterative), "cg");
}

} // namespace
} // namespace soapstone::regression
