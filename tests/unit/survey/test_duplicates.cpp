// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/survey/duplicates.hpp"

#include "make.hpp"

#include <gtest/gtest.h>
#include <set>

namespace soapstone::survey {
namespace {

using Indices = std::set<std::pair<std::int64_t, std::int64_t>>;

Indices pairs_of(const std::vector<Pair>& pairs) {
  Indices found;
  for (const auto& pair : pairs)
    found.insert({pair.first, pair.second});
  return found;
}

std::vector<double> energies_of(const Collection& data) {
  std::vector<double> energies;
  for (const auto& record : data.records)
    energies.push_back(record.target / record.atoms);
  return energies;
}

TEST(Duplicates, equal_structures_that_agree_or_contradict) {
  Collection data;
  Adder add(data);
  for (std::uint64_t seed = 0; seed < 6; ++seed)
    add(crystal({6, 1}, 8, seed, false), -10);
  add(crystal({6, 1}, 8, 2, false), -10);   // 6 is 2
  add(crystal({6, 1}, 8, 4, false), -9, 1); // 7 is 4 and is not, in another file
  add(crystal({6, 1}, 8, 2, false), NAN);   // 8 is 2
  const auto found = exact_duplicates(data, energies_of(data), 1e-6);
  EXPECT_EQ(found.frames, 3);
  EXPECT_EQ(pairs_of(found.first), (Indices{{2, 6}, {4, 7}, {2, 8}}));
  EXPECT_EQ(found.across_files, 1);
  EXPECT_EQ(pairs_of(found.crossing), (Indices{{4, 7}}));
  EXPECT_EQ(found.contradictions, 1);
  ASSERT_EQ(found.contradicting.size(), 1U);
  EXPECT_NEAR(found.contradicting[0].difference, 1.0 / 8, 1e-9);
  EXPECT_EQ(near_duplicates(data, energies_of(data), 0.01).pairs, 0);
}

TEST(Duplicates, near_ones_are_copies_that_were_moved_turned_reordered_or_rattled) {
  Collection data;
  Adder add(data);
  for (std::uint64_t seed = 0; seed < 40; ++seed)
    add(crystal({6, 1, 8}, 12, seed, seed % 2 == 0), -10);
  add(disguised(crystal({6, 1, 8}, 12, 5, false), 1, 0), -10);
  add(disguised(crystal({6, 1, 8}, 12, 8, true), 2, 0.0002), -7);
  add(disguised(crystal({6, 1, 8}, 12, 9, false), 3, 0.1), -10);
  const auto found = near_duplicates(data, energies_of(data), 0.01);
  EXPECT_EQ(pairs_of(found.first), (Indices{{5, 40}, {8, 41}}));
  EXPECT_EQ(pairs_of(found.contradicting), (Indices{{8, 41}}));
  EXPECT_TRUE(found.complete);
}

TEST(Duplicates, near_ones_are_those_that_a_comparison_of_all_pairs_finds) {
  Collection data;
  Adder add(data);
  // The lengths of the dimers are so close to each other that many dimers are near to several others.
  CounterRandom random(3);
  for (int i = 0; i < 400; ++i) {
    const double length = 1.5 + 0.5 * random.uniform();
    add(Structure{{7, 8}, {{0, 0, 0}, {0, 0, length}}, {}}, -1);
  }
  std::int64_t pairs = 0;
  std::set<std::int64_t> frames;
  const auto tolerance = static_cast<float>(near_tolerance(2));
  for (std::size_t a = 0; a < data.records.size(); ++a)
    for (std::size_t b = a + 1; b < data.records.size(); ++b) {
      bool near = true;
      for (std::size_t k = 0; k < std::tuple_size_v<Fingerprint>; ++k)
        near = near && std::abs(data.records[a].measures.fingerprint[k] -
                                data.records[b].measures.fingerprint[k]) <= tolerance;
      if (near) {
        ++pairs;
        frames.insert(static_cast<std::int64_t>(b));
      }
    }
  const auto found = near_duplicates(data, energies_of(data), 1);
  EXPECT_GT(pairs, 100);
  EXPECT_EQ(found.pairs, pairs);
  EXPECT_EQ(found.frames, static_cast<std::int64_t>(frames.size()));
}

TEST(Duplicates, free_atoms_are_not_near_and_crowds_end) {
  Collection data;
  Adder add(data);
  for (int i = 0; i < 5000; ++i) // all near: some 12 million pairs
    add(Structure{{7, 8}, {{0, 0, 0}, {0, 0, 1.2 + 1e-9 * i}}, {}}, -1);
  add(Structure{{7}, {{0, 0, 0}}, {}}, -1);
  add(Structure{{7}, {{1, 0, 0}}, {}}, -1);
  const auto found = near_duplicates(data, energies_of(data), 1);
  EXPECT_EQ(found.frames, 4999);
  EXPECT_FALSE(found.complete);
}

} // namespace
} // namespace soapstone::survey
