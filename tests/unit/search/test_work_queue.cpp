// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/search/work_queue.hpp"

#include "soapstone/base/stop_signal.hpp"
#include "soapstone/parallel/collectives.hpp"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <gtest/gtest.h>
#include <set>
#include <thread>

namespace soapstone::search {
namespace {

using parallel::Communicator;

std::vector<Task> tasks(int count) {
  std::vector<Task> all;
  for (int point = 0; point < count; ++point)
    all.push_back({0, point});
  return all;
}

Record squared(const Task& task) {
  return {task, 0, "", {static_cast<double>(task.point * task.point)}, {""}, 0};
}

/// Numbers of groups that differ on this many ranks.
std::vector<int> group_counts(int ranks) {
  std::set<int> counts;
  for (const int wanted : {1, 2, 3, ranks})
    counts.insert(layout_groups(ranks, wanted).groups);
  return {counts.begin(), counts.end()};
}

struct Outcome {
  Records records;                ///< rank 0
  std::vector<std::int64_t> kept; ///< points, of leaders
};

TaskWork work_into(Outcome& outcome, std::function<Record(const Task&)> evaluate) {
  return {std::move(evaluate), [&](const Record& record) { outcome.kept.push_back(record.task.point); },
          [&](const std::vector<Record>& records) {
            for (const auto& record : records)
              outcome.records[record.task] = record;
          }};
}

TEST(WorkQueue, every_task_is_done_once_by_one_group) {
  const auto world = Communicator::world();
  for (const int groups : group_counts(world.size())) {
    WorkQueue queue(world, layout_groups(world.size(), groups));
    for (const int count : {0, 1, 23}) {
      Outcome outcome;
      EXPECT_TRUE(queue.run(tasks(count), work_into(outcome, [&](const Task& task) {
                              // All ranks of the group have the same task.
                              const auto highest = parallel::all_reduce(queue.group(), task.point, MPI_MAX);
                              EXPECT_EQ(highest, task.point);
                              return squared(task);
                            })));
      auto kept = parallel::all_gather(world, outcome.kept);
      std::sort(kept.begin(), kept.end());
      ASSERT_EQ(kept.size(), static_cast<std::size_t>(count));
      for (int point = 0; point < count; ++point)
        EXPECT_EQ(kept[static_cast<std::size_t>(point)], point);
      if (world.rank() == 0) {
        ASSERT_EQ(outcome.records.size(), static_cast<std::size_t>(count));
        for (const auto& [task, record] : outcome.records)
          EXPECT_EQ(record.values, squared(task).values);
      }
    }
  }
}

// One slow task holds up its own group only: the others do the rest meanwhile.
TEST(WorkQueue, a_group_that_is_free_takes_the_next_task) {
  const auto world = Communicator::world();
  if (world.size() < 2)
    GTEST_SKIP() << "one group has nobody to wait for";
  WorkQueue queue(world, layout_groups(world.size(), world.size()));
  Outcome outcome;
  queue.run(tasks(20), work_into(outcome, [&](const Task& task) {
              std::this_thread::sleep_for(std::chrono::milliseconds(task.point == 0 ? 600 : 5));
              return squared(task);
            }));
  const bool slow = std::find(outcome.kept.begin(), outcome.kept.end(), 0) != outcome.kept.end();
  if (slow) {
    EXPECT_LE(outcome.kept.size(), 3U);
  }
}

TEST(WorkQueue, errors_of_a_point_are_recorded_and_the_others_go_on) {
  const auto world = Communicator::world();
  for (const int groups : group_counts(world.size())) {
    WorkQueue queue(world, layout_groups(world.size(), groups));
    Outcome outcome;
    EXPECT_TRUE(queue.run(tasks(9), work_into(outcome, [&](const Task& task) {
                            parallel::agree(queue.group(), [&] {
                              if (task.point == 4 && queue.group().rank() == queue.group().size() - 1)
                                throw NumericalError("not positive definite");
                            });
                            if (task.point == 5)
                              throw ResourceError("too large");
                            return squared(task);
                          })));
    if (world.rank() != 0)
      continue;
    ASSERT_EQ(outcome.records.size(), 9U);
    EXPECT_EQ(outcome.records.at({0, 4}).code, 4);
    EXPECT_EQ(outcome.records.at({0, 4}).message, "not positive definite");
    EXPECT_EQ(outcome.records.at({0, 5}).code, 6);
    EXPECT_EQ(outcome.records.at({0, 6}).code, 0);
  }
}

TEST(WorkQueue, errors_that_are_not_of_a_point_end_all_groups) {
  const auto world = Communicator::world();
  for (const int groups : group_counts(world.size())) {
    WorkQueue queue(world, layout_groups(world.size(), groups));
    Outcome outcome;
    try {
      queue.run(tasks(1000), work_into(outcome, [&](const Task& task) -> Record {
                  queue.check_stop();
                  std::this_thread::sleep_for(std::chrono::milliseconds(2));
                  if (task.point == 3)
                    throw IoError("the disk is gone");
                  return squared(task);
                }));
      ADD_FAILURE() << "no error";
    } catch (const parallel::AgreedError& error) {
      EXPECT_EQ(error.code(), ExitCode::io);
    }
    EXPECT_LT(parallel::all_reduce(world, outcome.kept.size()), 1000U);
  }
}

TEST(WorkQueue, errors_of_taking_records_in_end_all_groups) {
  const auto world = Communicator::world();
  WorkQueue queue(world, layout_groups(world.size(), 2));
  Outcome outcome;
  auto work = work_into(outcome, squared);
  work.arrived = [](const std::vector<Record>&) { throw IoError("no space left"); };
  try {
    queue.run(tasks(6), work);
    ADD_FAILURE() << "no error";
  } catch (const parallel::AgreedError& error) {
    EXPECT_EQ(error.code(), ExitCode::io);
  }
}

// The signal reaches one rank, when there are more points behind it than groups; all groups end between their
// stages and what was done is there.
TEST(WorkQueue, a_signal_to_one_rank_stops_all_groups) {
  const auto world = Communicator::world();
  for (const int groups : group_counts(world.size())) {
    const StopSignal catching;
    WorkQueue queue(world, layout_groups(world.size(), groups));
    Outcome outcome;
    const bool all_done = queue.run(tasks(1000), work_into(outcome, [&](const Task& task) {
                                      queue.check_stop();
                                      if (task.point == 20 && queue.group().rank() == 0)
                                        std::raise(SIGUSR1);
                                      std::this_thread::sleep_for(std::chrono::milliseconds(2));
                                      queue.check_stop();
                                      return squared(task);
                                    }));
    EXPECT_FALSE(all_done);
    const auto kept = parallel::all_reduce(world, outcome.kept.size());
    EXPECT_GE(kept, 1U);
    EXPECT_LT(kept, 1000U);
    if (world.rank() == 0) {
      EXPECT_EQ(outcome.records.size(), kept);
      EXPECT_FALSE(outcome.records.contains({0, 20}));
    }
  }
}

} // namespace
} // namespace soapstone::search
