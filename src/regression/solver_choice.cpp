// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/regression/solver_choice.hpp"

#include "soapstone/base/error.hpp"
#include "soapstone/base/text.hpp"

#include <algorithm>
#include <cmath>

namespace soapstone::regression {

namespace {

constexpr std::int64_t most_columns =
    20000; // beyond, the preconditioner costs more than the iterations it saves

bool has_primal(const SolverProblem& problem) {
  return std::all_of(problem.kernels.begin(), problem.kernels.end(),
                     [](const auto& kernel) { return kernel.zeta <= 2; });
}

} // namespace

std::int64_t SolverProblem::primal_unknowns() const {
  std::int64_t sum = 0;
  for (const auto& one : kernels)
    sum += kernel::PrimalRows::possible(one.zeta, one.width);
  return sum;
}

SolverKind choose_solver(std::optional<SolverKind> wanted, const SolverProblem& problem) {
  if (wanted && *wanted != SolverKind::cholesky && !has_primal(problem))
    throw ConfigError("`solver` = " + to_string(*wanted) + " takes kernels with `zeta` 1 or 2: use cholesky",
                      "solver");
  if (wanted)
    return *wanted;
  if (has_primal(problem) && problem.primal_unknowns() < problem.structures)
    return SolverKind::primal;
  if (problem.dense_fits || !has_primal(problem))
    return SolverKind::cholesky; // where it does not fit, the memory check says so
  return SolverKind::iterative;
}

std::int64_t choose_preconditioner_columns(std::optional<std::int64_t> wanted, const SolverProblem& problem,
                                           std::int64_t bytes) {
  if (wanted)
    return std::min(*wanted, problem.primal_unknowns());
  const auto affordable = static_cast<std::int64_t>(
      std::sqrt(static_cast<double>(std::max<std::int64_t>(bytes, 8)) / sizeof(double)));
  return std::max<std::int64_t>(
      1, std::min({problem.primal_unknowns(), problem.structures, most_columns, affordable}));
}

std::string to_string(SolverKind kind) {
  switch (kind) {
  case SolverKind::cholesky:
    return "cholesky";
  case SolverKind::primal:
    return "primal";
  case SolverKind::iterative:
    return "cg";
  }
  throw InternalError("unnamed solver");
}

} // namespace soapstone::regression
