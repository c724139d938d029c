// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/features/environment_store.hpp"
#include "soapstone/linalg/process_grid.hpp"
#include "soapstone/planning/machine.hpp"
#include "soapstone/workflow/stages.hpp"

#include <memory>

namespace soapstone::workflow {

/// Ranks that compute something together: their stages, their process grid, what each may use, and what their
/// kernels share (or null). Stages and grid must outlive it.
struct Context {
  Stages& stages;
  const linalg::ProcessGrid& grid;
  planning::Machine machine;
  std::shared_ptr<features::EnvironmentStore> environments;

  const parallel::Communicator& comm() const { return stages.comm(); }
};

} // namespace soapstone::workflow
