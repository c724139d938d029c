// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/linalg/process_grid.hpp"
#include "soapstone/options/options.hpp"
#include "soapstone/parallel/communicator.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace soapstone::planning {

/// The ranks that a run has, or would have, and what each may use.
struct Machine {
  linalg::GridShape grid;
  int ranks = 1; ///< idle ones too
  int ranks_per_node = 1;
  std::int64_t memory_per_rank = 0; ///< bytes that each may take beyond the program and its structures
  /// These describe nodes that are planned for: bytes, ranks that they hold at most, bytes of a rank's
  /// program and structures. 0: as many ranks as are wanted have the memory_per_rank above.
  std::int64_t node_memory = 0, program = 0;
  int most_per_node = 1;
  std::optional<std::int64_t> wanted_block; ///< of matrices; nothing: the measured best
  double dgemm_gflops = 0;                  ///< of one rank; 0: not measured

  /// Returns the same with another number of ranks, and the grid that is best for them.
  Machine with_ranks(int count) const;
  /// Block size for a matrix of order n.
  std::int64_t block_size(std::int64_t n) const;
};

/// Collective. The ranks of `comm` in this grid: measures DGEMM for a tenth of a second, once per process,
/// and asks how much memory is free. memory_gib: the limit of a rank in its place, if above 0.
Machine measure_machine(const parallel::Communicator& comm, linalg::GridShape grid, double memory_gib);

/// Returns what is wrong with this machine or the way in which the ranks were started. blas_threads: of each
/// rank.
std::vector<std::string> machine_warnings(const Machine& machine, int blas_threads);

/// The grid of parallel.grid for so many ranks. Throws ConfigError where it is of another number.
linalg::GridShape wanted_grid(const options::ParallelOptions& options, int ranks);

} // namespace soapstone::planning
