// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/linalg/process_grid.hpp"
#include "soapstone/parallel/watchdog.hpp"

namespace soapstone::linalg {

/// Before a call of ScaLAPACK, in which ranks wait for each other where no watchdog sees it: returns when all
/// active ranks of the grid have come, those of my row first.
inline void meet(const ProcessGrid& grid) {
  if (!grid.active())
    return;
  parallel::arrive(grid.row_ranks());
  parallel::arrive(grid.col_ranks());
}

} // namespace soapstone::linalg
