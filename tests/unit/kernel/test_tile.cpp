// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/kernel/tile.hpp"

#include "fake_features.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace soapstone::kernel {
namespace {

using namespace testing;

class TileOfZeta : public ::testing::TestWithParam<int> {};

TEST_P(TileOfZeta, EqualsTheDefinition) {
  const auto rows = fake_structures(31, 1), cols = fake_structures(17, 2);
  const int zeta = GetParam();
  std::vector<double> out(40 * 17, 0.25); // leading dimension 40: what lies outside must stay
  TileWorkspace workspace;
  average_kernel_tile(fake_features(rows), fake_features(cols), zeta, 2.0, {out.data(), 31, 17, 40},
                      workspace);
  for (std::size_t j = 0; j < cols.size(); ++j) {
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const double expected = 0.25 + 2.0 * brute_kernel(rows[i], cols[j], zeta);
      EXPECT_NEAR(out[i + 40 * j], expected, 1e-12 * std::max(1.0, std::abs(expected)));
    }
    for (std::size_t i = rows.size(); i < 40; ++i)
      EXPECT_EQ(out[i + 40 * j], 0.25);
  }
}

INSTANTIATE_TEST_SUITE_P(Zetas, TileOfZeta, ::testing::Values(1, 2, 3, 4, 5, 6, 7, 8, 12, 31));

/// One number per environment: the kernel of two structures of one atom is the power of their product.
TEST(Tile, LargePowersTakeNoLongerThanSmallOnes) {
  constexpr std::size_t rows = 11; // one more than vectors take at once, and a rest
  features::FeatureBlock one{1, {{{{0, 1, 0}}, 1, {0}, {1}, {1.0}}}},
      several{rows, {{{{0, 1, 0}}, 1, {}, {}, {}}}};
  auto& group = several.groups.front();
  for (std::size_t i = 0; i < rows; ++i) {
    group.structures.push_back(static_cast<std::int32_t>(i));
    group.environments.push_back(1);
    group.values.push_back(i % 2 == 0 ? 1 - 1e-9 * static_cast<double>(i)
                                      : -1 + 1e-9 * static_cast<double>(i));
  }
  TileWorkspace workspace;
  for (const int zeta : {2147483646, 2147483647}) {
    std::vector<double> out(rows, 0.0);
    average_kernel_tile(several, one, zeta, 1.0, {out.data(), rows, 1}, workspace);
    for (std::size_t i = 0; i < rows; ++i) {
      const double sign = i % 2 == 0 || zeta % 2 == 0 ? 1 : -1;
      EXPECT_NEAR(out[i], sign * std::exp(zeta * std::log1p(-1e-9 * static_cast<double>(i))), 1e-6) << zeta;
    }
  }
}

TEST(Tile, EqualsTheDefinitionBeyondOneChunk) {
  const auto rows = fake_structures(700, 3),
             cols = fake_structures(900, 4); // some groups are longer than a chunk
  std::vector<double> out(700 * 900, 0.0);
  TileWorkspace workspace;
  average_kernel_tile(fake_features(rows), fake_features(cols), 2, 1.0, {out.data(), 700, 900}, workspace);
  for (std::size_t j = 0; j < cols.size(); j += 7)
    for (std::size_t i = 0; i < rows.size(); i += 5)
      ASSERT_NEAR(out[i + 700 * j], brute_kernel(rows[i], cols[j], 2), 1e-12);
}

/// The memory of a tile does not grow with the largest structure.
TEST(Tile, CutsLargeStructures) {
  auto rows = fake_structures(3, 5), cols = fake_structures(4, 6);
  rows[1] = large_structure(1100, 15, 7);
  cols[2] = large_structure(1700, 15, 8);
  std::vector<double> out(12, 0.0);
  TileWorkspace workspace;
  average_kernel_tile(fake_features(rows), fake_features(cols), 3, 1.0, {out.data(), 3, 4}, workspace);
  for (std::size_t j = 0; j < cols.size(); ++j)
    for (std::size_t i = 0; i < rows.size(); ++i)
      EXPECT_NEAR(out[i + 3 * j], brute_kernel(rows[i], cols[j], 3), 1e-12);
  EXPECT_LE(workspace.products.size(), 768u * 768u);
}

TEST(Tile, CountsTheOperationsOfSharedSegmentsOnly) {
  structure::Structure a{{1, 1}, {{0, 0, 0}, {1, 0, 0}}, {}};               // segment 0 only, width 3
  structure::Structure b{{3, 3, 3}, {{0, 0, 1}, {1, 0, 1}, {2, 0, 1}}, {}}; // segments 0 and 1
  structure::Structure c{{2}, {{0, 0, 0}}, {}};                             // segment 1
  std::vector<double> out(1, 0.0);
  TileWorkspace workspace;
  EXPECT_EQ(average_kernel_tile(fake_features({&a, 1}), fake_features({&b, 1}), 2, 1.0, {out.data(), 1, 1},
                                workspace),
            2.0 * 2 * 3 * 3);
  EXPECT_EQ(average_kernel_tile(fake_features({&a, 1}), fake_features({&c, 1}), 2, 1.0, {out.data(), 1, 1},
                                workspace),
            0.0);
}

TEST(StructureMeans, MakeTheLinearKernelAPlainDotProduct) {
  const auto rows = fake_structures(23, 5), cols = fake_structures(19, 6);
  std::vector<double> out(23 * 19, 0.0);
  TileWorkspace workspace;
  average_kernel_tile(structure_means(fake_features(rows)), structure_means(fake_features(cols)), 1, 1.0,
                      {out.data(), 23, 19}, workspace);
  for (std::size_t j = 0; j < cols.size(); ++j)
    for (std::size_t i = 0; i < rows.size(); ++i)
      EXPECT_NEAR(out[i + 23 * j], brute_kernel(rows[i], cols[j], 1), 1e-13);
}

} // namespace
} // namespace soapstone::kernel
