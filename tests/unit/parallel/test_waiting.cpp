// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/parallel/waiting.hpp"

#include <gtest/gtest.h>

#include "soapstone/base/error.hpp"
#include "soapstone/parallel/collectives.hpp"
#include "soapstone/parallel/library_calls.hpp"

#include <string>
#include <vector>

namespace soapstone::parallel {
namespace {

/// Waits as MPI does, and remembers for what.
class RecordingHook final : public WaitHook {
public:
  RecordingHook() { install_wait_hook(this); }
  ~RecordingHook() override { install_wait_hook(nullptr); }
  void wait(MPI_Comm comm, const std::function<bool()>& done, Others others) override {
    waits.push_back(std::to_string(size_of(comm)) + (others == Others::busy ? " busy" : ""));
    while (!done()) {
    }
  }
  void show_life() override { ++signs_of_life; }
  void announce_stage(const std::string& name) override { stage = name; }

  std::vector<std::string> waits;
  std::string stage;
  int signs_of_life = 0;
};

void wait_in_every_way(const Communicator& world) {
  int number = world.rank(), received = -1;
  const int next = (world.rank() + 1) % world.size();
  std::vector<MPI_Request> requests(2);
  MPI_Isend(&number, 1, MPI_INT, next, 0, world.get(), &requests[0]);
  MPI_Irecv(&received, 1, MPI_INT, MPI_ANY_SOURCE, 0, world.get(), &requests[1]);
  wait_all(world.get(), requests);
  EXPECT_EQ(received, (world.rank() + world.size() - 1) % world.size());
  int polls = 0, meanwhile = 0;
  wait_until(world.get(), [&] { return ++polls == 3; });
  EXPECT_EQ(polls, 3);
  await_busy(world.get(), [&] { ++meanwhile; });
  announce_stage("a stage");
  show_life();
}

TEST(Waiting, is_that_of_mpi_without_a_hook) {
  EXPECT_FALSE(is_watched());
  wait_in_every_way(Communicator::world());
}

TEST(Waiting, goes_through_the_hook) {
  const auto world = Communicator::world();
  RecordingHook hook;
  EXPECT_TRUE(is_watched());
  wait_in_every_way(world);
  const auto size = std::to_string(world.size());
  EXPECT_EQ(hook.waits, (std::vector<std::string>{size, size, size + " busy"}));
  EXPECT_EQ(hook.stage, "a stage");
  EXPECT_EQ(hook.signs_of_life, 1);
}

TEST(Waiting, collectives_wait_for_others_first) {
  const auto world = Communicator::world();
  RecordingHook hook;
  EXPECT_EQ(all_reduce(world, 1), world.size());
  EXPECT_EQ(hook.waits.size(), world.size() > 1 ? 1U : 0U);
}

TEST(Waiting, has_one_hook_at_a_time) {
  const RecordingHook hook;
  EXPECT_THROW(RecordingHook(), InternalError);
}

TEST(LibraryCalls, are_announced_where_somebody_watches_and_there_are_others) {
  const auto world = Communicator::world();
  EXPECT_EQ(LibraryCalls::exchange_ranks(MPI_COMM_NULL), MPI_COMM_NULL);
  {
    const LibraryCalls unwatched(world.get());
    EXPECT_EQ(LibraryCalls::exchange_ranks(MPI_COMM_NULL), MPI_COMM_NULL);
  }
  const RecordingHook hook;
  const LibraryCalls calls(world.get());
  EXPECT_EQ(LibraryCalls::exchange_ranks(MPI_COMM_NULL), world.size() > 1 ? world.get() : MPI_COMM_NULL);
}

} // namespace
} // namespace soapstone::parallel
