// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/app/command_needs.hpp"
#include "soapstone/app/finish.hpp"
#include "soapstone/app/kernel_stages.hpp"
#include "soapstone/app/load_data.hpp"
#include "soapstone/app/run_files.hpp"
#include "soapstone/app/training_set.hpp"
#include "soapstone/h5/file.hpp"
#include "soapstone/kernel/kernel_sum.hpp"
#include "soapstone/linalg/cholesky.hpp"
#include "soapstone/parallel/collectives.hpp"

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>

namespace soapstone::app {

using linalg::DistributedMatrix;
using structure::DataSet;

namespace {

std::vector<int> united(const std::vector<int>& a, const std::vector<int>& b) {
  std::vector<int> both;
  std::set_union(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(both));
  return both;
}

h5::Part part_of(const linalg::BlockCyclic& indices) {
  const auto block = static_cast<std::uint64_t>(indices.block()),
             size = static_cast<std::uint64_t>(indices.size());
  if (indices.me() < 0)
    return {size, block, block, size};
  return {static_cast<std::uint64_t>(indices.me()) * block, block,
          block * static_cast<std::uint64_t>(indices.processes()), size};
}

/// Writes the transpose of the matrix, whose local parts are then row by row.
void write_transposed(Session& session, const DistributedMatrix& matrix, const std::string& path) {
  session.stages().run("write", [&](const Progress&) {
    h5::ParallelWriter file(session.comm(), path);
    file.write("/kernel", part_of(matrix.cols()), part_of(matrix.rows()), matrix.data());
    file.attribute("/kernel", "rows", "structures of data.structures");
    file.attribute("/kernel", "columns",
                   session.configuration().against.empty() ? "the same" : "structures of --against");
    file.commit();
  });
}

struct Inputs {
  DataSet rows, cols; ///< cols is empty when it is the same as rows
  std::vector<kernel::KernelSpec> kernels;
};

Inputs load_inputs(Session& session) {
  const auto& configuration = session.configuration();
  Inputs inputs{load_data(session.stages(), configuration.data, structure::Presence::optional), {}, {}};
  auto elements = elements_of(inputs.rows.structures);
  if (!configuration.against.empty()) {
    inputs.cols = load_data(session.stages(), {configuration.against, configuration.data.source.format},
                            configuration.data.targets, structure::Presence::optional);
    elements = united(elements, elements_of(inputs.cols.structures));
  }
  inputs.kernels = kernel_specs(session.context(), configuration, channels_for(configuration, elements),
                                inputs.rows.structures);
  return inputs;
}

MemoryBudget require_kernel_memory(Session& session, const Inputs& inputs) {
  return require_memory(session.console(), session.machine(),
                        kernel_command_need(inputs.kernels, inputs.rows.structures, inputs.cols.structures));
}

DistributedMatrix symmetric_kernel(Session& session, const Inputs& inputs, std::int64_t block) {
  const auto& structures = inputs.rows.structures;
  const auto budget = require_kernel_memory(session, inputs);
  auto sum = run_features(session.context(), inputs.kernels, structures, block, budget.features);
  auto matrix = run_assembly(session.stages(), sum, budget.rows);
  linalg::mirror_lower_to_upper(matrix);
  return matrix;
}

/// against x structures: written transposed, the rows of the file are those of data.structures.
DistributedMatrix cross_kernel(Session& session, const Inputs& inputs, std::int64_t block) {
  const auto budget = require_kernel_memory(session, inputs);
  const auto memory = budget.features / 2; // for each of the two sides
  auto columns = run_features(session.context(), inputs.kernels, inputs.rows.structures, block, memory);
  const auto rows = run_features(session.context(), inputs.kernels, inputs.cols.structures, block, memory);
  auto matrix = session.stages().run("kernel", [&](const Progress& progress) {
    return columns.assemble_against(rows, budget.rows, progress);
  });
  session.stages().did(static_cast<double>(inputs.rows.size()) * static_cast<double>(inputs.cols.size()),
                       "pairs", parallel::all_reduce(session.comm(), columns.flops()));
  return matrix;
}

} // namespace

int kernel_matrix(Session& session) {
  const auto& configuration = session.configuration();
  const std::string path = output_file(configuration);
  require_outputs(session, path);
  const auto inputs = load_inputs(session);
  const auto block = session.machine().block_size(
      static_cast<std::int64_t>(std::max(inputs.rows.size(), inputs.cols.size())));
  const auto matrix = configuration.against.empty() ? symmetric_kernel(session, inputs, block)
                                                    : cross_kernel(session, inputs, block);
  linalg::require_finite(matrix, "the kernel matrix");
  write_transposed(session, matrix, path);
  session.console().line("kernel written to " + path);
  finish(session, Json{{"output", path}, {"rows", matrix.cols().size()}, {"columns", matrix.rows().size()}},
         {});
  return 0;
}

} // namespace soapstone::app
