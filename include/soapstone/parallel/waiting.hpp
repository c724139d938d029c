// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/parallel/mpi.hpp"

#include <functional>
#include <span>
#include <string>

namespace soapstone::parallel {

/// Names what the ranks do for which another one waits.
enum class Others {
  on_their_way, ///< they come, or wait for others themselves
  busy          ///< they may be at work of their own for as long as they like
};

/// Through which a process may wait for other ranks in another way than MPI's, such as with a limit in time:
/// while one is installed, all functions of this file wait through it.
class WaitHook {
public:
  virtual ~WaitHook() = default;
  /// Returns when done(), which is polled. `comm` has all ranks that it takes.
  virtual void wait(MPI_Comm comm, const std::function<bool()>& done, Others others) = 0;
  virtual void show_life() = 0;
  virtual void announce_stage(const std::string& name) = 0;
};

/// Installs a hook, which outlives its use, in the place of none, or none in its place (null).
void install_wait_hook(WaitHook* hook);

/// Returns whether a hook is installed.
bool is_watched();

/// Announces what this rank does from now on.
void announce_stage(const std::string& name);

/// Collective. Under a hook, returns when all ranks of `comm` have come; otherwise at once. Collectives begin
/// with it.
void arrive(MPI_Comm comm);

/// MPI_Waitall, through the hook if there is one. `comm` has all ranks that the requests wait for;
/// `statuses`: as many as requests.
void wait_all(MPI_Comm comm, std::span<MPI_Request> requests, MPI_Status* statuses = MPI_STATUSES_IGNORE);

/// Returns when done(), which is polled and may do what has to be done meanwhile. `comm` has all ranks that
/// it takes. Sleeps in between.
void wait_until(MPI_Comm comm, const std::function<bool()>& done);

/// Collective. Returns when all ranks of `comm` have come, and calls meanwhile() now and then until they
/// have. They may be at work of their own for as long as they like. Sleeps in between.
void await_busy(MPI_Comm comm, const std::function<void()>& meanwhile);

/// A rank at work that others may await by await_busy calls this now and then. Cheap; waits for nobody.
void show_life();

} // namespace soapstone::parallel
