// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/linalg/process_grid.hpp"
#include "soapstone/parallel/watchdog.hpp"
#include "soapstone/parallel/watched_calls.hpp"

namespace soapstone::linalg {

/// Calls of ScaLAPACK by all active ranks of a grid: begins when all have come, those of my row first, and
/// ranks that wait for others in these calls are under the watchdog as long as it lives.
class Meeting {
public:
  explicit Meeting(const ProcessGrid& grid) : calls_(come(grid)) {}

private:
  static const parallel::Communicator& come(const ProcessGrid& grid) {
    if (grid.active()) {
      parallel::arrive(grid.row_ranks());
      parallel::arrive(grid.col_ranks());
    }
    return grid.members();
  }

  parallel::WatchedCalls calls_;
};

} // namespace soapstone::linalg
