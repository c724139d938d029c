// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/parallel/agree.hpp"

#include "abandoned.hpp"

#include "soapstone/base/stopwatch.hpp"
#include "soapstone/parallel/alarm.hpp"
#include "soapstone/parallel/collectives.hpp"
#include "soapstone/parallel/waiting.hpp"

#include <chrono>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <limits>
#include <new>
#include <span>
#include <stdexcept>
#include <thread>

namespace soapstone::parallel {

namespace {
constexpr const char* out_of_memory =
    "out of memory: use more ranks or nodes, fewer structures, or fewer features";
}

Failure current_failure() {
  try {
    throw;
  } catch (const Error& error) {
    return {error.code(), error.what()};
  } catch (const std::bad_alloc&) {
    return {ExitCode::resources, out_of_memory};
  } catch (const std::length_error&) { // of a vector larger than any memory
    return {ExitCode::resources, out_of_memory};
  } catch (const std::filesystem::filesystem_error& error) {
    return {ExitCode::io, error.what()};
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

constexpr double time_to_come = 0.2; // seconds for ranks that have failed as well, before they are called
constexpr double time_to_meet = 3;   // seconds for others to come to where a rank that failed is

/// All ranks come here, unless they wait elsewhere.
class Rendezvous {
public:
  explicit Rendezvous(const Communicator& comm) {
    under_way_ = MPI_Ibarrier(comm.get(), &request_) == MPI_SUCCESS;
  }
  ~Rendezvous() {
    if (under_way_ && !complete_)
      abandon(std::span(&request_, 1));
  }
  Rendezvous(const Rendezvous&) = delete;
  Rendezvous& operator=(const Rendezvous&) = delete;

  /// Waits for the others, at most so many seconds; whether they have come.
  bool complete(double seconds) {
    const Stopwatch watch;
    while (under_way_ && !is_complete() && watch.seconds() < seconds)
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    return complete_;
  }

private:
  bool is_complete() {
    int done = 0;
    if (!complete_)
      MPI_Test(&request_, &done, MPI_STATUS_IGNORE);
    return complete_ = complete_ || done != 0;
  }

  MPI_Request request_ = MPI_REQUEST_NULL;
  bool under_way_ = false, complete_ = false;
};

/// Waits for all ranks, as watched as in any collective, where this one has not failed; whether they come.
bool meet(const Communicator& comm, bool failed) {
  if (failed)
    return Rendezvous(comm).complete(time_to_meet);
  MPI_Request request = MPI_REQUEST_NULL;
  check_mpi(MPI_Ibarrier(comm.get(), &request), "MPI_Ibarrier");
  wait_all(comm.get(), std::span(&request, 1));
  return true;
}

/// Returns what an exception tells; one by which this rank is called away is passed on.
Failure failure_of(const std::exception_ptr& thrown) {
  try {
    std::rethrow_exception(thrown);
  } catch (const JobEnds&) {
    throw;
  } catch (...) {
    return current_failure();
  }
}

/// Says how the work of this rank has ended.
struct End {
  int result = 0;
  std::optional<Failure> failure;
  bool interrupted = false; ///< called away, or has called others away
};

End run_to_the_end(const std::function<int()>& work) {
  End end;
  try {
    end.result = work();
  } catch (const JobEnds&) {
    end.interrupted = true;
  } catch (...) {
    end.failure = current_failure();
  }
  return end;
}

std::string message_of(const Communicator& comm, const Failure& failure, bool of_one_rank) {
  return of_one_rank && comm.size() > 1 ? "rank " + std::to_string(comm.rank()) + ": " + failure.message
                                        : failure.message;
}

/// All ranks are here: the lowest with a failure speaks, and its code is everybody's.
int settle(const Communicator& comm, const End& end, const std::function<void(const std::string&)>& print) {
  const bool interrupted = all_reduce(comm, static_cast<int>(end.interrupted), MPI_MAX) != 0;
  const int first = all_reduce(comm, end.failure ? comm.rank() : comm.size(), MPI_MIN);
  if (first == comm.size())
    return all_reduce(comm, end.result, MPI_MAX);
  if (comm.rank() == first)
    print(message_of(comm, *end.failure, interrupted));
  int code = end.failure ? static_cast<int>(end.failure->code) : 0;
  broadcast(comm, code, first);
  if (interrupted) // MPI_Finalize might wait for what was left under way
    MPI_Abort(MPI_COMM_WORLD, code);
  return code;
}

/// While it exists, an exception that has no way out, such as that of a destructor which finds no memory,
/// ends the job with its message and its code, not with an abort that tells nothing.
class LastWords {
public:
  using Print = std::function<void(const std::string&)>;
  explicit LastWords(const Print& print) : before_(std::set_terminate(speak)) { print_ = &print; }
  ~LastWords() { std::set_terminate(before_); }
  LastWords(const LastWords&) = delete;
  LastWords& operator=(const LastWords&) = delete;

private:
  [[noreturn]] static void speak() {
    std::set_terminate(std::abort); // for what fails in here
    const auto failure = std::current_exception()
                             ? current_failure()
                             : Failure{ExitCode::internal, "internal error: terminated without an exception"};
    (*print_)(failure.message);
    MPI_Abort(MPI_COMM_WORLD, static_cast<int>(failure.code));
    std::abort();
  }

  static inline const Print* print_ = nullptr;
  std::terminate_handler before_;
};

} // namespace

void agree_on_end(const Communicator& comm, const std::exception_ptr& thrown) {
  std::optional<Failure> failure;
  if (thrown)
    failure = failure_of(thrown);
  if (!meet(comm, failure.has_value()))
    std::rethrow_exception(thrown);
  agree_on(comm, failure);
}

int run_agreed(const Communicator& comm, const std::function<int()>& work,
               const std::function<void(const std::string&)>& print, double patience) {
  // The ranks meet on a communicator of their own, so that it cannot be mistaken for a collective of the
  // interrupted work.
  const LastWords last_words(print);
  const Communicator emergency = comm.duplicate();
  const Alarm alarm(emergency.get());
  auto end = run_to_the_end(work);
  // A rank that succeeded waits as long as the others work. One that failed, even if others of a part of the
  // ranks agreed with it, may be awaited in a collective that it will never reach: it calls them here.
  Rendezvous rendezvous(emergency);
  if (end.failure && !rendezvous.complete(time_to_come)) {
    alarm.ring();
    end.interrupted = true;
  }
  if (rendezvous.complete(end.failure ? patience : std::numeric_limits<double>::infinity()))
    return settle(emergency, end, print);
  // The lower the rank, the sooner it speaks and ends the job.
  std::this_thread::sleep_for(std::chrono::milliseconds(100 * std::min(comm.rank(), 20)));
  print(message_of(comm, *end.failure, true));
  MPI_Abort(MPI_COMM_WORLD, static_cast<int>(end.failure->code));
  return static_cast<int>(end.failure->code);
}

} // namespace soapstone::parallel
