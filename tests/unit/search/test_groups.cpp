// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/search/groups.hpp"

#include <gtest/gtest.h>

namespace soapstone::search {
namespace {

TEST(GroupLayout, groups_are_equal_and_the_rest_is_idle) {
  const auto layout = layout_groups(7, 3);
  EXPECT_EQ(layout.ranks_per_group, 2);
  const int expected[] = {0, 0, 1, 1, 2, 2, -1};
  for (int rank = 0; rank < 7; ++rank)
    EXPECT_EQ(layout.group_of(rank), expected[rank]);
  EXPECT_EQ(layout_groups(2, 5).groups, 2);
}

void expect_layout(const GroupLayout& layout, int groups, int each) {
  EXPECT_EQ(layout.groups, groups);
  EXPECT_EQ(layout.ranks_per_group, each);
}

TEST(ChooseGroups, as_many_as_there_is_work_and_memory_for) {
  const auto always = [](int) { return true; };
  expect_layout(choose_groups(8, 100, always), 8, 1);
  expect_layout(choose_groups(8, 3, always), 3, 2);
  expect_layout(choose_groups(8, 1, always), 1, 8);
  expect_layout(choose_groups(8, 0, always), 1, 8);
  expect_layout(choose_groups(8, 100, [](int ranks) { return ranks >= 3; }), 2, 3);
  expect_layout(choose_groups(8, 100, [](int) { return false; }), 1, 8);
}

} // namespace
} // namespace soapstone::search
