// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/app/kernel_stages.hpp"

#include "soapstone/parallel/collectives.hpp"

namespace soapstone::app {

kernel::KernelSum run_features(Session& session, const std::vector<kernel::KernelSpec>& kernels,
                               std::span<const structure::Structure> structures, std::int64_t block,
                               std::int64_t memory) {
  auto features = session.timer().run("features", [&](const Progress& progress) {
    return kernel::KernelSum(session.grid(), kernels, structures, block, memory, progress);
  });
  session.timer().did(static_cast<double>(features.environments()), "environments");
  return features;
}

linalg::DistributedMatrix run_assembly(Session& session, kernel::KernelSum& features,
                                       std::int64_t row_memory) {
  auto matrix = session.timer().run(
      "kernel", [&](const Progress& progress) { return features.assemble(row_memory, progress); });
  const auto n = static_cast<double>(features.structures());
  session.timer().did(n * (n + 1) / 2, "pairs", parallel::all_reduce(session.comm(), features.flops()));
  return matrix;
}

} // namespace soapstone::app
