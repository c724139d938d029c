// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <functional>

namespace soapstone::search {

/// Ranks divided into groups of equal size, consecutive ranks together; what is left over is idle. Equal
/// sizes, because the last digits of a result depend on the process grid: the same whichever group has a
/// point.
struct GroupLayout {
  int groups = 1, ranks_per_group = 1;
  int group_of(int rank) const { ///< -1: idle
    return rank < groups * ranks_per_group ? rank / ranks_per_group : -1;
  }
};

/// `groups` groups, or fewer where there are fewer ranks.
GroupLayout layout_groups(int ranks, int groups);

/// Returns as many groups as there are ranks or tasks, as long as a point fits into a group's memory: one
/// rank alone communicates nothing. Of numbers of groups that leave the same ranks to each, the largest.
GroupLayout choose_groups(int ranks, std::int64_t tasks,
                          const std::function<bool(int ranks_per_group)>& fits);

} // namespace soapstone::search
