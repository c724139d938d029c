// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/search/task_counter.hpp"

#include "soapstone/parallel/collectives.hpp"

#include <exception>

namespace soapstone::search {

namespace {

constexpr int cell_count = 2;

} // namespace

TaskCounter::TaskCounter(const parallel::Communicator& comm) : comm_(comm.duplicate()) {
  const MPI_Aint bytes = comm_.rank() == 0 ? cell_count * MPI_Aint{sizeof(std::int64_t)} : 0;
  parallel::check_mpi(
      MPI_Win_allocate(bytes, sizeof(std::int64_t), MPI_INFO_NULL, comm_.get(), &cells_, &window_),
      "MPI_Win_allocate");
  parallel::check_mpi(MPI_Win_lock_all(MPI_MODE_NOCHECK, window_), "MPI_Win_lock_all");
  if (comm_.rank() == 0) {
    for (int cell = 0; cell < cell_count; ++cell)
      cells_[cell] = 0;
    MPI_Win_sync(window_);
  }
  comm_.barrier();
}

TaskCounter::~TaskCounter() {
  if (std::uncaught_exceptions() > 0)
    return; // collective: the other ranks may not come
  MPI_Win_unlock_all(window_);
  MPI_Win_free(&window_);
}

std::int64_t TaskCounter::add(Cell cell, std::int64_t amount) const {
  std::int64_t before = 0;
  parallel::check_mpi(MPI_Fetch_and_op(&amount, &before, parallel::mpi_type<std::int64_t>(), 0,
                                       static_cast<int>(cell), MPI_SUM, window_),
                      "MPI_Fetch_and_op");
  parallel::check_mpi(MPI_Win_flush(0, window_), "MPI_Win_flush");
  return before;
}

std::int64_t TaskCounter::next() {
  return add(Cell::task, 1);
}

void TaskCounter::stop() {
  add(Cell::stop, 1);
}

bool TaskCounter::stopped() const {
  return add(Cell::stop, 0) != 0;
}

void TaskCounter::reset() {
  comm_.barrier();
  if (comm_.rank() == 0)
    add(Cell::task, -add(Cell::task, 0));
  comm_.barrier();
}

} // namespace soapstone::search
