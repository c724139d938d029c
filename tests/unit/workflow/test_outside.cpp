// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/workflow/outside.hpp"

#include "configure.hpp"
#include "soapstone/base/random.hpp"

#include <gmock/gmock.h>
#include <set>

namespace soapstone::workflow {
namespace {

using structure::Structure;
using testing::ElementsAre;
using testing::HasSubstr;

Structure of(std::vector<std::uint8_t> species) {
  Structure structure;
  structure.positions.resize(species.size());
  structure.species = std::move(species);
  return structure;
}

const Structure water = of({8, 1, 1}), two_waters = of({8, 8, 1, 1, 1, 1}), peroxide = of({8, 8, 1, 1}),
                methane = of({6, 1, 1, 1, 1});

TEST(Outside, is_told_with_reason_place_and_distance) {
  const structure::CompositionSpan span(std::vector{water, water});
  auto far = of({8, 8, 8, 8, 1, 1});
  far.origin.frame = 7;
  const std::vector structures{two_waters, peroxide, far, water};
  const auto outside = outside_of(span, structures);
  EXPECT_THAT(outside.places, ElementsAre(1, 2));
  EXPECT_EQ(outside.farthest, 2);
  EXPECT_NEAR(outside.distance, 6 / std::sqrt(5.0), 1e-12);
  const auto text = describe_outside(outside, span, structures);
  EXPECT_THAT(text,
              HasSubstr("every training structure has the composition H2O or a multiple of it. First: "));
  EXPECT_THAT(text, HasSubstr("2.68 atoms from the nearest composition"));
  const std::vector carbon{methane};
  EXPECT_THAT(describe_outside(outside_of(span, carbon), span, carbon),
              HasSubstr(", and no training structure contains C."));
}

regression::Folds folds_of(std::vector<std::int64_t> offsets) {
  return {{}, std::move(offsets)};
}

TEST(LeftOut, lone_elements_and_compositions) {
  const std::vector structures{water, peroxide, two_waters, water, methane, two_waters};
  const auto folds = folds_of({0, 2, 4, 6});
  const auto by_composition = left_out_of(train({}), structures, folds);
  EXPECT_THAT(by_composition.flags, ElementsAre(0, 1, 0, 0, 1, 0));
  EXPECT_EQ(by_composition.by_composition, 1);
  EXPECT_EQ(by_composition.by_elements, 1);
  EXPECT_THAT(by_composition.lacking, ElementsAre(6));
  EXPECT_THAT(left_out_of(train({"--data.baseline", "mean"}), structures, folds).flags,
              ElementsAre(0, 0, 0, 0, 1, 0));
  // An element with a channel of its own is not unknown, but a fitted baseline can only guess its energy.
  EXPECT_THAT(left_out_of(train({"--species.elements", "H,C,O"}), structures, folds).flags,
              ElementsAre(0, 1, 0, 0, 1, 0));
  EXPECT_THAT(
      left_out_of(train({"--species.elements", "H,C,O", "--data.baseline", "mean"}), structures, folds).flags,
      testing::IsEmpty());
  EXPECT_TRUE(left_out_of(train({}), {water, two_waters}, folds_of({0, 1, 2})).flags.empty());
}

/// Finds, by the definition, the span and the elements of the other structures for every structure.
std::vector<std::uint8_t> by_definition(const std::vector<Structure>& structures,
                                        const regression::Folds& folds) {
  std::vector<std::uint8_t> flags(structures.size(), 0);
  for (std::int64_t fold = 0; fold < folds.count(); ++fold) {
    structure::CompositionSpan others;
    for (std::int64_t s = 0; s < static_cast<std::int64_t>(structures.size()); ++s)
      if (s < folds.begin(fold) || s >= folds.end(fold))
        others.add(structure::composition_of(structures[static_cast<std::size_t>(s)]));
    for (auto s = folds.begin(fold); s < folds.end(fold); ++s)
      flags[static_cast<std::size_t>(s)] =
          others.contains(structure::composition_of(structures[static_cast<std::size_t>(s)])) ? 0 : 1;
  }
  return flags;
}

TEST(LeftOut, is_what_the_definition_says) {
  CounterRandom random(11);
  std::int64_t some = 0;
  for (int turn = 0; turn < 200; ++turn) {
    std::vector<Structure> structures;
    const auto count = 4 + random.below(12), elements = 2 + random.below(6);
    for (std::uint64_t s = 0; s < count; ++s) {
      std::vector<std::uint8_t> species;
      for (std::uint64_t a = 0; a < 1 + random.below(5); ++a)
        species.push_back(static_cast<std::uint8_t>(1 + random.below(elements)));
      structures.push_back(of(species));
    }
    const auto n = static_cast<std::int64_t>(count);
    const auto folds =
        turn % 3 == 0 ? folds_of({0, n / 2, n}) : regression::draw_folds(n, turn % 3 == 1 ? n : 4, 1);
    const auto found = left_out_of(train({}), structures, folds);
    auto flags = found.flags;
    flags.resize(structures.size(), 0);
    EXPECT_EQ(flags, by_definition(structures, folds)) << turn;
    some += found.by_composition + found.by_elements;
  }
  EXPECT_GT(some, 200);
}

} // namespace
} // namespace soapstone::workflow
