// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/workflow/unit_check.hpp"

#include "soapstone/base/units.hpp"

#include <cmath>
#include <gtest/gtest.h>

namespace soapstone::workflow {
namespace {

/// What a composition baseline finds in B3LYP total energies of QM9 (hartree).
const std::map<int, double> qm9{{1, -0.60}, {6, -38.08}, {7, -54.75}, {8, -75.22}, {9, -99.87}};

/// Those energies as the program has them (eV) when numbers in one unit are taken for another.
std::map<int, double> taken_for(const std::string& unit, const std::string& really) {
  std::map<int, double> energies;
  for (const auto& [z, hartree] : qm9)
    energies[z] = hartree * hartree_in_ev / energy_unit_in_ev(really) * energy_unit_in_ev(unit);
  return energies;
}

TEST(UnitCheck, TellsEveryUnitFromEveryOther) {
  for (const char* really : {"eV", "meV", "hartree", "kcal/mol", "kJ/mol"})
    for (const char* unit : {"eV", "meV", "hartree", "kcal/mol", "kJ/mol"})
      EXPECT_EQ(likely_unit(taken_for(unit, really), unit), std::string(unit) == really ? "" : really)
          << really << " taken for " << unit;
}

TEST(UnitCheck, SaysNothingOfOtherEnergies) {
  EXPECT_EQ(likely_unit({}, "eV"), "");
  EXPECT_EQ(likely_unit({{6, -38.08}}, "eV"), "");                          // one element is a coincidence
  EXPECT_EQ(likely_unit({{1, -13.4}, {6, -53.1}, {8, -106.9}}, "eV"), "");  // GFN2-xTB
  EXPECT_EQ(likely_unit({{1, -3.4}, {6, -9.2}, {8, -7.5}}, "eV"), "");      // plane waves, per atom
  EXPECT_EQ(likely_unit({{1, -16.1}, {6, -157.0}, {8, -436.0}}, "eV"), ""); // pseudopotentials
  EXPECT_EQ(likely_unit({{1, -0.60}, {6, -38.08}, {8, -15.9}}, "eV"), "");  // one that does not fit
  EXPECT_EQ(likely_unit({{26, -1263.0}, {6, -38.08}, {1, -0.6}}, "eV"),
            "hartree"); // heavier ones do not count
}

using structure::Structure;

/// CH4 with bonds of 1.09 Å, times `scale`.
Structure methane(double scale) {
  const double x = 1.09 / std::sqrt(3.0) * scale;
  return {{6, 1, 1, 1, 1}, {{0, 0, 0}, {x, x, x}, {x, -x, -x}, {-x, x, -x}, {-x, -x, x}}, {}};
}

std::string length_unit(const Structure& structure) {
  return likely_length_unit(std::vector{structure});
}

TEST(LengthUnitCheck, tells_bohr_and_nm_by_bonds) {
  EXPECT_EQ(length_unit(methane(1)), "");
  EXPECT_EQ(length_unit(methane(1 / 0.529177)), "bohr");
  EXPECT_EQ(length_unit(methane(0.1)), "nm");
  for (const double strain : {0.7, 1.3})
    EXPECT_EQ(length_unit(methane(strain)), "") << "distorted by " << strain;
}

TEST(LengthUnitCheck, hydrogen_among_metals_and_under_pressure) {
  const auto in_cube = [](double a, std::vector<std::uint8_t> species,
                          std::vector<structure::Vec3> positions) {
    for (auto& position : positions)
      for (auto& x : position)
        x *= a;
    return Structure{
        std::move(species), std::move(positions), {{{{a, 0, 0}, {0, a, 0}, {0, 0, a}}}, {true, true, true}}};
  };
  const std::vector<structure::Vec3> rock_salt{{0, 0, 0},    {.5, .5, 0}, {.5, 0, .5}, {0, .5, .5},
                                               {.5, .5, .5}, {.5, 0, 0},  {0, .5, 0},  {0, 0, .5}};
  EXPECT_EQ(length_unit(in_cube(4.0, {46, 46, 46, 46, 1, 1, 1, 6}, rock_salt)), "") << "Pd with H and C";
  EXPECT_EQ(length_unit(in_cube(4.08, {3, 3, 3, 3, 1, 1, 1, 1}, rock_salt)), "") << "LiH";
  EXPECT_EQ(length_unit(in_cube(1.1, {1}, {{0, 0, 0}})), "") << "atomic hydrogen";
  EXPECT_EQ(length_unit({{1, 1}, {{0, 0, 0}, {0, 0, 0.74}}, {}}), "");
  const Structure water{{8, 1, 1}, {{0, 0, 0}, {1.81, 0, 0}, {-0.45, 1.75, 0}}, {}};
  EXPECT_EQ(length_unit(water), "bohr") << "without carbon";
  EXPECT_EQ(length_unit(in_cube(0.429, {11, 11}, {{0, 0, 0}, {.5, .5, .5}})), "nm") << "large atoms";
}

TEST(LengthUnitCheck, tells_fractions_of_the_cell) {
  Structure copper{{29, 29, 29, 29}, {{0, 0, 0}, {.5, .5, 0}, {.5, 0, .5}, {0, .5, .5}}, {}};
  EXPECT_FALSE(likely_fractional(std::vector{copper})) << "no cell";
  copper.cell = {{{{3.6, 0, 0}, {0, 3.6, 0}, {0, 0, 3.6}}}, {true, true, true}};
  EXPECT_TRUE(likely_fractional(std::vector{copper}));
  for (auto& position : copper.positions)
    for (auto& x : position)
      x *= 3.6;
  EXPECT_FALSE(likely_fractional(std::vector{copper}));
  const Structure diamond{{6, 6},
                          {{0, 0, 0}, {.89, .89, .89}},
                          {{{{0, 1.78, 1.78}, {1.78, 0, 1.78}, {1.78, 1.78, 0}}}, {true, true, true}}};
  EXPECT_FALSE(likely_fractional(std::vector{diamond})) << "within the unit cube, but apart";
  EXPECT_FALSE(likely_fractional({}));
}

TEST(LengthUnitCheck, sees_periodic_images) {
  Structure copper{{29}, {{0, 0, 0}}, {}};
  for (const double unit : {1.0, 0.1}) {
    const double half = 1.81 * unit;
    copper.cell = {{{{0, half, half}, {half, 0, half}, {half, half, 0}}}, {true, true, true}};
    EXPECT_EQ(length_unit(copper), unit == 1 ? "" : "nm");
  }
}

TEST(LengthUnitCheck, says_nothing_where_nothing_can_be_told) {
  EXPECT_EQ(likely_length_unit({}), "");
  EXPECT_EQ(length_unit({{1}, {{0, 0, 0}}, {}}), "");
  EXPECT_EQ(length_unit({{3, 1}, {{0, 0, 0}, {2.04, 0, 0}}, {}}), "") << "hydrides have long bonds";
  EXPECT_EQ(length_unit({{1, 1}, {{0, 0, 0}, {0, 0, 0}}, {}}), "") << "refused later, with its place";
}

} // namespace
} // namespace soapstone::workflow
