// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/base/text.hpp"
#include "soapstone/linalg/cholesky.hpp"
#include "stages.hpp"

#include <cstdlib>
#include <optional>

namespace soapstone::benchmark {

namespace {

using linalg::DistributedMatrix;

/// 1 / (1 + |i - j|) with a large diagonal: positive definite, and made at the speed of memory.
DistributedMatrix definite_matrix(const linalg::ProcessGrid& grid, std::int64_t n) {
  DistributedMatrix matrix(grid, n, n, linalg::choose_block_size(n, grid.shape()));
  const auto &rows = matrix.rows(), &cols = matrix.cols();
  std::vector<std::int64_t> row_of;
  for (std::int64_t i = 0; i < rows.local_size(); ++i)
    row_of.push_back(rows.to_global(i));
  for (std::int64_t j = 0; j < cols.local_size(); ++j)
    for (std::int64_t i = 0; i < rows.local_size(); ++i) {
      const auto distance = std::abs(row_of[static_cast<std::size_t>(i)] - cols.to_global(j));
      matrix.at_local(i, j) = 1.0 / static_cast<double>(1 + distance);
    }
  linalg::add_to_diagonal(matrix, 100.0);
  return matrix;
}

void bench_order(const Settings& settings, const linalg::ProcessGrid& grid, std::int64_t order,
                 Sheet& sheet) {
  const auto n = static_cast<double>(order);
  const auto size = format("N=%lld", static_cast<long long>(order));
  std::optional<DistributedMatrix> factor;
  const double factorise = best_seconds(
      sheet.comm(), order > 4000 ? 1 : settings.pick(1, 2, 3),
      [&] { return &factor.emplace(definite_matrix(grid, order)); },
      [](DistributedMatrix* matrix) { linalg::cholesky_factorize(*matrix); });
  sheet.add({"Cholesky", size, factorise, 0, "", 1e-9 * n * n * n / 3 / factorise});
  const std::vector<double> ones(static_cast<std::size_t>(order), 1.0);
  const double solve = best_seconds(
      sheet.comm(), 2, [&] { return linalg::scatter(grid, ones, order, 1, factor->rows().block()); },
      [&](DistributedMatrix& rhs) { linalg::cholesky_solve(*factor, rhs); });
  sheet.add({"solve (one right-hand side)", size, solve, 8e-9 * n * n / solve, "GB/s of factor read",
             2e-9 * n * n / solve});
}

} // namespace

void bench_cholesky(const Settings& settings, const linalg::ProcessGrid& grid, Sheet& sheet) {
  std::vector<std::int64_t> orders{2000, 4000, 8000};
  if (settings.effort == Effort::smoke)
    orders = {500};
  else if (settings.effort == Effort::quick)
    orders.pop_back();
  else if (settings.effort == Effort::large)
    orders.push_back(16000);
  for (const auto order : orders)
    bench_order(settings, grid, order, sheet);
}

} // namespace soapstone::benchmark
