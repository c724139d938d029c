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

kernel::KernelSum run_features(Session& session, const std::vector<kernel::KernelSpec>& kernels,
                               std::span<const structure::Structure> structures, std::int64_t block,
                               std::int64_t memory) {
  session.stages().expect(static_cast<double>(environments(kernels, structures)), "environments");
  auto features = session.stages().run("features", [&](const Progress& progress) {
    return kernel::KernelSum(session.grid(), kernels, structures, block, memory, progress);
  });
  session.stages().did(static_cast<double>(features.environments()), "environments");
  return features;
}

linalg::DistributedMatrix run_assembly(Session& session, kernel::KernelSum& features,
                                       std::int64_t row_memory) {
  const auto n = static_cast<double>(features.structures());
  session.stages().expect(n * (n + 1) / 2, "pairs");
  auto matrix = session.stages().run(
      "kernel", [&](const Progress& progress) { return features.assemble(row_memory, progress); });
  session.stages().did(n * (n + 1) / 2, "pairs", parallel::all_reduce(session.comm(), features.flops()));
  return matrix;
}

} // namespace soapstone::app
