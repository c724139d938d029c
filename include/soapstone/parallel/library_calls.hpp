// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/parallel/mpi.hpp"

namespace soapstone::parallel {

/// While one lives, ranks are in calls of another library that communicates (ScaLAPACK). A program that has
/// functions of MPI's names of its own between that library and MPI (room watchdog) learns from it whom the
/// library waits for. One at a time.
class LibraryCalls {
public:
  /// `ranks`: all of them call the library; must outlive this. Nothing is announced without a WaitHook or
  /// others to wait for.
  explicit LibraryCalls(MPI_Comm ranks);
  ~LibraryCalls();
  LibraryCalls(const LibraryCalls&) = delete;
  LibraryCalls& operator=(const LibraryCalls&) = delete;

  /// Replaces the ranks that are announced (null: none) and returns those that were.
  static MPI_Comm exchange_ranks(MPI_Comm ranks);
};

} // namespace soapstone::parallel
