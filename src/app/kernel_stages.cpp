// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/app/kernel_stages.hpp"

#include "soapstone/parallel/collectives.hpp"

namespace soapstone::app {

namespace {

/// Rows of features of all kernels: atoms, or for zeta = 1 structures.
std::size_t environments(const std::vector<kernel::KernelSpec>& kernels,
                         std::span<const structure::Structure> structures) {
  std::size_t atoms = 0, rows = 0;
  for (const auto& structure : structures)
    atoms += structure.size();
  for (const auto& spec : kernels)
    rows += spec.zeta == 1 ? structures.size() : atoms;
  return rows;
}

} // namespace

kernel::KernelSum run_features(const Context& context, const std::vector<kernel::KernelSpec>& kernels,
                               std::span<const structure::Structure> structures, std::int64_t block,
                               std::int64_t memory) {
  auto& stages = context.stages;
  stages.expect(static_cast<double>(environments(kernels, structures)), "environments");
  auto features = stages.run("features", [&](const Progress& progress) {
    return kernel::KernelSum(context.grid, kernels, structures, block, memory, progress);
  });
  stages.did(static_cast<double>(features.environments()), "environments");
  return features;
}

linalg::DistributedMatrix run_assembly(Stages& stages, kernel::KernelSum& features, std::int64_t row_memory) {
  const auto n = static_cast<double>(features.structures());
  stages.expect(n * (n + 1) / 2, "pairs");
  auto matrix =
      stages.run("kernel", [&](const Progress& progress) { return features.assemble(row_memory, progress); });
  stages.did(n * (n + 1) / 2, "pairs", parallel::all_reduce(stages.comm(), features.flops()));
  return matrix;
}

} // namespace soapstone::app
