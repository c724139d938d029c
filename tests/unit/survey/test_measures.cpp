// SPDX-License-Identifier: BSD-3-Clause
#include "make.hpp"

#include <gtest/gtest.h>

namespace soapstone::survey {
namespace {

Structure cube(double edge, std::vector<std::uint8_t> species, std::vector<Vec3> positions) {
  Structure made{std::move(species), std::move(positions), {}};
  made.cell.periodic = {true, true, true};
  for (std::size_t k = 0; k < 3; ++k)
    made.cell.vectors[k][k] = edge;
  return made;
}

TEST(Measures, closest_atoms_by_their_radii_and_across_the_cell) {
  // C and O at 1.2 Å (0.845 of 1.42) are closer by their radii than the two hydrogens at 0.8 (1.29).
  const auto found = measure(cube(9, {1, 1, 6, 8}, {{2, 2, 2}, {2.8, 2, 2}, {0.1, 6, 6}, {7.9, 6, 6}}), {});
  EXPECT_NEAR(found.closest_distance, 1.2, 1e-6);
  EXPECT_NEAR(found.closest_ratio, 1.2 / 1.42, 1e-6);
  EXPECT_EQ(found.closest_first, 2);
  EXPECT_EQ(found.closest_second, 3);
  EXPECT_DOUBLE_EQ(found.volume, 729);
  EXPECT_EQ(found.has_forces, 0);
}

TEST(Measures, atoms_without_neighbours) {
  Structure made{{1, 1, 8}, {{0, 0, 0}, {0.7, 0, 0}, {9, 0, 0}}, {}};
  EXPECT_EQ(measure(made, {}).lone_atoms, 1);
  const auto atom = measure(Structure{{1}, {{0, 0, 0}}, {}}, {});
  EXPECT_EQ(atom.lone_atoms, 1);
  EXPECT_TRUE(std::isnan(atom.closest_ratio));
}

TEST(Measures, atoms_at_the_same_place_end_nothing) {
  EXPECT_EQ(measure(Structure{{1, 1}, {{0, 0, 0}, {0, 0, 0}}, {}}, {}).unusable, 1);
  EXPECT_EQ(measure(Structure{{1, 1}, {{0, 0, 0}, {0, 0, 1}}, {}}, {}).unusable, 0);
}

TEST(Measures, vacuum_by_direction) {
  auto slab = cube(3, {13, 13}, {{0, 0, 1}, {1.5, 1.5, 3}});
  slab.cell.vectors[2][2] = 14; // 12 Å between the layers' images
  EXPECT_EQ(measure(slab, {}).vacuum, 4);
  slab.cell.vectors[2][2] = 9.9; // 7.9 Å
  EXPECT_EQ(measure(slab, {}).vacuum, 0);
  EXPECT_EQ(measure(cube(20, {8, 1}, {{19.9, 0, 0}, {0.7, 0.2, 0.1}}), {}).vacuum, 7);
}

TEST(Measures, fractional_coordinates) {
  EXPECT_EQ(measure(cube(4, {11, 17}, {{0, 0, 0}, {0.5, 0.5, 0.5}}), {}).fractional, 1);
  EXPECT_EQ(measure(cube(4, {11, 17}, {{0, 0, 0}, {2, 2, 2}}), {}).fractional, 0);
  EXPECT_EQ(measure(cube(4, {11}, {{0, 0, 0}}), {}).fractional, 0);
}

TEST(Measures, forces) {
  const Structure made{{1, 1}, {{0, 0, 0}, {0, 0, 1}}, {}};
  const std::vector<Vec3> forces{{3, 0, 4}, {-1, 0, -4}};
  const auto found = measure(made, forces);
  EXPECT_FLOAT_EQ(found.net_force, 1);
  EXPECT_FLOAT_EQ(found.largest_force, 5);
  EXPECT_FLOAT_EQ(found.mean_force, static_cast<float>((5 + std::sqrt(17.0)) / 2));
  const std::vector<Vec3> wrong{{NAN, 0, 0}, {0, 0, 0}};
  EXPECT_TRUE(std::isinf(measure(made, wrong).largest_force));
}

} // namespace
} // namespace soapstone::survey
