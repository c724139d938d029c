// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/survey/energies.hpp"

#include "make.hpp"

#include <gtest/gtest.h>

namespace soapstone::survey {
namespace {

/// A collection of chains of carbon and hydrogen, each with the energy of its composition and some noise.
struct Molecules {
  Collection data;
  std::vector<double> noise;

  /// tamper(i, energy per structure, atoms) returns the value that the file has.
  template <typename Tamper>
  explicit Molecules(std::size_t count, const Tamper& tamper) {
    Adder add(data);
    CounterRandom random(11);
    for (std::size_t i = 0; i < count; ++i) {
      const auto carbons = 1 + random.below(6), hydrogens = 1 + random.below(8);
      Structure made;
      for (std::size_t a = 0; a < carbons + hydrogens; ++a) {
        made.species.push_back(a < carbons ? 6 : 1);
        made.positions.push_back({1.3 * static_cast<double>(a), 0, 0});
      }
      const auto atoms = static_cast<double>(made.size());
      noise.push_back(0.05 * random.normal());
      const double energy = -1000.0 * static_cast<double>(carbons) - 13.0 * static_cast<double>(hydrogens) +
                            noise.back() * atoms;
      add(made, tamper(i, energy, atoms));
    }
  }
  EnergySurvey survey(bool per_atom = false) const {
    return survey_energies(data, energies_per_atom(data, 1, per_atom));
  }
};

TEST(Energies, beyond_composition_is_the_noise_and_outliers_do_not_move_the_fit) {
  const Molecules made(500, [](std::size_t i, double energy, double atoms) {
    return i == 77 ? energy + 40 * atoms : i == 300 ? energy / 27.2 : i == 301 ? NAN : energy;
  });
  const auto found = made.survey();
  EXPECT_EQ(found.known, 499);
  EXPECT_EQ(found.missing, 1);
  EXPECT_EQ(found.first_missing, 301);
  EXPECT_NEAR(found.element_energies.at(6), -1000, 0.1);
  EXPECT_NEAR(found.element_energies.at(1), -13, 0.1);
  EXPECT_EQ(found.rank, 2);
  EXPECT_NEAR(found.deviation, 0.05, 0.01);
  EXPECT_EQ(found.outliers, 2);
  ASSERT_EQ(found.worst.size(), 10U);
  EXPECT_EQ(found.worst[0].record, 300);
  EXPECT_EQ(found.worst[1].record, 77);
  EXPECT_NEAR(found.worst[1].beyond, 40, 0.3);
  EXPECT_LT(found.worst[2].deviations, 6);
  EXPECT_EQ(found.gap, 0);
  EXPECT_LT(std::abs(found.autocorrelation), 0.2);
}

TEST(Energies, scope_by_what_explains_more) {
  const Molecules total(200, [](std::size_t, double energy, double) { return energy; });
  EXPECT_GT(total.survey().explained_as_total.value(), 0.999);
  EXPECT_LT(total.survey().explained_per_atom.value(), 0.99);
  const Molecules per_atom(200, [](std::size_t, double energy, double atoms) { return energy / atoms; });
  EXPECT_GT(per_atom.survey(true).explained_per_atom.value(), 0.999);
  EXPECT_LT(per_atom.survey(true).explained_as_total.value(), 0.99);
}

TEST(Energies, two_groups_and_their_places) {
  const Molecules made(300, [](std::size_t i, double energy, double atoms) {
    return i % 3 == 0 ? energy + 3 * atoms : energy;
  });
  const auto found = made.survey();
  EXPECT_NEAR(found.gap, 3, 0.6);
  EXPECT_EQ(found.above_gap, 100);
  EXPECT_EQ(found.below_gap, 200);
  EXPECT_EQ(found.gap_example_above % 3, 0);
  EXPECT_NE(found.gap_example_below % 3, 0);
}

TEST(Energies, order_and_trajectories) {
  const Molecules sorted(300, [](std::size_t i, double energy, double atoms) {
    return energy + 0.01 * static_cast<double>(i) * atoms;
  });
  EXPECT_GT(sorted.survey().order_correlation, 0.95);
  EXPECT_GT(sorted.survey().autocorrelation, 0.9);
  ASSERT_EQ(sorted.survey().order.size(), 120U);
  EXPECT_LT(sorted.survey().order.front().median, sorted.survey().order.back().median);
}

TEST(Energies, one_composition_and_equal_energies) {
  Collection data;
  Adder add(data);
  for (std::uint64_t i = 0; i < 30; ++i)
    add(crystal({6, 1}, 8, i, false), -5);
  const auto found = survey_energies(data, energies_per_atom(data, 1, false));
  EXPECT_EQ(found.rank, 1);
  EXPECT_EQ(found.outliers, 0);
  EXPECT_EQ(found.total.low, found.total.high);
  EXPECT_FALSE(found.explained_as_total);
}

} // namespace
} // namespace soapstone::survey
