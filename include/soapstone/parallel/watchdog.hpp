// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/base/error.hpp"
#include "soapstone/parallel/communicator.hpp"

#include <functional>
#include <span>
#include <string>
#include <vector>

namespace soapstone::parallel {

/// Ranks waited in vain for others. Exit code `internal`: a rank that hangs is a fault of the program or of
/// the machine, not of the input.
class RankMissing : public Error {
public:
  RankMissing(const std::string& message, std::vector<int> ranks)
      : Error(ExitCode::internal, message), ranks_(std::move(ranks)) {}
  /// World ranks that did not come; empty when all wait, but not for the same.
  const std::vector<int>& ranks() const noexcept { return ranks_; }

private:
  std::vector<int> ranks_;
};

/// While one lives, no rank waits for others for ever in the functions of this room: after `seconds` it asks
/// all whom it waits for, and whom these wait for, whether they wait too, and throws RankMissing with the
/// names of those that do not answer. Time in which the whole process stood still does not count. Nothing
/// happens with seconds = 0 or on one rank. Neither threads nor signals: a rank that computes does not
/// answer, so `seconds` must be more than the longest stage that some of the ranks have for themselves. One
/// at a time.
class Watchdog {
public:
  /// Collective over `world`, whose ranks are those of MPI_COMM_WORLD.
  Watchdog(const Communicator& world, double seconds);
  ~Watchdog();
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;

private:
  Communicator comm_; ///< for questions and answers alone
};

/// Whether a Watchdog lives, with time to wait and ranks to wait for.
bool is_watched();

/// What this rank does from now on, for the message.
void watch_stage(const std::string& name);

/// Collective. Under a watchdog, returns when all ranks of `comm` have come; otherwise at once. Collectives
/// begin with it.
void arrive(const Communicator& comm);

/// MPI_Waitall, under the watchdog if there is one. `comm` has all ranks that the requests wait for;
/// `statuses`: as many as requests.
void wait_all(const Communicator& comm, std::span<MPI_Request> requests,
              MPI_Status* statuses = MPI_STATUSES_IGNORE);

/// Returns when done(), which is polled and may do what has to be done meanwhile, under the watchdog if there
/// is one. `comm` has all ranks that it takes. Sleeps in between.
void wait_until(const Communicator& comm, const std::function<bool()>& done);

/// Collective. Returns when all ranks of `comm` have come, and calls meanwhile() now and then until they
/// have. They may be at work of their own for as long as they like: under a watchdog, only one that neither
/// shows life nor waits within its time hangs. Sleeps in between.
void await_busy(const Communicator& comm, const std::function<void()>& meanwhile);

/// A rank at work that others may await by await_busy calls this now and then. Cheap; waits for nobody.
void show_life();

} // namespace soapstone::parallel
