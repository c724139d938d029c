// SPDX-License-Identifier: BSD-3-Clause
#include "samples.hpp"
#include "soapstone/base/text.hpp"
#include "soapstone/regression/conjugate_gradient.hpp"
#include "stages.hpp"

#include <cmath>

namespace soapstone::benchmark {

namespace {

using kernel::SumColumns;

void bench_gram(const Settings& settings, const linalg::ProcessGrid& grid, Sheet& sheet) {
  const auto width = settings.pick(16, 64, 128);
  const auto columns = width * (width + 1) / 2;
  const auto layout = kernel::dense_layout(width);
  const auto n = settings.pick(128, 1024, 2048);
  const auto block = linalg::choose_block_size(columns, grid.shape());
  const auto molecules = made_up_molecules(n);
  const kernel::FeatureStore store(grid, molecules, 128, made_up_features(width));
  const kernel::PrimalTerms terms{{&store, 2, layout}};
  double flops = 0;
  const double seconds = best_seconds(sheet.comm(), settings.pick(1, 2, 2), [&] {
    flops = regression::PrimalRidge(terms, SumColumns::all(terms), block).flops();
  });
  sheet.add({"primal gram",
             format("N=%lld F=%lld", static_cast<long long>(n), static_cast<long long>(columns)), seconds,
             static_cast<double>(n) / seconds, "structures/s",
             1e-9 * parallel::all_reduce(sheet.comm(), flops) / seconds});
}

/// Seconds of so many iterations together with what comes before and after them.
double iterate(const kernel::PrimalTerms& terms, const regression::PrimalRidge& preconditioner,
               const std::vector<double>& targets, int iterations, Sheet& sheet) {
  return best_seconds(sheet.comm(), 2, [&] {
    regression::solve_iteratively(terms, preconditioner, targets, {}, {iterations, 0.0});
  });
}

void bench_iteration(const Settings& settings, const linalg::ProcessGrid& grid, Sheet& sheet) {
  const auto width = settings.pick(32, 256, 512);
  const auto columns = settings.pick(100, 1000, 2000);
  const auto n = settings.pick(256, 1024, 1536);
  const auto layout = kernel::dense_layout(width);
  const auto molecules = made_up_molecules(n);
  const kernel::FeatureStore store(grid, molecules, 128, made_up_features(width));
  const kernel::PrimalTerms terms{{&store, 2, layout}};
  regression::PrimalRidge preconditioner(terms, SumColumns::most_important(terms, columns, 128),
                                         linalg::choose_block_size(columns, grid.shape()));
  preconditioner.factorize(10 * kernel::mean_self_kernel(terms)); // one iteration has to be a solution
  std::vector<double> targets;
  for (std::int64_t i = 0; i < n; ++i)
    targets.push_back(std::sin(static_cast<double>(i)));
  const double one = iterate(terms, preconditioner, targets, 1, sheet);
  const double three = iterate(terms, preconditioner, targets, 3, sheet);
  const double seconds = (three - one) / 2;
  const auto e = static_cast<double>(store.environments()), d = static_cast<double>(width);
  const auto f = static_cast<double>(columns);
  // K p and M^-1 r: a form and its values each (lower triangle only); and the factor's two triangular solves.
  const double flops = 4 * e * d * d + 2 * f * f;
  sheet.add({"one iteration of the iterative solver",
             format("N=%lld width=%lld F=%lld", static_cast<long long>(n), static_cast<long long>(width),
                    static_cast<long long>(columns)),
             seconds, static_cast<double>(n) / seconds, "structures/s", 1e-9 * flops / seconds});
}

} // namespace

void bench_primal(const Settings& settings, const linalg::ProcessGrid& grid, Sheet& sheet) {
  bench_gram(settings, grid, sheet);
  bench_iteration(settings, grid, sheet);
}

} // namespace soapstone::benchmark
