// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/search/task_counter.hpp"

#include "soapstone/parallel/collectives.hpp"

#include <algorithm>
#include <gtest/gtest.h>

namespace soapstone::search {
namespace {

TEST(TaskCounter, every_number_goes_to_one_rank) {
  const auto world = parallel::Communicator::world();
  TaskCounter counter(world);
  for (int round = 0; round < 2; ++round) {
    std::vector<std::int64_t> mine;
    for (auto next = counter.next(); next < 500; next = counter.next())
      mine.push_back(next);
    auto all = parallel::all_gather(world, mine);
    std::sort(all.begin(), all.end());
    ASSERT_EQ(all.size(), 500U);
    for (std::size_t i = 0; i < all.size(); ++i)
      EXPECT_EQ(all[i], static_cast<std::int64_t>(i));
    counter.reset();
  }
}

TEST(TaskCounter, the_stop_sign_of_one_rank_is_seen_by_all_and_stays) {
  const auto world = parallel::Communicator::world();
  TaskCounter counter(world);
  EXPECT_FALSE(counter.stopped());
  world.barrier();
  if (world.rank() == world.size() - 1)
    counter.stop();
  world.barrier();
  EXPECT_TRUE(counter.stopped());
  counter.reset();
  EXPECT_TRUE(counter.stopped());
}

} // namespace
} // namespace soapstone::search
