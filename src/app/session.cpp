// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/app/session.hpp"

#include "soapstone/app/about.hpp"
#include "soapstone/base/memory.hpp"
#include "soapstone/base/text.hpp"
#include "soapstone/linalg/blas_runtime.hpp"
#include "soapstone/linalg/distributed_matrix.hpp"
#include "soapstone/parallel/agree.hpp"
#include "soapstone/parallel/collectives.hpp"

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <thread>

namespace soapstone::app {

namespace {

linalg::GridShape grid_shape(const std::string& text, int ranks) {
  return text == "auto" ? linalg::choose_grid(ranks) : linalg::parse_grid(text, ranks);
}

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
    known = linalg::measure_dgemm_gflops(768, 0.1);
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

Session::Session(const parallel::Communicator& comm, const Configuration& configuration, Console& console)
    : comm_(comm), configuration_(configuration), console_(console), timer_(comm, console),
      grid_(comm, grid_shape(configuration.parallel.grid, comm.size())) {
  const auto& wanted = configuration.parallel;
  linalg::set_blas_threads(wanted.blas_threads);
  ranks_per_node_ = parallel::all_reduce(comm, ranks_on_node(comm), MPI_MAX);
  dgemm_gflops_ = parallel::all_reduce(comm, own_gflops(comm)) / comm.size(); // before memory: it takes some
  constexpr double gib = 1024.0 * 1024.0 * 1024.0;
  memory_per_rank_ = wanted.memory_gib > 0 ? static_cast<std::int64_t>(wanted.memory_gib * gib)
                                           : available_memory_bytes(ranks_per_node_);
  memory_per_rank_ = parallel::all_reduce(comm, memory_per_rank_, MPI_MIN);
  print_header();
  if (const int launched = launched_ranks(); comm.size() == 1 && launched > 1)
    console_.warn(format("%d ranks were started, but each runs alone: the launcher belongs to a different "
                         "MPI than the one with which soapstone was built (see soapstone --version)",
                         launched));
  const auto cores = static_cast<int>(std::thread::hardware_concurrency());
  for (const auto& warning :
       linalg::blas_warnings(linalg::blas_info(), ranks_per_node_, wanted.blas_threads, cores))
    console_.warn(warning);
}

Session::Session(const Session& whole, const parallel::Communicator& group, Console& console)
    : comm_(group), configuration_(whole.configuration_), console_(console), timer_(group, console),
      grid_(group, grid_shape(whole.configuration_.parallel.grid, group.size())),
      dgemm_gflops_(whole.dgemm_gflops_), memory_per_rank_(whole.memory_per_rank_),
      ranks_per_node_(whole.ranks_per_node_), environments_(whole.environments_) {}

void Session::print_header() {
  const auto blas = linalg::blas_info();
  console_.line(format("soapstone %s  %s", version_number().c_str(), configuration_.command.c_str()));
  console_.line(format(
      "%d rank%s, grid %s, %d BLAS thread%s each; %s%s%s, DGEMM %.0f GFLOP/s per rank; %s free per rank",
      comm_.size(), comm_.size() == 1 ? "" : "s", grid_text().c_str(), configuration_.parallel.blas_threads,
      configuration_.parallel.blas_threads == 1 ? "" : "s", blas.library.c_str(),
      blas.core.empty() ? "" : " ", blas.core.c_str(), dgemm_gflops_,
      format_bytes(static_cast<double>(memory_per_rank_)).c_str()));
  if (const int idle = comm_.size() - grid_.shape().rows * grid_.shape().cols; idle > 0)
    console_.warn(
        format("%d of %d ranks are idle: the grid has %s ranks", idle, comm_.size(), grid_text().c_str()));
}

void Session::share_environments(soap::EnvironmentStore::Wanted wanted, std::int64_t memory) {
  environments_ = std::make_shared<soap::EnvironmentStore>(wanted, memory);
  memory_per_rank_ -= memory;
}

std::int64_t Session::block_size(std::int64_t n) const {
  const auto& text = configuration_.parallel.block_size;
  return text == "auto" ? linalg::choose_block_size(n, grid_.shape()) : parse_integer(text).value();
}

std::string Session::grid_text() const {
  return format("%dx%d", grid_.shape().rows, grid_.shape().cols);
}

} // namespace soapstone::app
