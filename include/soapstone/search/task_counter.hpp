// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/parallel/communicator.hpp"

#include <cstdint>

namespace soapstone::search {

/// A counter and a stop sign that all ranks share, in a window of rank 0 that is reached by one-sided atomic
/// operations. Within a node, and between nodes where the network does atomics itself, rank 0 need not take
/// part; otherwise it serves them whenever it is inside any MPI call.
class TaskCounter {
public:
  explicit TaskCounter(const parallel::Communicator& comm); ///< Collective.
  ~TaskCounter();
  TaskCounter(const TaskCounter&) = delete;
  TaskCounter& operator=(const TaskCounter&) = delete;

  std::int64_t next();  ///< 0, 1, 2, ...: each number to one caller
  void stop();          ///< puts up the sign, for good
  bool stopped() const; ///< whether anybody has
  void reset();         ///< Collective: counts from 0 again; the stop sign stays

private:
  enum class Cell : int { task = 0, stop = 1 };
  std::int64_t add(Cell cell, std::int64_t amount) const; ///< returns what was there before
  parallel::Communicator comm_;
  std::int64_t* cells_ = nullptr; ///< on rank 0
  MPI_Win window_ = MPI_WIN_NULL;
};

} // namespace soapstone::search
