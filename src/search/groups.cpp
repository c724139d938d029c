// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/search/groups.hpp"

#include <algorithm>

namespace soapstone::search {

GroupLayout layout_groups(int ranks, int groups) {
  groups = std::clamp(groups, 1, ranks);
  return {groups, ranks / groups};
}

GroupLayout choose_groups(int ranks, std::int64_t tasks, const std::function<bool(int)>& fits) {
  const auto most = std::min<std::int64_t>(ranks, std::max<std::int64_t>(1, tasks));
  for (int each = ranks / static_cast<int>(most); each < ranks; ++each)
    if (fits(each))
      return {static_cast<int>(std::min<std::int64_t>(most, ranks / each)), each};
  return {1, ranks};
}

} // namespace soapstone::search
