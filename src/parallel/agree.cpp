// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/parallel/agree.hpp"

#include "soapstone/base/stopwatch.hpp"
#include "soapstone/parallel/collectives.hpp"

#include <chrono>
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
  while (done == 0 && watch.seconds() < patience) {
    MPI_Test(&request, &done, MPI_STATUS_IGNORE);
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return done != 0;
}

} // namespace

int run_agreed(const Communicator& comm, const std::function<int()>& work,
               const std::function<void(const std::string&)>& print, double patience) {
  // Failures meet on a communicator of their own, so that they cannot be mistaken for a collective of the
  // interrupted work.
  const Communicator emergency = comm.duplicate();
  std::optional<Failure> failure;
  int result = 0;
  try {
    result = work();
  } catch (const AgreedError& error) {
    if (comm.rank() == 0)
      print(error.what());
    return static_cast<int>(error.code());
  } catch (...) {
    failure = current_failure();
  }
  if (!failure)
    return result;
  if (meet(emergency, patience)) { // everybody failed: the lowest rank speaks
    if (comm.rank() == 0)
      print(failure->message);
    return all_reduce(emergency, static_cast<int>(failure->code), MPI_MAX);
  }
  // Some ranks wait in a collective that this one will never reach. The lower the rank, the sooner it speaks
  // and ends the job.
  std::this_thread::sleep_for(std::chrono::milliseconds(100 * std::min(comm.rank(), 20)));
  print(comm.size() > 1 ? "rank " + std::to_string(comm.rank()) + ": " + failure->message : failure->message);
  MPI_Abort(MPI_COMM_WORLD, static_cast<int>(failure->code));
  return static_cast<int>(failure->code);
}

} // namespace soapstone::parallel
