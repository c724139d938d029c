// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/parallel/communicator.hpp"

#include "soapstone/base/error.hpp"

#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace soapstone::parallel {
namespace {

/// Counts the communicators that are freed, through an attribute that MPI deletes with each.
class FreeCounter {
public:
  FreeCounter() { MPI_Comm_create_keyval(MPI_COMM_NULL_COPY_FN, count, &key_, this); }
  ~FreeCounter() { MPI_Comm_free_keyval(&key_); }
  FreeCounter(const FreeCounter&) = delete;
  FreeCounter& operator=(const FreeCounter&) = delete;
  void watch(const Communicator& comm) { MPI_Comm_set_attr(comm.get(), key_, this); }
  int freed() const { return freed_; }

private:
  static int count(MPI_Comm, int, void*, void* self) {
    ++static_cast<FreeCounter*>(self)->freed_;
    return MPI_SUCCESS;
  }
  int key_ = MPI_KEYVAL_INVALID, freed_ = 0;
};

int world_rank() {
  int rank = -1;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  return rank;
}

int world_size() {
  int size = 0;
  MPI_Comm_size(MPI_COMM_WORLD, &size);
  return size;
}

static_assert(!std::is_copy_constructible_v<Communicator> && !std::is_copy_assignable_v<Communicator>);
static_assert(std::is_nothrow_move_constructible_v<Communicator>);

TEST(Communicator, world_and_self) {
  const auto world = Communicator::world(), self = Communicator::self();
  EXPECT_EQ(world.rank(), world_rank());
  EXPECT_EQ(world.size(), world_size());
  EXPECT_EQ(world.get(), MPI_COMM_WORLD);
  EXPECT_EQ(self.rank(), 0);
  EXPECT_EQ(self.size(), 1);
}

TEST(Communicator, borrowed_ones_are_not_freed) {
  const auto owner = Communicator::world().duplicate();
  FreeCounter counter;
  counter.watch(owner);
  {
    const auto borrowed = Communicator::borrow(owner.get());
    EXPECT_EQ(borrowed.size(), world_size());
  }
  EXPECT_EQ(counter.freed(), 0);
  owner.barrier();
}

TEST(Communicator, duplicates_are_freed_once) {
  FreeCounter counter;
  {
    const auto copy = Communicator::world().duplicate();
    counter.watch(copy);
    EXPECT_NE(copy.get(), MPI_COMM_WORLD);
    EXPECT_EQ(copy.rank(), world_rank());
    copy.barrier();
  }
  EXPECT_EQ(counter.freed(), 1);
}

TEST(Communicator, moving_hands_over_the_duty_to_free) {
  FreeCounter counter;
  {
    auto first = Communicator::world().duplicate();
    auto replaced = Communicator::world().duplicate();
    counter.watch(first);
    counter.watch(replaced);
    Communicator second(std::move(first));
    EXPECT_EQ(counter.freed(), 0);
    replaced = std::move(second);
    EXPECT_EQ(counter.freed(), 1);
    EXPECT_EQ(replaced.size(), world_size());
    auto& same = replaced;
    replaced = std::move(same);
    EXPECT_EQ(counter.freed(), 1);
    replaced.barrier();
  }
  EXPECT_EQ(counter.freed(), 2);
}

TEST(Communicator, split_by_parity) {
  FreeCounter counter;
  {
    const auto half = Communicator::world().split(world_rank() % 2, world_rank());
    counter.watch(half);
    EXPECT_EQ(half.rank(), world_rank() / 2);
    EXPECT_EQ(half.size(), (world_size() + 1 - world_rank() % 2) / 2);
  }
  EXPECT_EQ(counter.freed(), 1);
}

TEST(Communicator, keys_order_the_ranks) {
  const auto reversed = Communicator::world().split(0, -world_rank());
  EXPECT_EQ(reversed.rank(), world_size() - 1 - world_rank());
}

TEST(Communicator, a_negative_colour_stays_outside) {
  const bool inside = world_rank() != 0;
  const auto rest = Communicator::world().split(inside ? 3 : -1, 0);
  EXPECT_EQ(rest.is_null(), !inside);
  EXPECT_EQ(rest.size(), inside ? world_size() - 1 : 0);
  EXPECT_EQ(rest.rank(), inside ? world_rank() - 1 : -1);
}

// More than MPI implementations have at once: a leak would show.
TEST(Communicator, thousands_one_after_the_other) {
  for (int i = 0; i < 3000; ++i)
    static_cast<void>(Communicator::self().duplicate());
}

TEST(CheckMpi, success_passes) {
  EXPECT_NO_THROW(check_mpi(MPI_SUCCESS, "MPI_Anything"));
}

TEST(CheckMpi, names_the_call_and_the_reason) {
  try {
    check_mpi(MPI_ERR_RANK, "MPI_Send");
    FAIL() << "passed";
  } catch (const InternalError& error) {
    const std::string text = error.what();
    EXPECT_NE(text.find("MPI_Send: "), std::string::npos) << text;
    EXPECT_NE(text.find("rank"), std::string::npos) << text;
  }
}

} // namespace
} // namespace soapstone::parallel
