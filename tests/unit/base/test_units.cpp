// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/base/units.hpp"

#include "soapstone/base/error.hpp"

#include <cmath>
#include <string>

#include <gtest/gtest.h>

namespace soapstone {
namespace {

// The exact constants of the SI (2019), and CODATA 2018's Hartree energy and Rydberg constant.
constexpr double elementary_charge = 1.602176634e-19; // C
constexpr double avogadro = 6.02214076e23;            // 1/mol
constexpr double planck = 6.62607015e-34;             // J s
constexpr double light_speed = 299792458.0;           // m/s
constexpr double hartree_in_joule = 4.3597447222071e-18;
constexpr double rydberg = 10973731.568160; // 1/m

void expect_relative(double value, double wanted, double tolerance) {
  EXPECT_LT(std::abs(value / wanted - 1), tolerance) << value << " " << wanted;
}

TEST(Units, hartree_from_its_joules_and_from_the_rydberg_constant) {
  expect_relative(hartree_in_ev, hartree_in_joule / elementary_charge, 1e-13);
  expect_relative(hartree_in_ev, 2 * planck * light_speed * rydberg / elementary_charge, 1e-11);
}

TEST(Units, per_mole_from_the_si) {
  expect_relative(kj_per_mol_in_ev, 1000 / (avogadro * elementary_charge), 1e-15);
  expect_relative(kcal_per_mol_in_ev, 4184 / (avogadro * elementary_charge), 1e-15);
}

TEST(Units, by_name_in_any_case) {
  EXPECT_EQ(energy_unit_in_ev("eV"), 1.0);
  EXPECT_EQ(energy_unit_in_ev("EV"), 1.0);
  EXPECT_EQ(energy_unit_in_ev("meV"), 1e-3);
  EXPECT_EQ(energy_unit_in_ev("Hartree"), hartree_in_ev);
  EXPECT_EQ(energy_unit_in_ev("kcal/mol"), kcal_per_mol_in_ev);
  EXPECT_EQ(energy_unit_in_ev("KJ/MOL"), kj_per_mol_in_ev);
}

TEST(Units, names_as_options_spell_them) {
  EXPECT_EQ(energy_unit_name("ev"), "eV");
  EXPECT_EQ(energy_unit_name("Ha"), "hartree");
  EXPECT_EQ(energy_unit_name("KCAL/mol"), "kcal/mol");
  for (const char* unit : {"", "Ry", "Debye", "eV/atom"})
    EXPECT_EQ(energy_unit_name(unit), "") << unit;
}

TEST(Units, unknown_ones_are_refused_by_name) {
  for (const char* unit : {"", "e", "Ry", "kcal", "kcal/mole", "J"})
    EXPECT_THROW(energy_unit_in_ev(unit), ConfigError) << unit;
  try {
    energy_unit_in_ev("rydberg");
  } catch (const ConfigError& error) {
    EXPECT_EQ(error.parameter(), "target_unit");
    EXPECT_NE(std::string(error.what()).find("rydberg"), std::string::npos);
    EXPECT_NE(std::string(error.what()).find("kcal/mol"), std::string::npos);
  }
}

} // namespace
} // namespace soapstone
