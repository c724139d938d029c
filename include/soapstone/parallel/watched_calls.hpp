// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/parallel/communicator.hpp"

namespace soapstone::parallel {

/// While one lives, other libraries (ScaLAPACK) wait under the Watchdog as well: programs that link this room
/// have MPI_Recv, MPI_Bcast and the other functions in which the BLACS wait of their own. They pass the call
/// on, to tools that were loaded before MPI too, unless there is one of these and a Watchdog; then they wait
/// as wait_all() does, and RankMissing is thrown out of the library. Collectives are still made by MPI's
/// function, once all have come, so that sums have the same bits with and without. One at a time.
class WatchedCalls {
public:
  /// `ranks`: all of them call the library; must outlive this.
  explicit WatchedCalls(const Communicator& ranks);
  ~WatchedCalls();
  WatchedCalls(const WatchedCalls&) = delete;
  WatchedCalls& operator=(const WatchedCalls&) = delete;
};

} // namespace soapstone::parallel
