// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/parallel/agree.hpp"
#include "soapstone/search/groups.hpp"
#include "soapstone/search/mailbox.hpp"
#include "soapstone/search/record.hpp"
#include "soapstone/search/task_counter.hpp"

#include <functional>
#include <optional>
#include <vector>

namespace soapstone::search {

/// Holds what is done with the tasks of a queue.
struct TaskWork {
  /// Collective over the group: what the task is worth. May throw Stopped, best from WorkQueue::check_stop.
  /// Numerical, configuration and resource errors are the point's own and become its record; others end the
  /// search.
  std::function<Record(const Task&)> evaluate;
  /// On the group's first rank: makes the record durable.
  std::function<void(const Record&)> keep;
  /// On rank 0 of all, when records have arrived, also while other tasks are computed; must not communicate.
  std::function<void(const std::vector<Record>&)> arrived;
};

/// Deals tasks to groups of ranks, one at a time to whoever is free: the counter is taken from rank 0 without
/// its help, so that rank 0 computes like all others.
class WorkQueue {
public:
  WorkQueue(const parallel::Communicator& world, GroupLayout layout); ///< Collective.

  /// My group's ranks; null on idle ranks.
  const parallel::Communicator& group() const { return group_; }
  const GroupLayout& layout() const { return layout_; }

  /// Collective over all ranks. Takes the tasks in their order, which is the same on all ranks. Returns true
  /// when all are done, false when some rank was asked to stop (StopSignal): then tasks may be left. Failures
  /// that end the search are thrown on all ranks alike (AgreedError).
  bool run(const std::vector<Task>& tasks, const TaskWork& work);

  /// Collective over the group, at a boundary between stages of a task: throws Stopped on all its ranks when
  /// any rank of any group was asked to stop or has failed.
  void check_stop();
  /// Between collectives on any rank: on rank 0 takes in what has arrived. Cheap.
  void poll();

  double busy_seconds() const { return busy_; } ///< that this rank spent on tasks so far

private:
  void work_through(const std::vector<Task>& tasks, const TaskWork& work);
  Record attempt(const Task& task, const TaskWork& work);
  std::int64_t next_task();
  void accept(const std::vector<std::string>& texts);

  parallel::Communicator world_, group_;
  parallel::Communicator talk_; ///< the group again, for the queue's own messages
  parallel::Communicator meet_; ///< and again, to agree after a point: others may still check for a stop
  GroupLayout layout_;
  TaskCounter counter_;
  Mailbox mail_;
  const TaskWork* work_ = nullptr;           ///< while run() runs
  std::optional<parallel::Failure> trouble_; ///< of arrived(), on rank 0
  double busy_ = 0;
};

} // namespace soapstone::search
