// SPDX-License-Identifier: BSD-3-Clause
// A rank of a group that fails alone, of whose failure the others hear only that it does not come. What that
// leaves under way is never freed: not for leak checkers.
#include "soapstone/search/work_queue.hpp"

#include "soapstone/watchdog/watchdog.hpp"

#include <gtest/gtest.h>

namespace soapstone::search {
namespace {

/// It does not take the others' check for a stop for their coming.
TEST(LoneRank, that_fails_while_the_others_check_for_a_stop_ends_with_its_own_error) {
  const auto world = parallel::Communicator::world();
  ASSERT_EQ(world.size(), 2);
  const watchdog::Watchdog watchdog(world, 5); // longer than a rank that failed waits for the others
  auto& queue = *new WorkQueue(world, layout_groups(2, 1));
  const TaskWork work{[&](const Task& task) -> Record {
                        if (world.rank() == 1)
                          throw IoError("of rank 1 alone");
                        queue.check_stop();
                        return {task, 0, "", {1.0}, {""}, 0};
                      },
                      [](const Record&) {}, [](const std::vector<Record>&) {}};
  if (world.rank() == 0) {
    EXPECT_THROW(queue.run({{0, 0}}, work), watchdog::RankMissing);
  } else {
    EXPECT_THROW(queue.run({{0, 0}}, work), IoError);
  }
  MPI_Barrier(MPI_COMM_WORLD); // unwatched: the other has to give up first
}

} // namespace
} // namespace soapstone::search
