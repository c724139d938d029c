// SPDX-License-Identifier: BSD-3-Clause
#include "make.hpp"

#include <gtest/gtest.h>

namespace soapstone::survey {
namespace {

Fingerprint of(const Structure& structure) {
  return fingerprint(structure, structure::find_neighbours(structure, fingerprint_cutoff));
}

double distance(const Structure& a, const Structure& b) {
  const auto x = of(a), y = of(b);
  double most = 0;
  for (std::size_t k = 0; k < x.size(); ++k)
    most = std::max(most, static_cast<double>(std::abs(x[k] - y[k])));
  return most / near_tolerance(a.size());
}

TEST(Fingerprint, is_that_of_its_formula) {
  Structure pair;
  pair.species = {8, 8};
  pair.positions = {{0, 0, 0}, {0, 0, 2}};
  const double s = 4.0 / 25, t = 2 * s - 1;
  const auto found = of(pair);
  // The atoms are of one element, whose weights only differ by a factor, so that v_k / v_0 = T_k(t).
  const std::array<double, 3> chebyshev{1, t, 2 * t * t - 1};
  for (std::size_t k = 0; k < 3; ++k) {
    const double a = found[k], factor = a / (chebyshev[k] * (1 - s) * (1 - s)); // u w
    EXPECT_GT(factor, 0.25) << k;
    EXPECT_LT(factor, 2.25) << k;
  }
}

TEST(Fingerprint, does_not_change_with_place_direction_and_order) {
  for (const bool periodic : {false, true})
    for (const std::size_t atoms : {2U, 9U, 27U}) {
      const auto original = crystal({6, 1, 8}, atoms, atoms, periodic);
      EXPECT_LT(distance(original, disguised(original, 7, 0)), 0.01) << atoms << periodic;
    }
}

TEST(Fingerprint, of_small_displacements_is_near_and_of_larger_ones_is_not) {
  for (const bool periodic : {false, true})
    for (const std::size_t atoms : {8U, 27U, 125U})
      for (std::uint64_t seed = 1; seed < 20; ++seed) {
        const auto original = crystal({6, 1, 8}, atoms, seed, periodic);
        EXPECT_LT(distance(original, disguised(original, seed, 0.0002)), 1) << atoms << " " << seed;
        EXPECT_GT(distance(original, disguised(original, seed, 0.03)), 1) << atoms << " " << seed;
      }
}

TEST(Fingerprint, tells_elements_apart) {
  auto original = crystal({6, 1, 8}, 9, 1, false), other = original;
  std::swap(other.species[0], other.species[1]);
  EXPECT_GT(distance(original, other), 10);
}

TEST(ExactHash, is_equal_for_any_order_of_the_atoms_and_nothing_else) {
  const auto original = crystal({6, 1, 8}, 9, 1, true);
  auto reordered = original;
  std::swap(reordered.species[2], reordered.species[5]);
  std::swap(reordered.positions[2], reordered.positions[5]);
  EXPECT_EQ(exact_hash(original), exact_hash(reordered));
  auto moved = original, exchanged = original, stretched = original, open = original, zero = original;
  moved.positions[3][1] += 1e-12;
  std::swap(exchanged.species[0], exchanged.species[1]);
  stretched.cell.vectors[2][2] += 1e-9;
  open.cell.periodic[0] = false;
  for (const auto& other : {moved, exchanged, stretched, open})
    EXPECT_NE(exact_hash(original), exact_hash(other));
  zero.positions[0] = {0, 0, 0};
  auto negative = zero;
  negative.positions[0][0] = -0.0;
  EXPECT_EQ(exact_hash(zero), exact_hash(negative));
}

} // namespace
} // namespace soapstone::survey
