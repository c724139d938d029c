// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/parallel/collectives.hpp"

#include <limits>
#include <numeric>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace soapstone::parallel {
namespace {

/// Every type that the project sends.
using Types = testing::Types<double, float, char, std::uint8_t, std::int32_t, std::int64_t, std::uint64_t>;

template <typename T>
class Collectives : public testing::Test {
protected:
  Communicator world_ = Communicator::world();
  int rank() const { return world_.rank(); }
  int size() const { return world_.size(); }
  /// What rank r contributes at place i; below 128, so that every type holds it.
  static T value(int r, std::size_t i) { return static_cast<T>((7 * r + static_cast<int>(i % 40)) % 120); }
};
TYPED_TEST_SUITE(Collectives, Types);

TYPED_TEST(Collectives, the_type_has_the_right_size) {
  int bytes = 0;
  MPI_Type_size(mpi_type<TypeParam>(), &bytes);
  EXPECT_EQ(bytes, static_cast<int>(sizeof(TypeParam)));
}

TYPED_TEST(Collectives, broadcast_from_every_root) {
  for (int root = 0; root < this->size(); ++root) {
    TypeParam one = this->value(this->rank(), 3);
    broadcast(this->world_, one, root);
    EXPECT_EQ(one, this->value(root, 3));
    std::vector<TypeParam> many(100);
    for (std::size_t i = 0; i < many.size(); ++i)
      many[i] = this->value(this->rank(), i);
    broadcast(this->world_, std::span<TypeParam>(many), root);
    for (std::size_t i = 0; i < many.size(); ++i)
      EXPECT_EQ(many[i], this->value(root, i));
  }
}

TYPED_TEST(Collectives, broadcast_resizes_vectors) {
  for (const std::size_t length : {0, 1, 1000}) {
    const int root = this->size() - 1;
    std::vector<TypeParam> values(this->rank() == root ? length : 17, this->value(root, 5));
    broadcast(this->world_, values, root);
    EXPECT_EQ(values, std::vector<TypeParam>(length, this->value(root, 5)));
  }
}

TYPED_TEST(Collectives, all_reduce_sums_and_finds_extremes) {
  const auto size = this->size();
  const int place = this->rank() + 1, sum = size * (size + 1) / 2;
  const auto mine = static_cast<TypeParam>(place);
  // Reductions of characters are not defined by MPI.
  if constexpr (!std::is_same_v<TypeParam, char>) {
    EXPECT_EQ(all_reduce(this->world_, mine), static_cast<TypeParam>(sum));
    EXPECT_EQ(all_reduce(this->world_, mine, MPI_MAX), static_cast<TypeParam>(size));
    EXPECT_EQ(all_reduce(this->world_, mine, MPI_MIN), static_cast<TypeParam>(1));
    std::vector<TypeParam> many(3, mine);
    many[1] = 0;
    all_reduce(this->world_, std::span<TypeParam>(many));
    EXPECT_EQ(many[0], static_cast<TypeParam>(sum));
    EXPECT_EQ(many[1], TypeParam{0});
    std::vector<TypeParam> none;
    all_reduce(this->world_, std::span<TypeParam>(none));
  }
}

TYPED_TEST(Collectives, all_gather_in_rank_order) {
  const auto all = all_gather(this->world_, this->value(this->rank(), 0));
  ASSERT_EQ(all.size(), static_cast<std::size_t>(this->size()));
  for (int r = 0; r < this->size(); ++r)
    EXPECT_EQ(all[static_cast<std::size_t>(r)], this->value(r, 0));
}

TYPED_TEST(Collectives, all_gather_of_unequal_vectors) {
  const auto length = [](int r) { return static_cast<std::size_t>(r % 2 == 0 ? 3 * r : 0); }; // rank 0: none
  std::vector<TypeParam> mine(length(this->rank())), wanted;
  for (std::size_t i = 0; i < mine.size(); ++i)
    mine[i] = this->value(this->rank(), i);
  for (int r = 0; r < this->size(); ++r)
    for (std::size_t i = 0; i < length(r); ++i)
      wanted.push_back(this->value(r, i));
  EXPECT_EQ(all_gather(this->world_, mine), wanted);
}

TYPED_TEST(Collectives, all_gather_of_nothing) {
  EXPECT_TRUE(all_gather(this->world_, std::vector<TypeParam>{}).empty());
}

TEST(CollectivesOfText, broadcast) {
  const auto world = Communicator::world();
  for (const std::string& text :
       {std::string(), std::string("CH\u2084"), std::string("a\0b", 3), std::string(100000, 'x')}) {
    std::string mine = world.rank() == world.size() - 1 ? text : "something else";
    broadcast(world, mine, world.size() - 1);
    EXPECT_EQ(mine, text);
  }
}

TEST(CollectivesOfLargeNumbers, no_bits_get_lost) {
  const auto world = Communicator::world();
  const auto largest = std::numeric_limits<std::uint64_t>::max() - static_cast<std::uint64_t>(world.rank());
  EXPECT_EQ(all_reduce(world, largest, MPI_MAX), std::numeric_limits<std::uint64_t>::max());
  EXPECT_EQ(all_gather(world, largest).front(), std::numeric_limits<std::uint64_t>::max());
  EXPECT_EQ(all_reduce(world, std::numeric_limits<std::int64_t>::min() + world.rank(), MPI_MIN),
            std::numeric_limits<std::int64_t>::min());
}

TEST(CollectivesOfParts, stay_within_their_communicator) {
  const auto world = Communicator::world();
  const auto half = world.split(world.rank() % 2, world.rank());
  const auto members = all_gather(half, world.rank());
  for (std::size_t i = 0; i < members.size(); ++i)
    EXPECT_EQ(members[i], static_cast<int>(2 * i) + world.rank() % 2);
}

} // namespace
} // namespace soapstone::parallel
