// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/kernel/feature_sample.hpp"

#include "fake_features.hpp"

#include <gtest/gtest.h>
#include <set>

namespace soapstone::kernel {
namespace {

using namespace testing;

TEST(DrawStructures, TakesDistinctOnesInOrder) {
  const auto drawn = draw_structures(100, 30, 1);
  EXPECT_EQ(drawn.size(), 30U);
  EXPECT_EQ(std::set<std::int64_t>(drawn.begin(), drawn.end()).size(), 30U);
  EXPECT_TRUE(std::is_sorted(drawn.begin(), drawn.end()));
  EXPECT_GE(drawn.front(), 0);
  EXPECT_LT(drawn.back(), 100);
  EXPECT_NE(drawn, draw_structures(100, 30, 2));
  EXPECT_EQ(draw_structures(5, 30, 1).size(), 5U);
}

/// A row as a set can hold it.
using Row = std::vector<double>;

std::multiset<Row> rows_of(const features::FeatureGroup& group) {
  std::multiset<Row> rows;
  for (std::int64_t r = 0; r < group.rows(); ++r)
    rows.emplace(group.values.begin() + r * group.width, group.values.begin() + (r + 1) * group.width);
  return rows;
}

TEST(DrawRows, KeepsEverythingWhereThereIsRoom) {
  const auto structures = fake_structures(90, 4);
  const auto sample = draw_rows(fake_features, structures, {90, 1000}, 1);
  const auto all = fake_features(structures);
  EXPECT_EQ(sample.structures, 90);
  ASSERT_EQ(sample.groups.size(), all.groups.size());
  for (const auto& group : sample.groups) { // groups come in another order
    const auto same = std::find_if(all.groups.begin(), all.groups.end(),
                                   [&](const auto& other) { return other.segments == group.segments; });
    ASSERT_NE(same, all.groups.end());
    EXPECT_EQ(rows_of(group), rows_of(*same));
    EXPECT_EQ(group.structures, same->structures);
  }
}

TEST(DrawRows, TakesEquallyManyOfEveryStructure) {
  const auto structures = fake_structures(90, 4);
  const auto drawn = draw_structures(90, 50, 3);
  const auto sample = draw_rows(fake_features, structures, {50, 100}, 3);
  EXPECT_EQ(sample.structures, 50);
  std::size_t seen = 0;
  for (const auto& group : sample.groups) {
    const double* row = group.values.data();
    for (std::size_t i = 0; i < group.structures.size(); ++i, ++seen) {
      const auto& structure =
          structures[static_cast<std::size_t>(drawn[static_cast<std::size_t>(group.structures[i])])];
      ASSERT_EQ(group.environments[i], std::min<int>(2, static_cast<int>(structure.size())));
      const auto all = rows_of(fake_features({&structure, 1}).groups[0]);
      for (int e = 0; e < group.environments[i]; ++e, row += group.width)
        EXPECT_EQ(all.count(Row(row, row + group.width)), 1U);
    }
  }
  EXPECT_EQ(seen, 50U);
}

} // namespace
} // namespace soapstone::kernel
