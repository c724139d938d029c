// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/regression/baseline.hpp"

#include "soapstone/base/error.hpp"

#include <algorithm>
#include <gtest/gtest.h>

namespace soapstone::regression {
namespace {

structure::Structure of(std::vector<std::uint8_t> species) {
  structure::Structure structure;
  structure.positions.resize(species.size());
  structure.species = std::move(species);
  return structure;
}

TEST(Baseline, RecoversElementEnergiesThatExplainTheData) {
  const std::vector<structure::Structure> set{of({1, 1, 8}), of({6, 1, 1, 1, 1}), of({8, 8}), of({6, 8, 8}),
                                              of({6, 6, 1, 1})};
  const std::map<int, double> truth{{1, -13.6}, {6, -1030.0}, {8, -2042.0}};
  std::vector<double> energies;
  for (const auto& structure : set) {
    double sum = 0;
    for (const int z : structure.species)
      sum += truth.at(z);
    energies.push_back(sum);
  }
  const auto baseline = Baseline::fit_composition(set, energies);
  for (const auto& [z, energy] : truth)
    EXPECT_NEAR(baseline.element_energies().at(z), energy, 1e-9);
  EXPECT_NEAR(baseline.energy(of({8, 1, 6})), -13.6 - 1030.0 - 2042.0, 1e-8);
}

TEST(Baseline, StaysDefinedWhenCompositionsAreCollinear) {
  // AB always one to one: only the sum of the two energies is determined; each then gets the mean.
  const std::vector<structure::Structure> set{of({11, 17}), of({11, 17, 11, 17})};
  const auto baseline = Baseline::fit_composition(set, std::vector<double>{-6.0, -12.4});
  EXPECT_NEAR(baseline.element_energies().at(11), baseline.element_energies().at(17), 1e-9);
  EXPECT_NEAR(baseline.energy(of({11, 17})), -6.1, 1e-9);
}

TEST(Baseline, IsTheSolutionOfLeastNormWhateverTheOrder) {
  // The compositions obey H = 2 O. The deviations d from the mean are then known as 2 d_H + d_O, and those of
  // least norm are along (2, 1).
  std::vector<structure::Structure> set{of({1, 1, 8}), of({6, 6}), of({6, 1, 1, 8}), of({1, 1, 1, 1, 8, 8})};
  std::vector<double> energies{-2060.0, -2060.0, -3090.0, -4120.0}; // H2O -2060, C -1030
  for (int turn = 0; turn < 2; ++turn) {
    const auto baseline = Baseline::fit_composition(set, energies);
    const double mean = (-2060.0 / 3 - 1030 - 3090.0 / 4 - 4120.0 / 6) / 4;
    const double share = (-2060 - 3 * mean) / 5;
    EXPECT_NEAR(baseline.element_energies().at(1), mean + 2 * share, 1e-9);
    EXPECT_NEAR(baseline.element_energies().at(8), mean + share, 1e-9);
    EXPECT_NEAR(baseline.element_energies().at(6), -1030, 1e-9);
    std::reverse(set.begin(), set.end());
    std::reverse(energies.begin(), energies.end());
  }
}

TEST(Baseline, OneAtomOfManyDeterminesAnElement) { // a tolerance of 1e-10 would call this one direction lost
  std::vector<std::uint8_t> many(60001, 1);
  std::fill_n(many.begin(), 20000, std::uint8_t{8});
  const auto balanced = std::vector<std::uint8_t>(many.begin(), many.end() - 1);
  const auto energy = [](const std::vector<std::uint8_t>& atoms) {
    double sum = 0;
    for (const auto z : atoms)
      sum += z == 1 ? -16.0 : -2048.0;
    return sum;
  };
  const auto baseline = Baseline::fit_composition(std::vector{of(many), of(balanced)},
                                                  std::vector{energy(many), energy(balanced)});
  EXPECT_NEAR(baseline.element_energies().at(1), -16, 1e-3);
  EXPECT_NEAR(baseline.element_energies().at(8), -2048, 1e-3);
}

TEST(Baseline, CountsElementsItNeverSawWithTheMean) {
  const std::vector<structure::Structure> set{of({1, 1}), of({8, 8})};
  const auto baseline = Baseline::fit_composition(set, std::vector<double>{-2.0, -6.0});
  EXPECT_NEAR(baseline.energy(of({9})), -2.0, 1e-12);
  EXPECT_TRUE(baseline.is_guess(9));
  EXPECT_FALSE(baseline.is_guess(8));
  EXPECT_FALSE(Baseline::fit_mean(set, std::vector<double>{-2.0, -6.0}).is_guess(9));
}

TEST(Baseline, MeanIsPerAtom) {
  const std::vector<structure::Structure> set{of({1, 1}), of({8, 8, 8, 8})};
  const auto baseline = Baseline::fit_mean(set, std::vector<double>{-2.0, -12.0}); // -1 and -3 per atom
  EXPECT_DOUBLE_EQ(baseline.energy(of({1, 8, 9})), -6.0);
}

TEST(Baseline, NoneIsZero) {
  EXPECT_EQ(Baseline().energy(of({1, 8})), 0.0);
}

TEST(Baseline, GivenAtomsMustCoverAllElements) {
  const auto baseline = Baseline::from_atoms({{1, -0.5}, {8, -75.0}});
  EXPECT_DOUBLE_EQ(baseline.energy(of({1, 1, 8})), -76.0);
  try {
    baseline.energy(of({1, 9}));
    FAIL() << "no error";
  } catch (const DataError& error) {
    EXPECT_NE(std::string(error.what()).find("element F"), std::string::npos);
  }
}

TEST(Baseline, NamesRoundTrip) {
  for (const auto kind :
       {BaselineKind::composition, BaselineKind::atoms, BaselineKind::mean, BaselineKind::none})
    EXPECT_EQ(baseline_kind(to_string(kind)), kind);
  EXPECT_THROW(baseline_kind("median"), ConfigError);
}

} // namespace
} // namespace soapstone::regression
