// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/workflow/kernel_matrix.hpp"

#include "soapstone/h5/file.hpp"
#include "soapstone/linalg/cholesky.hpp"
#include "soapstone/parallel/collectives.hpp"
#include "soapstone/planning/command_needs.hpp"
#include "soapstone/workflow/kernel_stages.hpp"

#include <algorithm>

namespace soapstone::workflow {

using linalg::DistributedMatrix;
using Structures = std::span<const structure::Structure>;

namespace {

h5::Part part_of(const linalg::BlockCyclic& indices) {
  const auto block = static_cast<std::uint64_t>(indices.block()),
             size = static_cast<std::uint64_t>(indices.size());
  if (indices.me() < 0)
    return {size, block, block, size};
  return {static_cast<std::uint64_t>(indices.me()) * block, block,
          block * static_cast<std::uint64_t>(indices.processes()), size};
}

planning::MemoryBudget require_kernel_memory(const Context& context,
                                             const std::vector<kernel::KernelSpec>& kernels,
                                             Structures structures, Structures against) {
  return planning::require_memory(context.stages.log(), context.machine,
                                  planning::kernel_command_need(kernels, structures, against));
}

} // namespace

DistributedMatrix kernel_among(const Context& context, const std::vector<kernel::KernelSpec>& kernels,
                               Structures structures) {
  const auto budget = require_kernel_memory(context, kernels, structures, {});
  const auto block = context.machine.block_size(static_cast<std::int64_t>(structures.size()));
  auto sum = run_features(context, kernels, structures, block, budget.features);
  auto matrix = run_assembly(context.stages, sum, budget.rows);
  linalg::mirror_lower_to_upper(matrix);
  return matrix;
}

DistributedMatrix kernel_between(const Context& context, const std::vector<kernel::KernelSpec>& kernels,
                                 Structures rows, Structures cols) {
  const auto budget = require_kernel_memory(context, kernels, cols, rows);
  const auto block =
      context.machine.block_size(static_cast<std::int64_t>(std::max(rows.size(), cols.size())));
  const auto memory = budget.features / 2; // for each of the two sides
  auto& stages = context.stages;
  auto of_cols = run_features(context, kernels, cols, block, memory);
  const auto of_rows = run_features(context, kernels, rows, block, memory);
  auto matrix = stages.run("kernel", [&](const Progress& progress) {
    return of_cols.assemble_against(of_rows, budget.rows, progress);
  });
  stages.did(static_cast<double>(cols.size()) * static_cast<double>(rows.size()), "pairs",
             parallel::all_reduce(stages.comm(), of_cols.flops()));
  return matrix;
}

void write_transposed(Stages& stages, const DistributedMatrix& matrix, const std::string& path,
                      const std::string& rows, const std::string& columns) {
  stages.run("write", [&](const Progress&) {
    h5::ParallelWriter file(stages.comm(), path);
    file.write("/kernel", part_of(matrix.cols()), part_of(matrix.rows()), matrix.local());
    file.attribute("/kernel", "rows", rows);
    file.attribute("/kernel", "columns", columns);
    file.commit();
  });
}

} // namespace soapstone::workflow
