// SPDX-License-Identifier: BSD-3-Clause
// What the solvers say that they need, against what they take.
#include "needs.hpp"
#include "soapstone/kernel/compact_form.hpp"
#include "soapstone/kernel/kernel_gradient.hpp"
#include "soapstone/kernel/primal_sum.hpp"
#include "soapstone/linalg/cholesky.hpp"
#include "soapstone/regression/conjugate_gradient.hpp"
#include "soapstone/regression/kernel_file.hpp"
#include "soapstone/regression/krr.hpp"

#include <filesystem>

namespace soapstone {
namespace {

using namespace testing;

/// A primal problem of `d` features with exponent 2.
struct Primal {
  static constexpr std::int64_t n = 1200, block = 64, d = 480, targets = 3;
  static constexpr std::int64_t form = d * d;
  linalg::ProcessGrid grid = whole_grid();
  std::vector<structure::Structure> structures = structures_of(n);
  kernel::FeatureStore store{grid, structures, block, [](auto some) { return rows_of(some, d); }};
  kernel::PrimalTerms terms{{&store, 2, {{static_cast<std::int32_t>(d)}}}};
  std::vector<double> y;

  Primal() {
    for (std::int64_t i = 0; i < n * targets; ++i) // what features can learn
      y.push_back(structures[static_cast<std::size_t>(i % n)].positions[0][0]);
  }
  regression::PrimalRidge ridge(std::int64_t columns) const {
    regression::PrimalRidge ridge(terms, kernel::SumColumns::most_important(terms, columns), 64);
    ridge.factorize(1e6);
    return ridge;
  }
};

TEST(SolverNeeds, OfAChoiceOfColumns) {
  const Primal primal;
  const AllocationMeter meter;
  kernel::SumColumns::most_important(primal.terms, 500);
  expect_counted("choice of columns", meter, kernel::choice_memory(2, Primal::d));
}

TEST(SolverNeeds, OfAPrimalSolution) {
  const Primal primal;
  const auto ridge = primal.ridge(kernel::PrimalRows::possible(2, 40));
  auto forms = kernel::zero_forms(primal.terms, Primal::targets);
  const AllocationMeter meter;
  regression::solve_primal(primal.terms, ridge, primal.y, forms);
  expect_counted(
      "primal solution", meter,
      regression::primal_memory(Primal::n, Primal::form, ridge.columns().count(), Primal::targets));
}

TEST(SolverNeeds, OfAnIteration) {
  const Primal primal;
  const auto ridge = primal.ridge(500);
  const AllocationMeter meter;
  regression::solve_iteratively(primal.terms, ridge, std::span(primal.y).first(Primal::n), {},
                                {.max_iterations = 20, .prediction_tolerance = 1e-3});
  expect_counted("iteration", meter, regression::iteration_memory(Primal::n, Primal::form, 500));
}

TEST(SolverNeeds, OfADenseSolution) {
  constexpr std::int64_t n = 2000, block = 64, targets = 40;
  const auto grid = whole_grid();
  regression::KernelRidge ridge(kernel_on(grid, n, block), 1e-3,
                                [](std::int64_t i) { return std::to_string(i); });
  ridge.factorize();
  const std::vector<double> y(static_cast<std::size_t>(n * targets), 1);
  const AllocationMeter meter;
  ridge.solve(y, targets);
  expect_counted("dense solution", meter,
                 regression::solve_memory(n, targets) + linalg::panel_memory(n, n, grid.shape()));
}

TEST(SolverNeeds, OfAKernelThatIsWrittenAndRead) {
  constexpr std::int64_t n = 3000, block = 64;
  const auto grid = whole_grid();
  const auto matrix = kernel_on(grid, n, block);
  const auto path = (std::filesystem::temp_directory_path() / "soapstone_needs_kernel.h5").string();
  {
    const AllocationMeter meter;
    h5::ParallelWriter file(grid.all(), path);
    regression::write_lower_triangle(file, "/kernel", matrix);
    file.commit();
    expect_counted("kernel to file", meter, regression::lower_triangle_memory(n, block));
  }
  const AllocationMeter meter;
  const auto again = regression::read_lower_triangle(path, "/kernel", grid, n, block);
  expect_counted("kernel from file", meter,
                 regression::lower_triangle_memory(n, block) +
                     linalg::local_bytes(n, n, block, grid.shape()));
  if (grid.all().rank() == 0)
    std::filesystem::remove(path);
}

} // namespace
} // namespace soapstone
