// SPDX-License-Identifier: BSD-3-Clause
// Functions of MPI's names, in which the BLACS wait. A program that links them has them called by ScaLAPACK
// in the place of MPI's. They pass the call on, to tools that were loaded before MPI too, unless a watchdog
// lives and the ranks that are in the library are announced (LibraryCalls): then they wait as wait_all()
// does, and RankMissing is thrown out of the library. Collectives are still made by MPI's function, once all
// have come, so that sums have the same bits with and without.
#include "interposed_calls.hpp"

#include "soapstone/base/stopwatch.hpp"
#include "soapstone/parallel/library_calls.hpp"
#include "soapstone/parallel/waiting.hpp"

#include <array>

#include <dlfcn.h>

namespace soapstone::watchdog {

using parallel::check_mpi;
using parallel::LibraryCalls;

namespace {

constexpr double time_to_end = 1; // seconds for a message that has begun to arrive

/// Either nothing has arrived yet, and nothing will, or the message comes to its end.
void end_receive(MPI_Request request) {
  const Stopwatch watch;
  int done = 0;
  MPI_Cancel(&request);
  while (done == 0 && watch.seconds() < time_to_end)
    MPI_Test(&request, &done, MPI_STATUS_IGNORE);
}

/// One wait of the library, in which other calls of MPI pass.
class Wait {
public:
  Wait() : callers_(LibraryCalls::exchange_ranks(MPI_COMM_NULL)) {}
  ~Wait() { LibraryCalls::exchange_ranks(callers_); }
  Wait(const Wait&) = delete;
  Wait& operator=(const Wait&) = delete;

  bool is_watched() const { return callers_ != MPI_COMM_NULL; }

  int until_done(std::span<MPI_Request> requests, MPI_Status* statuses) const {
    parallel::wait_all(callers_, requests, statuses);
    return MPI_SUCCESS;
  }
  /// The first of the requests receives. When the wait ends without it, it must not write any more.
  int until_received(std::span<MPI_Request> requests, MPI_Status* statuses) const {
    try {
      return until_done(requests, statuses);
    } catch (...) {
      end_receive(requests.front());
      throw;
    }
  }
  int until_done(MPI_Request request, MPI_Status* status = MPI_STATUS_IGNORE) const {
    return until_done(std::span(&request, 1), status == MPI_STATUS_IGNORE ? MPI_STATUSES_IGNORE : status);
  }
  /// Before a collective that is then made by MPI's own function.
  void until_all_have_come(MPI_Comm comm) const {
    MPI_Request request = MPI_REQUEST_NULL;
    check_mpi(MPI_Ibarrier(comm, &request), "MPI_Ibarrier");
    until_done(request);
  }

private:
  MPI_Comm callers_;
};

/// The function that would be called without the one here: MPI's, or that of a tool in between.
template <typename Function>
Function* behind(const char* name, Function* of_mpi) {
  void* found = dlsym(RTLD_NEXT, name);
  return found != nullptr ? reinterpret_cast<Function*>(found) : of_mpi;
}

} // namespace

void link_interposed_calls() {}

} // namespace soapstone::watchdog

using soapstone::parallel::check_mpi;
using soapstone::watchdog::behind;
using soapstone::watchdog::Wait;

extern "C" {

int MPI_Recv(void* data, int count, MPI_Datatype type, int source, int tag, MPI_Comm comm,
             MPI_Status* status) {
  static const auto next = behind("MPI_Recv", &PMPI_Recv);
  const Wait wait;
  if (!wait.is_watched())
    return next(data, count, type, source, tag, comm, status);
  MPI_Request request = MPI_REQUEST_NULL;
  check_mpi(MPI_Irecv(data, count, type, source, tag, comm, &request), "MPI_Irecv");
  return wait.until_received(std::span(&request, 1),
                             status == MPI_STATUS_IGNORE ? MPI_STATUSES_IGNORE : status);
}

int MPI_Send(const void* data, int count, MPI_Datatype type, int to, int tag, MPI_Comm comm) {
  static const auto next = behind("MPI_Send", &PMPI_Send);
  const Wait wait;
  if (!wait.is_watched())
    return next(data, count, type, to, tag, comm);
  MPI_Request request = MPI_REQUEST_NULL;
  check_mpi(MPI_Isend(data, count, type, to, tag, comm, &request), "MPI_Isend");
  return wait.until_done(request);
}

int MPI_Rsend(const void* data, int count, MPI_Datatype type, int to, int tag, MPI_Comm comm) {
  static const auto next = behind("MPI_Rsend", &PMPI_Rsend);
  const Wait wait;
  if (!wait.is_watched())
    return next(data, count, type, to, tag, comm);
  MPI_Request request = MPI_REQUEST_NULL;
  check_mpi(MPI_Irsend(data, count, type, to, tag, comm, &request), "MPI_Irsend");
  return wait.until_done(request);
}

int MPI_Sendrecv(const void* data, int count, MPI_Datatype type, int to, int tag, void* received,
                 int received_count, MPI_Datatype received_type, int source, int received_tag, MPI_Comm comm,
                 MPI_Status* status) {
  static const auto next = behind("MPI_Sendrecv", &PMPI_Sendrecv);
  const Wait wait;
  if (!wait.is_watched())
    return next(data, count, type, to, tag, received, received_count, received_type, source, received_tag,
                comm, status);
  std::array<MPI_Request, 2> requests = {MPI_REQUEST_NULL, MPI_REQUEST_NULL};
  std::array<MPI_Status, 2> statuses;
  check_mpi(MPI_Irecv(received, received_count, received_type, source, received_tag, comm, &requests[0]),
            "MPI_Irecv");
  check_mpi(MPI_Isend(data, count, type, to, tag, comm, &requests[1]), "MPI_Isend");
  wait.until_received(requests, statuses.data());
  if (status != MPI_STATUS_IGNORE)
    *status = statuses[0];
  return MPI_SUCCESS;
}

int MPI_Waitall(int count, MPI_Request requests[], MPI_Status* statuses) {
  static const auto next = behind("MPI_Waitall", &PMPI_Waitall);
  const Wait wait;
  if (!wait.is_watched())
    return next(count, requests, statuses);
  return wait.until_done({requests, static_cast<std::size_t>(count)}, statuses);
}

int MPI_Bcast(void* data, int count, MPI_Datatype type, int root, MPI_Comm comm) {
  static const auto next = behind("MPI_Bcast", &PMPI_Bcast);
  const Wait wait;
  if (wait.is_watched())
    wait.until_all_have_come(comm);
  return next(data, count, type, root, comm);
}

int MPI_Reduce(const void* from, void* to, int count, MPI_Datatype type, MPI_Op op, int root, MPI_Comm comm) {
  static const auto next = behind("MPI_Reduce", &PMPI_Reduce);
  const Wait wait;
  if (wait.is_watched())
    wait.until_all_have_come(comm);
  return next(from, to, count, type, op, root, comm);
}

int MPI_Allreduce(const void* from, void* to, int count, MPI_Datatype type, MPI_Op op, MPI_Comm comm) {
  static const auto next = behind("MPI_Allreduce", &PMPI_Allreduce);
  const Wait wait;
  if (wait.is_watched())
    wait.until_all_have_come(comm);
  return next(from, to, count, type, op, comm);
}

int MPI_Barrier(MPI_Comm comm) {
  static const auto next = behind("MPI_Barrier", &PMPI_Barrier);
  const Wait wait;
  if (!wait.is_watched())
    return next(comm);
  wait.until_all_have_come(comm);
  return MPI_SUCCESS;
}
}
