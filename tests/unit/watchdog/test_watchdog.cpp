// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/watchdog/watchdog.hpp"

#include <gtest/gtest.h>

#include "soapstone/base/stopwatch.hpp"
#include "soapstone/parallel/agree.hpp"
#include "soapstone/parallel/collectives.hpp"
#include "soapstone/parallel/waiting.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace soapstone::watchdog {

using parallel::agree;
using parallel::all_gather;
using parallel::all_reduce;
using parallel::announce_stage;
using parallel::arrive;
using parallel::await_busy;
using parallel::Communicator;
using parallel::show_life;
using parallel::wait_all;
using parallel::wait_until;

namespace {

void sleep_for(double seconds) {
  std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
}

/// What arrive() threw, or nothing.
std::optional<RankMissing> arrival(const Communicator& comm) {
  try {
    arrive(comm.get());
  } catch (const RankMissing& error) {
    return error;
  }
  return std::nullopt;
}

/// Never freed: a barrier that was given up stays under way on it.
Communicator lasting_split(bool mine) {
  static auto& kept = *new std::vector<MPI_Comm>; // within reach, so that it counts as no leak
  MPI_Comm_split(MPI_COMM_WORLD, mine ? 0 : MPI_UNDEFINED, 0, &kept.emplace_back(MPI_COMM_NULL));
  return Communicator::borrow(kept.back());
}

Communicator lasting_duplicate() {
  return lasting_split(true);
}

TEST(Watchdog, collectives_give_the_same_under_it) {
  const auto world = Communicator::world();
  const Watchdog watchdog(world, 60);
  const auto half = world.split(world.rank() % 2, 0);
  for (int repeat = 0; repeat < 50; ++repeat) {
    ASSERT_EQ(all_reduce(world, 1), world.size());
    ASSERT_EQ(all_reduce(half, world.rank() % 2, MPI_MAX), world.rank() % 2);
    ASSERT_EQ(all_gather(world, world.rank()).back(), world.size() - 1);
    agree(half, [] {});
  }
}

TEST(Watchdog, ranks_that_are_late_but_come_are_waited_for) {
  const auto world = Communicator::world();
  const Watchdog watchdog(world, 5);
  for (int late = 0; late < world.size(); ++late) {
    if (world.rank() == late)
      sleep_for(0.2);
    EXPECT_FALSE(arrival(world).has_value());
  }
}

// The lowest of the waiting ranks speaks for all, and gives up after its time and the 2 s for answers.
TEST(Watchdog, the_rank_that_hangs_is_named_with_the_stage) {
  const auto world = Communicator::world();
  if (world.size() < 2)
    GTEST_SKIP() << "nobody to wait for";
  const Watchdog watchdog(world, 0.3);
  announce_stage("a stage");
  const int hung = world.size() - 1;
  if (world.rank() == hung)
    sleep_for(3.2);
  const Stopwatch watch;
  const auto error = arrival(world);
  if (world.rank() != 0) {
    EXPECT_FALSE(error.has_value());
    return;
  }
  ASSERT_TRUE(error.has_value());
  EXPECT_LT(watch.seconds(), 3.1);
  EXPECT_EQ(error->ranks(), std::vector<int>{hung});
  EXPECT_EQ(error->code(), ExitCode::internal);
  const std::string text = error->what();
  EXPECT_NE(text.find("rank " + std::to_string(hung) + " has not responded"), std::string::npos) << text;
  EXPECT_NE(text.find("'a stage'"), std::string::npos) << text;
}

TEST(Watchdog, ranks_of_a_part_are_named_as_in_the_world) {
  const auto world = Communicator::world();
  if (world.size() < 3)
    GTEST_SKIP() << "three ranks wanted";
  const Watchdog watchdog(world, 0.3);
  MPI_Comm made = MPI_COMM_NULL;
  MPI_Comm_split(MPI_COMM_WORLD, world.rank() == 0 ? MPI_UNDEFINED : 0, -world.rank(), &made); // backwards
  const auto upper = Communicator::borrow(made);
  const int hung = 1;
  if (world.rank() == hung)
    sleep_for(3.2);
  if (world.rank() > 1) {
    const auto error = arrival(upper);
    EXPECT_EQ(error.has_value(), world.rank() == 2);
    if (error) {
      EXPECT_EQ(error->ranks(), std::vector<int>{hung});
    }
  } else if (world.rank() == 1) {
    EXPECT_FALSE(arrival(upper).has_value());
  }
}

// 0 waits for 1, and 1 for 2, who hangs: 0 knows of 2 by what 1 answers.
TEST(Watchdog, a_rank_that_others_are_awaited_for_is_named) {
  const auto world = Communicator::world();
  if (world.size() != 3)
    GTEST_SKIP() << "three ranks wanted";
  const auto head = lasting_split(world.rank() < 2), tail = lasting_split(world.rank() > 0);
  const int hung = 2;
  {
    const Watchdog watchdog(world, 0.3);
    if (world.rank() == hung)
      sleep_for(3.2);
    const auto error = arrival(world.rank() == 0 ? head : tail);
    EXPECT_EQ(error.has_value(), world.rank() != hung);
    if (error) {
      EXPECT_EQ(error->ranks(), std::vector<int>{hung});
    }
    MPI_Barrier(MPI_COMM_WORLD);
    if (world.rank() == 1) {
      EXPECT_FALSE(arrival(head).has_value()); // for which 0 waited: nothing of it is left under way
    }
  }
  world.barrier();
}

TEST(Watchdog, ranks_that_wait_for_different_things_are_told_so) {
  const auto world = Communicator::world();
  if (world.size() < 2)
    GTEST_SKIP() << "nobody to wait for";
  const auto one = lasting_duplicate(), other = lasting_duplicate();
  const Watchdog watchdog(world, 0.3);
  if (world.rank() == 0) {
    const auto error = arrival(one);
    ASSERT_TRUE(error.has_value());
    EXPECT_TRUE(error->ranks().empty());
    EXPECT_FALSE(arrival(other).has_value()); // for which the others wait
  } else {
    EXPECT_FALSE(arrival(other).has_value());
    EXPECT_FALSE(arrival(one).has_value());
  }
}

/// Works for so many seconds and shows life meanwhile.
void work_for(double seconds) {
  for (const Stopwatch watch; watch.seconds() < seconds; show_life())
    sleep_for(0.02);
}

TEST(Watchdog, ranks_at_work_are_waited_for_as_long_as_they_show_life) {
  const auto world = Communicator::world();
  const Watchdog watchdog(world, 0.3);
  const bool busy = world.rank() == world.size() - 1;
  if (busy)
    work_for(4); // many times the watchdog's time, and more than that and the time for answers
  int calls = 0;
  await_busy(world.get(), [&] { ++calls; });
  if (!busy) {
    EXPECT_GT(calls, 10);
  }
}

// Rank 1 shows life, or waits for somebody else, but the last one does neither.
TEST(Watchdog, a_silent_rank_is_named_among_busy_ones) {
  const auto world = Communicator::world();
  if (world.size() != 3)
    GTEST_SKIP() << "three ranks wanted";
  const auto all = lasting_duplicate();
  const int hung = 2;
  const Watchdog watchdog(world, 0.3);
  std::optional<RankMissing> error;
  if (world.rank() == 0) {
    try {
      await_busy(all.get(), [] {});
    } catch (const RankMissing& missing) {
      error = missing;
    }
  } else {
    world.rank() == hung ? sleep_for(4) : work_for(4);
    await_busy(all.get(), [] {}); // for which 0 waited: nothing of it is left under way
  }
  ASSERT_EQ(error.has_value(), world.rank() == 0);
  if (error) {
    EXPECT_EQ(error->ranks(), std::vector<int>{hung});
    EXPECT_EQ(std::string(error->what()).find("rank 2 has not responded, and rank 0 has waited"), 0U)
        << error->what();
  }
}

TEST(Watchdog, what_is_waited_for_may_be_done_meanwhile) {
  const auto world = Communicator::world();
  const Watchdog watchdog(world, 5);
  int polls = 0;
  wait_until(world.get(), [&] { return ++polls == 20; });
  EXPECT_EQ(polls, 20);
}

} // namespace
} // namespace soapstone::watchdog
