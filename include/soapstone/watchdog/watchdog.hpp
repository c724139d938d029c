// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/base/error.hpp"
#include "soapstone/parallel/communicator.hpp"

#include <string>
#include <utility>
#include <vector>

namespace soapstone::watchdog {

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

/// While one lives, no rank waits for others for ever in functions of room parallel and in ScaLAPACK: after
/// `seconds` it asks all whom it waits for, and whom these wait for, whether they wait too, and throws
/// RankMissing with the names of those that do not answer. Time in which the whole process stood still does
/// not count. Nothing happens with seconds = 0 or on one rank. Neither threads nor signals: a rank that
/// computes does not answer, so `seconds` must be more than the longest stage that some of the ranks have for
/// themselves. One at a time.
class Watchdog {
public:
  /// Collective over `world`, whose ranks are those of MPI_COMM_WORLD.
  Watchdog(const parallel::Communicator& world, double seconds);
  ~Watchdog();
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;

private:
  parallel::Communicator comm_; ///< for questions and answers alone
};

} // namespace soapstone::watchdog
