// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/structure/neighbour_list.hpp"

#include "brute_force.hpp"

#include "soapstone/base/stopwatch.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <limits>

namespace soapstone::structure {

namespace {

// The same neighbours in the same order: by atom, then by image.
void expect_brute_force(const Structure& structure, double cutoff, double tolerance = 1e-12) {
  const auto expected = brute_force(structure, cutoff);
  const auto list = find_neighbours(structure, cutoff);
  for (std::size_t i = 0; i < structure.size(); ++i) {
    const auto found = list.of(i);
    ASSERT_EQ(found.size(), expected[i].size()) << "atom " << i;
    for (std::size_t n = 0; n < found.size(); ++n) {
      const auto& [atom, image, displacement, distance] = expected[i][n];
      ASSERT_EQ(found[n].atom, atom);
      for (std::size_t x = 0; x < 3; ++x)
        ASSERT_NEAR(found[n].displacement[x], displacement[x], tolerance);
      ASSERT_NEAR(found[n].distance, distance, tolerance);
      ASSERT_LT(found[n].distance, cutoff);
      ASSERT_DOUBLE_EQ(found[n].distance, norm(found[n].displacement));
    }
  }
}

} // namespace

TEST(NeighbourList, RandomCellsOfEveryPeriodicity) {
  std::mt19937_64 random(3);
  for (int repeat = 0; repeat < 320; ++repeat) {
    SCOPED_TRACE(repeat);
    const int size = repeat / 8;
    const double edge = 2.0 + 0.05 * size;
    expect_brute_force(
        random_structure(random, 1 + static_cast<std::size_t>(repeat % 13), edge, 1.5 * edge, repeat % 8),
        4.0);
  }
}

TEST(NeighbourList, CellsMuchSmallerThanTheCutoff) {
  std::mt19937_64 random(4);
  for (int repeat = 0; repeat < 40; ++repeat)
    expect_brute_force(
        random_structure(random, 1 + static_cast<std::size_t>(repeat % 2), 1.0, 1.0, repeat % 8), 6.0);
}

TEST(NeighbourList, CellsOfManyBins) {
  std::mt19937_64 random(5);
  for (int repeat = 0; repeat < 16; ++repeat)
    expect_brute_force(random_structure(random, 150, 14.0, 12.0, repeat % 8), 2.5);
}

// Pairs just within the cutoff on either side of a bin, for bins about as thick as the cutoff.
TEST(NeighbourList, PairsAcrossAWholeBin) {
  const double cutoff = 2.0;
  for (const double share : {0.9, 0.97, 0.98, 0.99, 0.99995, 0.999999, 1.0, 1.0 + 1e-9, 1.0 + 1e-5, 1.01}) {
    const double width = share * cutoff, edge = 6 * width;
    for (std::size_t axis = 0; axis < 3; ++axis)
      for (const int mask : {0, 7}) {
        Structure s{
            {},
            {},
            {{Vec3{edge, 0, 0}, Vec3{0, edge, 0}, Vec3{0, 0, edge}}, {mask != 0, mask != 0, mask != 0}}};
        for (int bin = 0; bin < 6; ++bin)
          for (const double inside : {0.0, 1e-4, 1.0, width - 1e-4})
            for (const double aside : {0.0, 0.7}) {
              s.species.push_back(1);
              s.positions.push_back({aside, aside, aside});
              s.positions.back()[axis] = bin * width + inside;
            }
        expect_brute_force(s, cutoff);
      }
  }
}

TEST(NeighbourList, AtomsFarOutsideTheirCell) {
  std::mt19937_64 random(6);
  for (int repeat = 0; repeat < 16; ++repeat)
    expect_brute_force(random_structure(random, 6, 4.0, 60.0, repeat % 8), 5.0, 1e-11);
}

TEST(NeighbourList, ObliqueCells) {
  Structure s{{6, 6},
              {{0, 0, 0}, {0.4, 0.3, 1.1}},
              {{Vec3{3, 0, 0}, Vec3{26, 2.5, 0}, Vec3{-17, 9, 4}}, {true, true, true}}};
  expect_brute_force(s, 5.0, 1e-11);
  s.cell.periodic[1] = false;
  expect_brute_force(s, 5.0, 1e-11);
}

TEST(NeighbourList, VectorsThatDoNotRepeatDoNotMatter) {
  Structure s{
      {1, 1}, {{0, 0, 0}, {1, 1, 1}}, {{Vec3{3, 0, 0}, Vec3{3, 0, 0}, Vec3{0, 0, 0}}, {true, false, false}}};
  expect_brute_force(s, 4.0);
}

TEST(NeighbourList, KnownCoordinationNumbers) {
  const double a = 4.0; // face-centred cubic: 12, 6, 24, 12 neighbours at a/√2, a, a√(3/2), a√2
  const Structure fcc{
      {29},
      {{0.3, -7, 100}},
      {{Vec3{0, a / 2, a / 2}, Vec3{a / 2, 0, a / 2}, Vec3{a / 2, a / 2, 0}}, {true, true, true}}};
  EXPECT_EQ(find_neighbours(fcc, 0.70 * a).pairs(), 0u);
  EXPECT_EQ(find_neighbours(fcc, 0.72 * a).pairs(), 12u);
  EXPECT_EQ(find_neighbours(fcc, 1.01 * a).pairs(), 18u);
  EXPECT_EQ(find_neighbours(fcc, 1.23 * a).pairs(), 42u);
  EXPECT_EQ(find_neighbours(fcc, 1.42 * a).pairs(), 54u);
}

TEST(NeighbourList, AtTheCutoffItselfThereIsNoNeighbour) {
  const Structure s{{1, 1}, {{0, 0, 0}, {0, 0, 2}}, {}};
  EXPECT_EQ(find_neighbours(s, 2.0).pairs(), 0u);
  EXPECT_EQ(find_neighbours(s, std::nextafter(2.0, 3.0)).pairs(), 2u);
}

TEST(NeighbourList, ListsAreSymmetricToTheLastBit) {
  std::mt19937_64 random(8);
  const auto s = random_structure(random, 40, 5.0, 9.0, 7);
  const auto list = find_neighbours(s, 4.0);
  for (std::size_t i = 0; i < s.size(); ++i)
    for (const auto& n : list.of(i)) {
      const Vec3 back{-n.displacement[0], -n.displacement[1], -n.displacement[2]};
      const auto others = list.of(static_cast<std::size_t>(n.atom));
      EXPECT_TRUE(std::any_of(others.begin(), others.end(), [&](const Neighbour& m) {
        return m.atom == static_cast<std::int32_t>(i) && m.displacement == back && m.distance == n.distance;
      }));
    }
}

TEST(NeighbourList, CoincidingAtomsAreNamed) {
  Structure s{{1, 1, 1}, {{0, 0, 0}, {1, 0, 0}, {1, 0, 1e-10}}, {}};
  EXPECT_THAT([&] { find_neighbours(s, 3); },
              testing::ThrowsMessage<soapstone::DataError>(testing::HasSubstr("atoms 1 and 2")));
  s = {{1, 1}, {{0.5, 0, 0}, {4.5, 0, 0}}, {{Vec3{2, 0, 0}, {}, {}}, {true, false, false}}};
  EXPECT_THAT([&] { find_neighbours(s, 3); },
              testing::ThrowsMessage<soapstone::DataError>(testing::HasSubstr("atoms 0 and 1")));
  s = {{1, 1}, {{0, 0, 0}, {1e-6, 0, 0}}, {}};
  EXPECT_EQ(find_neighbours(s, 3).pairs(), 2u);
}

TEST(NeighbourList, NonsenseIsRefused) {
  const auto refused = [](const Structure& s) { EXPECT_THROW(find_neighbours(s, 5), DataError); };
  const double nan = std::numeric_limits<double>::quiet_NaN(), inf = std::numeric_limits<double>::infinity();
  const auto cubic = [](double a) {
    return Cell{{Vec3{a, 0, 0}, Vec3{0, a, 0}, Vec3{0, 0, a}}, {true, true, true}};
  };
  refused({{1}, {{nan, 0, 0}}, {}});
  refused({{1}, {{0, -inf, 0}}, {}});
  refused({{1}, {{0, 1e300, 0}}, cubic(4)});
  refused({{1}, {{0, 0, 0}}, cubic(0)});
  refused({{1}, {{0, 0, 0}}, cubic(1e-9)});
  refused({{1}, {{0, 0, 0}}, cubic(0.01)});
  refused({std::vector<std::uint8_t>(9, 1), std::vector<Vec3>(9), cubic(0.2)}); // gigabytes of neighbours
  refused({{1}, {{0, 0, 0}}, {{Vec3{1, 0, 0}, Vec3{1, 0, 1e-9}, Vec3{0, 1, 0}}, {true, true, true}}});
  EXPECT_THROW(find_neighbours({{1}, {{0, 0, 0}}, {}}, 0), InternalError);
}

TEST(NeighbourList, LonelyAtomsAndNone) {
  EXPECT_EQ(find_neighbours({}, 5).pairs(), 0u);
  EXPECT_EQ(find_neighbours({{1}, {{1, 2, 3}}, {}}, 5).pairs(), 0u);
  EXPECT_TRUE(find_neighbours({{1}, {{1, 2, 3}}, {}}, 5).of(0).empty());
}

TEST(NeighbourList, HugeGapsCostNothing) {
  Structure s;
  std::mt19937_64 random(9);
  for (int cluster = 0; cluster < 3; ++cluster)
    for (const Vec3& r : random_structure(random, 100, 5.0, 4.0, 0).positions) {
      s.species.push_back(6);
      s.positions.push_back({r[0] + 3e8 * cluster, r[1] - 9e8 * cluster / 2, r[2]});
    }
  const Stopwatch watch;
  expect_brute_force(s, 3.0);
  EXPECT_LT(watch.seconds(), 5);
}

TEST(NeighbourList, TimeIsLinearInTheNumberOfAtoms) {
  const auto seconds_per_atom = [](int n) {
    Structure s;
    s.cell = {{Vec3{2.0 * n, 0, 0}, Vec3{0, 2.0 * n, 0}, Vec3{0, 0, 2.0 * n}}, {true, true, true}};
    for (int i = 0; i < n * n * n; ++i) {
      const int x = i % n, y = i / n % n, z = i / n / n;
      s.species.push_back(6);
      s.positions.push_back({2.0 * x, 2.0 * y, 2.0 * z});
    }
    const Stopwatch watch;
    EXPECT_EQ(find_neighbours(s, 3.0).pairs(), 18u * s.size());
    return watch.seconds() / static_cast<double>(s.size());
  };
  seconds_per_atom(8);
  EXPECT_LT(seconds_per_atom(40),
            12 * seconds_per_atom(
                     10)); // 64 times the atoms: a quadratic search would take 64 times as long per atom
}

} // namespace soapstone::structure
