// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/parallel/agree.hpp"

#include "soapstone/base/stopwatch.hpp"
#include "soapstone/parallel/collectives.hpp"

#include <chrono>
#include <limits>
#include <new>
#include <thread>

namespace soapstone::parallel {

Failure current_failure() {
  try {
    throw;
  } catch (const Error& error) {
    return {error.code(), error.what()};
  } catch (const std::bad_alloc&) {
    return {ExitCode::resources,
            "out of memory: use more ranks or nodes, fewer structures, or fewer features"};
  } catch (const std::exception& error) {
    return {ExitCode::internal, std::string("internal error: ") + error.what()};
  } catch (...) {
    return {ExitCode::internal, "internal error: an exception of unknown type"};
  }
}

void agree_on(const Communicator& comm, const std::optional<Failure>& mine) {
  const int first = all_reduce(comm, mine ? comm.rank() : comm.size(), MPI_MIN);
  if (first == comm.size())
    return;
  int code = mine ? static_cast<int>(mine->code) : 0;
  std::string message = mine ? mine->message : std::string();
  broadcast(comm, code, first);
  broadcast(comm, message, first);
  throw AgreedError(static_cast<ExitCode>(code), message, first);
}

namespace {

/// Waits for all ranks to reach this point, at most `patience` seconds; false when some never came.
bool meet(const Communicator& comm, double patience) {
  MPI_Request request = MPI_REQUEST_NULL;
  if (MPI_Ibarrier(comm.get(), &request) != MPI_SUCCESS)
    return false;
  const Stopwatch watch;
  int done = 0;
  MPI_Test(&request, &done, MPI_STATUS_IGNORE);
  while (done == 0 && watch.seconds() < patience) {
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
    MPI_Test(&request, &done, MPI_STATUS_IGNORE);
  }
  return done != 0;
}

/// All ranks are here: the lowest with a failure speaks, and its code is everybody's.
int settle(const Communicator& comm, const std::optional<Failure>& failure, int result,
           const std::function<void(const std::string&)>& print) {
  const int first = all_reduce(comm, failure ? comm.rank() : comm.size(), MPI_MIN);
  if (first == comm.size())
    return all_reduce(comm, result, MPI_MAX);
  if (comm.rank() == first)
    print(failure->message);
  int code = failure ? static_cast<int>(failure->code) : 0;
  broadcast(comm, code, first);
  return code;
}

} // namespace

int run_agreed(const Communicator& comm, const std::function<int()>& work,
               const std::function<void(const std::string&)>& print, double patience) {
  // The ranks meet on a communicator of their own, so that it cannot be mistaken for a collective of the
  // interrupted work.
  const Communicator emergency = comm.duplicate();
  std::optional<Failure> failure;
  int result = 0;
  try {
    result = work();
  } catch (...) {
    failure = current_failure();
  }
  // A rank that succeeded waits as long as the others work. One that failed, even if others of a part of the
  // ranks agreed with it, may be awaited in a collective that it will never reach.
  if (meet(emergency, failure ? patience : std::numeric_limits<double>::infinity()))
    return settle(emergency, failure, result, print);
  // The lower the rank, the sooner it speaks and ends the job.
  std::this_thread::sleep_for(std::chrono::milliseconds(100 * std::min(comm.rank(), 20)));
  print(comm.size() > 1 ? "rank " + std::to_string(comm.rank()) + ": " + failure->message : failure->message);
  MPI_Abort(MPI_COMM_WORLD, static_cast<int>(failure->code));
  return static_cast<int>(failure->code);
}

} // namespace soapstone::parallel
