// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/features/feature_block.hpp"

#include <gtest/gtest.h>

using namespace soapstone::features;

// Three structures with 1, 0 and 2 environments: the first and the last in different groups, with different
// segments.
TEST(FeatureBlock, DenseRowsStandInStructureOrder) {
  FeatureLayout layout{{2, 1, 3}};
  EXPECT_EQ(layout.total_width(), 6);
  FeatureBlock block;
  block.structures = 3;
  block.groups.push_back({{{0, 2, 0}, {2, 3, 2}}, 5, {2}, {2}, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10}});
  block.groups.push_back({{{1, 1, 0}}, 1, {0, 1}, {1, 0}, {42}});
  EXPECT_EQ(block.groups[0].rows(), 2);
  EXPECT_EQ(block.bytes(), 11 * sizeof(double));
  EXPECT_EQ(to_dense(block, layout),
            (std::vector<double>{0, 0, 42, 0, 0, 0, 1, 2, 0, 3, 4, 5, 6, 7, 0, 8, 9, 10}));
}

TEST(FeatureBlock, MayBeEmpty) {
  EXPECT_TRUE(to_dense(FeatureBlock{}, FeatureLayout{{2}}).empty());
}
