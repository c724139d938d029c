// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/structure/compositions.hpp"

#include "soapstone/base/random.hpp"

#include <cmath>
#include <gtest/gtest.h>

namespace soapstone::structure {

namespace {

constexpr int H = 1, C = 6, N = 7, O = 8, Na = 11, Cl = 17;

CompositionSpan span_of(const std::vector<Composition>& compositions) {
  CompositionSpan span;
  for (const auto& one : compositions)
    span.add(one);
  return span;
}

std::vector<std::string> relations_of(const CompositionSpan& span) {
  std::vector<std::string> texts;
  for (const auto& relation : span.relations())
    texts.push_back(to_string(relation));
  return texts;
}

using Texts = std::vector<std::string>;

} // namespace

TEST(Compositions, OfAStructure) {
  const Structure water{{8, 1, 1}, {{0, 0, 0}, {0, 0, 1}, {0, 1, 0}}, {}, {}};
  EXPECT_EQ(composition_of(water), (Composition{{H, 2}, {O, 1}}));
  EXPECT_EQ(CompositionSpan(std::vector{water, water}).rank(), 1U);
}

TEST(Compositions, ASingleOneTellsNoElements) {
  const auto span = span_of({{{H, 2}, {O, 1}}, {{H, 4}, {O, 2}}, {{H, 8}, {O, 4}}});
  EXPECT_TRUE(span.deficient());
  EXPECT_EQ(relations_of(span), (Texts{"H = 2 O"}));
  EXPECT_EQ(describe_deficiency(span), "every structure has the composition H2O or a multiple of it");
  EXPECT_TRUE(span.contains({{H, 6}, {O, 3}}));
  EXPECT_FALSE(span.contains({{H, 2}, {O, 2}}));
  EXPECT_EQ(span.distance({{H, 6}, {O, 3}}), 0);
  EXPECT_NEAR(span.distance({{H, 2}, {O, 2}}), 2 / std::sqrt(5.0), 1e-14);     // (1, -2) / sqrt 5
  EXPECT_NEAR(span.distance({{H, 2}, {O, 1}, {C, 3}, {N, 4}}), 5, 1e-14);      // all unknown elements
  EXPECT_NEAR(span.distance({{H, 2}, {O, 2}, {C, 3}}), std::sqrt(9.8), 1e-14); // both
  EXPECT_EQ(describe_deficiency(span_of({{{C, 9}, {H, 8}, {O, 4}}})),
            "every structure has the composition C9H8O4 or a multiple of it");
}

TEST(Compositions, ElementsThatAlwaysOccurTogether) {
  const auto salts = span_of({{{Na, 3}, {Cl, 3}}, {{Na, 1}, {Cl, 1}, {H, 2}, {O, 1}}, {{H, 4}, {O, 2}}});
  EXPECT_EQ(salts.rank(), 2U);
  EXPECT_EQ(relations_of(salts), (Texts{"H = 2 O", "Na = Cl"}));
  EXPECT_EQ(describe_deficiency(salts), "in every structure the numbers of atoms obey H = 2 O, Na = Cl");
  // Alkenes and their alcohols determine the energy of oxygen, but do not tell carbon from hydrogen.
  const auto alcohols = span_of({{{C, 2}, {H, 4}}, {{C, 3}, {H, 6}, {O, 1}}, {{C, 4}, {H, 8}, {O, 1}}});
  EXPECT_EQ(relations_of(alcohols), (Texts{"H = 2 C"}));
  // Every alkane obeys H = 2 C + 2, which is no linear relation.
  const auto alkanes = span_of({{{C, 1}, {H, 4}}, {{C, 2}, {H, 6}}});
  EXPECT_FALSE(alkanes.deficient());
  EXPECT_EQ(describe_deficiency(alkanes), "");
  EXPECT_EQ(relations_of(span_of({{{H, 1}, {C, 1}, {O, 2}}, {{H, 1}, {C, 2}, {O, 3}}})),
            (Texts{"H + C = O"}));
}

TEST(Compositions, IsolatedAtomsTellAll) {
  auto span = span_of({{{H, 2}, {O, 1}}});
  EXPECT_TRUE(span.add({{H, 1}}));
  EXPECT_FALSE(span.add({{O, 1}}));
  EXPECT_FALSE(span.deficient());
  EXPECT_TRUE(span.contains({{H, 1'000'001}, {O, 7}}));
  EXPECT_FALSE(span.contains({{H, 1}, {C, 1}}));
}

TEST(Compositions, OneAtomInAMillionCounts) { // no tolerance of floating-point numbers would see it
  auto span = span_of({{{H, 2'000'000}, {O, 1'000'000}}, {{H, 2'000'000}, {O, 1'000'000}}});
  EXPECT_TRUE(span.deficient());
  EXPECT_TRUE(span.add({{H, 2'000'001}, {O, 1'000'000}}));
  EXPECT_FALSE(span.deficient());
}

// Products A B of integer factors with r columns have the rank r, whatever the order of their rows.
TEST(Compositions, RanksOfRandomProducts) {
  CounterRandom random(3);
  const auto small = [&] { return static_cast<std::int64_t>(random.uniform() * 5); };
  for (std::size_t rank = 1; rank < 12; ++rank) {
    const std::size_t elements = 12, structures = 60;
    std::vector<std::vector<std::int64_t>> parts(rank, std::vector<std::int64_t>(elements));
    for (std::size_t r = 0; r < rank; ++r)
      for (std::size_t e = 0; e < elements; ++e) // Each has an element of its own and random ones.
        parts[r][e] = e < rank ? (e == r ? 1 + small() : 0) : small();
    std::vector<Composition> all;
    for (std::size_t s = 0; s < structures; ++s) {
      auto& counts = all.emplace_back();
      for (std::size_t r = 0; r < rank; ++r) {
        const auto times = s < rank ? static_cast<std::int64_t>(s == r) : 7 * small();
        for (std::size_t e = 0; e < elements; ++e)
          if (times * parts[r][e] > 0)
            counts[static_cast<int>(e) + 1] += times * parts[r][e];
      }
    }
    const auto span = span_of(all);
    EXPECT_EQ(span.rank(), rank);
    EXPECT_EQ(span.rank() + span.relations().size(), span.elements().size());
    for (const auto& counts : all) {
      EXPECT_TRUE(span.contains(counts));
      for (const auto& relation : span.relations()) {
        double sum = 0, size = 0;
        for (const auto& [z, factor] : relation)
          if (const auto found = counts.find(z); found != counts.end()) {
            sum += factor * static_cast<double>(found->second);
            size += std::abs(factor) * static_cast<double>(found->second);
          }
        EXPECT_NEAR(sum, 0, 1e-12 * size);
      }
    }
    const auto backwards = span_of({all.rbegin(), all.rend()});
    EXPECT_EQ(relations_of(backwards), relations_of(span));
  }
}

} // namespace soapstone::structure
