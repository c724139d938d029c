// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/cli/run_files.hpp"
#include "soapstone/commands/finish.hpp"
#include "soapstone/commands/plan_parts.hpp"
#include "soapstone/commands/session.hpp"
#include "soapstone/linalg/cholesky.hpp"
#include "soapstone/planning/command_needs.hpp"
#include "soapstone/workflow/kernel_matrix.hpp"
#include "soapstone/workflow/kernel_specs.hpp"
#include "soapstone/workflow/load_data.hpp"

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>

namespace soapstone::commands {

using formats::DataSet;

namespace {

std::vector<int> united(const std::vector<int>& a, const std::vector<int>& b) {
  std::vector<int> both;
  std::set_union(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(both));
  return both;
}

struct Inputs {
  DataSet rows, cols; ///< cols is empty when it is the same as rows
  std::vector<kernel::KernelSpec> kernels;
};

Inputs load_inputs(Session& session) {
  const auto& configuration = session.configuration();
  Inputs inputs{
      workflow::load_data(session.stages(), configuration.data, formats::Presence::optional), {}, {}};
  auto elements = workflow::elements_of(inputs.rows.structures);
  if (!configuration.against.empty()) {
    inputs.cols =
        workflow::load_data(session.stages(), {configuration.against, configuration.data.source.format},
                            configuration.data.targets, formats::Presence::optional);
    elements = united(elements, workflow::elements_of(inputs.cols.structures));
  }
  inputs.kernels =
      workflow::kernel_specs(session.context(), configuration,
                             workflow::channels_for(configuration, elements), inputs.rows.structures);
  return inputs;
}

} // namespace

int kernel_matrix(Session& session) {
  const auto& configuration = session.configuration();
  const std::string path = cli::output_file(configuration);
  require_outputs(session, path);
  const auto inputs = load_inputs(session);
  const auto& structures = inputs.rows.structures;
  const bool symmetric = configuration.against.empty();
  // The rows of the file are the columns of the matrix.
  const auto matrix = symmetric ? workflow::kernel_among(session.context(), inputs.kernels, structures)
                                : workflow::kernel_between(session.context(), inputs.kernels,
                                                           inputs.cols.structures, structures);
  linalg::require_finite(matrix, "the kernel matrix");
  workflow::write_transposed(session.stages(), matrix, path, "structures of data.structures",
                             symmetric ? "the same" : "structures of --against");
  session.console().line("kernel written to " + path);
  finish(session,
         report::Json{{"output", path}, {"rows", matrix.cols().size()}, {"columns", matrix.rows().size()}},
         {});
  return 0;
}

int plan_kernel_matrix(Session& session) {
  const auto inputs = load_inputs(session);
  const auto &rows = inputs.rows.structures, &cols = inputs.cols.structures;
  const auto n = static_cast<double>(rows.size()), m = static_cast<double>(cols.size());
  return plan_features_and_pairs(session, inputs.kernels, rows, environments_of(rows) + environments_of(cols),
                                 cols.empty() ? n * (n + 1) / 2 : n * m,
                                 planning::kernel_command_need(inputs.kernels, rows, cols));
}

} // namespace soapstone::commands
