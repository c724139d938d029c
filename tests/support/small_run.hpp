// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "recording_log.hpp"

#include "soapstone/workflow/context.hpp"

#include <cstdint>

namespace soapstone {

/// All ranks with a grid of their own and a GiB each, and a log of what they are told.
struct SmallRun {
  const parallel::Communicator comm = parallel::Communicator::world();
  RecordingLog log;
  workflow::Stages stages{comm, log};
  const linalg::ProcessGrid grid{comm, linalg::choose_grid(comm.size())};
  const workflow::Context context{stages, grid, machine(), nullptr};

private:
  planning::Machine machine() const {
    planning::Machine machine;
    machine.grid = grid.shape();
    machine.ranks = comm.size();
    machine.memory_per_rank = std::int64_t{1} << 30;
    return machine;
  }
};

} // namespace soapstone
