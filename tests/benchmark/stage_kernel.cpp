// SPDX-License-Identifier: BSD-3-Clause
#include "samples.hpp"
#include "soapstone/base/text.hpp"
#include "soapstone/kernel/assembly.hpp"
#include "soapstone/linalg/distributed_matrix.hpp"
#include "stages.hpp"

#include <cmath>

namespace soapstone::benchmark {

namespace {

void assemble(const Settings& settings, const std::string& name, const kernel::FeatureStore& store,
              Sheet& sheet) {
  const auto n = store.structures();
  double flops = 0;
  const double seconds = best_seconds(
      sheet.comm(), settings.pick(1, 2, 2),
      [&] { return linalg::DistributedMatrix(store.grid(), n, n, store.block()); },
      [&](linalg::DistributedMatrix& matrix) {
        flops = kernel::assemble_kernel(matrix, store, store, kernel::AssemblyOptions());
      });
  const auto pairs = 0.5 * static_cast<double>(n) * static_cast<double>(n + 1);
  sheet.add({name, format("N=%lld", static_cast<long long>(n)), seconds, pairs / seconds, "molecule pairs/s",
             1e-9 * parallel::all_reduce(sheet.comm(), flops) / seconds});
}

/// As many made-up molecules as make a kernel of about this many operations, in multiples of 64.
std::int64_t molecules_for(double flops, std::int64_t width) {
  const double environments = std::sqrt(flops / static_cast<double>(width));
  return std::max<std::int64_t>(2, std::llround(environments / atoms_per_molecule / 64)) * 64;
}

void assemble_made_up(const Settings& settings, const linalg::ProcessGrid& grid, std::int64_t width,
                      double flops, Sheet& sheet) {
  const auto molecules = made_up_molecules(molecules_for(flops, width));
  const auto block = linalg::choose_block_size(static_cast<std::int64_t>(molecules.size()), grid.shape());
  assemble(settings, format("kernel width %lld", static_cast<long long>(width)),
           kernel::FeatureStore(grid, molecules, block, made_up_features(width)), sheet);
}

} // namespace

void bench_kernel(const Settings& settings, const linalg::ProcessGrid& grid, Sheet& sheet) {
  const double work = 1e9 * static_cast<double>(settings.pick(2, 20, 400));
  for (const std::int64_t width : {128, 256, 512, 1000, 4000})
    if (settings.effort != Effort::smoke || width <= 256)
      assemble_made_up(settings, grid, width, work, sheet);
  if (settings.effort == Effort::large) // more block columns share the triangle evenly
    assemble_made_up(settings, grid, 512, 8 * work, sheet);
  const auto molecules = read_molecules(settings.data, settings.pick(64, 256, 640));
  const auto block = linalg::choose_block_size(static_cast<std::int64_t>(molecules.size()), grid.shape());
  const auto features = kernel::make_features(organic_kernel(8, 6));
  assemble(settings, "kernel SOAP n8 l6", kernel::FeatureStore(grid, molecules, block, features), sheet);
}

} // namespace soapstone::benchmark
