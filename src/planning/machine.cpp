// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/planning/machine.hpp"

#include "soapstone/base/memory.hpp"
#include "soapstone/base/text.hpp"
#include "soapstone/linalg/blas_runtime.hpp"
#include "soapstone/linalg/distributed_matrix.hpp"
#include "soapstone/parallel/agree.hpp"
#include "soapstone/parallel/collectives.hpp"

#include <algorithm>
#include <cstdlib>
#include <thread>

namespace soapstone::planning {

namespace {

int ranks_on_node(const parallel::Communicator& comm) {
  MPI_Comm node = MPI_COMM_NULL;
  parallel::check_mpi(
      MPI_Comm_split_type(comm.get(), MPI_COMM_TYPE_SHARED, comm.rank(), MPI_INFO_NULL, &node),
      "MPI_Comm_split_type");
  int size = 1;
  MPI_Comm_size(node, &size);
  MPI_Comm_free(&node);
  return size;
}

/// Collective. DGEMM on this rank, measured once per process.
double own_gflops(const parallel::Communicator& comm) {
  static std::optional<double> known;
  if (!known) {
    parallel::agree(comm, [] { linalg::require_blas_memory(); });
    known = linalg::measure_dgemm_gflops(768, 0.04);
  }
  return *known;
}

/// Ranks that a launcher of any kind says it started.
int launched_ranks() {
  int most = 1;
  for (const char* name : {"OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "SLURM_STEP_NUM_TASKS"})
    if (const char* text = std::getenv(name))
      most = std::max(most, static_cast<int>(parse_integer(text).value_or(1)));
  return most;
}

} // namespace

Machine Machine::with_ranks(int count) const {
  Machine other = *this;
  other.ranks = count;
  other.grid = linalg::choose_grid(count);
  if (node_memory > 0) {
    other.ranks_per_node = std::min(count, most_per_node);
    other.memory_per_rank = std::max<std::int64_t>(0, node_memory / other.ranks_per_node - program);
  }
  return other;
}

std::int64_t Machine::block_size(std::int64_t n) const {
  return wanted_block ? *wanted_block : linalg::choose_block_size(n, grid);
}

Machine measure_machine(const parallel::Communicator& comm, linalg::GridShape grid, double memory_gib) {
  constexpr double gib = 1024.0 * 1024.0 * 1024.0;
  Machine machine;
  machine.grid = grid;
  machine.ranks = comm.size();
  machine.ranks_per_node = machine.most_per_node = parallel::all_reduce(comm, ranks_on_node(comm), MPI_MAX);
  // Measured before memory is asked for, of which it takes some.
  machine.dgemm_gflops = parallel::all_reduce(comm, own_gflops(comm)) / comm.size();
  const auto memory = memory_gib > 0 ? static_cast<std::int64_t>(memory_gib * gib)
                                     : available_memory_bytes(machine.ranks_per_node);
  machine.memory_per_rank = parallel::all_reduce(comm, memory, MPI_MIN);
  return machine;
}

std::vector<std::string> machine_warnings(const Machine& machine, int blas_threads) {
  std::vector<std::string> warnings;
  if (const int idle = machine.ranks - machine.grid.rows * machine.grid.cols; idle > 0)
    warnings.push_back(format("%d of %d ranks are idle: the grid has %s ranks", idle, machine.ranks,
                              to_string(machine.grid).c_str()));
  if (const int launched = launched_ranks(); machine.ranks == 1 && launched > 1)
    warnings.push_back(
        format("%d ranks were started, but each runs alone: the launcher belongs to a different "
               "MPI than the one with which soapstone was built (see soapstone --version)",
               launched));
  const auto cores = static_cast<int>(std::thread::hardware_concurrency());
  for (auto& warning :
       linalg::blas_warnings(linalg::blas_info(), machine.ranks_per_node, blas_threads, cores))
    warnings.push_back(std::move(warning));
  return warnings;
}

linalg::GridShape wanted_grid(const options::ParallelOptions& options, int ranks) {
  return options.grid == "auto" ? linalg::choose_grid(ranks) : linalg::parse_grid(options.grid, ranks);
}

} // namespace soapstone::planning
