// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/linalg/process_grid.hpp"
#include "soapstone/parallel/library_calls.hpp"
#include "soapstone/parallel/waiting.hpp"

namespace soapstone::linalg {

/// Calls of ScaLAPACK by all active ranks of a grid: begins when all have come, those of my row first, and
/// ranks that wait for others in these calls are under the watchdog, if the program has one.
class Rendezvous {
public:
  explicit Rendezvous(const ProcessGrid& grid) : calls_(come(grid)) {}

private:
  static MPI_Comm come(const ProcessGrid& grid) {
    if (grid.active()) {
      parallel::arrive(grid.row_ranks().get());
      parallel::arrive(grid.col_ranks().get());
    }
    return grid.members().get();
  }

  parallel::LibraryCalls calls_;
};

} // namespace soapstone::linalg
