// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/app/memory_check.hpp"

#include "soapstone/base/text.hpp"
#include "soapstone/linalg/distributed_matrix.hpp"

#include <algorithm>

namespace soapstone::app {

namespace {

std::int64_t total_feature_bytes(const std::vector<kernel::KernelSpec>& kernels,
                                 std::span<const structure::Structure> structures) {
  std::int64_t sum = 0;
  for (const auto& spec : kernels)
    for (const auto& structure : structures)
      sum += kernel::feature_bytes(spec, structure);
  return sum;
}

std::string bytes(std::int64_t count) {
  return format_bytes(static_cast<double>(count));
}

} // namespace

MemoryNeed kernel_memory(const Session& session, const std::vector<kernel::KernelSpec>& kernels,
                         std::span<const structure::Structure> rows,
                         std::span<const structure::Structure> cols, std::int64_t block) {
  const auto shape = session.grid().shape();
  const bool symmetric = rows.data() == cols.data();
  const auto row_bytes = total_feature_bytes(kernels, rows);
  const auto col_bytes = symmetric ? 0 : total_feature_bytes(kernels, cols);
  MemoryNeed need;
  need.matrix = linalg::local_bytes(static_cast<std::int64_t>(rows.size()),
                                    static_cast<std::int64_t>(cols.size()), block, shape);
  need.features = (row_bytes + col_bytes) / (shape.rows * shape.cols);
  need.gathered = shape.rows * shape.cols == 1 ? 0 : row_bytes / shape.rows;
  return need;
}

std::int64_t require_memory(Session& session, const MemoryNeed& need) {
  const auto have = session.memory_per_rank();
  session.console().line(
      format("memory per rank: kernel matrix %s, features %s, gathered rows up to %s, free %s",
             bytes(need.matrix).c_str(), bytes(need.features).c_str(), bytes(need.gathered).c_str(),
             bytes(have).c_str()));
  if (need.least() > have)
    throw ResourceError(format("%s per rank needed (kernel matrix %s, features %s), %s available. Use more "
                               "ranks on more nodes, fewer "
                               "structures, or smaller soap.n-max and soap.l-max",
                               bytes(need.least()).c_str(), bytes(need.matrix).c_str(),
                               bytes(need.features).c_str(), bytes(have).c_str()));
  return std::max<std::int64_t>((have - need.matrix - need.features) / 2, std::int64_t{1} << 24);
}

} // namespace soapstone::app
