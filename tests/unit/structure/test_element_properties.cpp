// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/structure/element_properties.hpp"

#include "soapstone/structure/elements.hpp"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>
#include <vector>

using namespace soapstone::structure;

namespace {

double electronegativity(std::string_view symbol) {
  return pauling_electronegativity(atomic_number(symbol).value()).value();
}

double radius(std::string_view symbol) {
  return van_der_waals_radius(atomic_number(symbol).value()).value();
}

/// Symbols of H to Cm without a value.
template <typename Table>
std::vector<std::string_view> missing(Table table) {
  std::vector<std::string_view> symbols;
  for (int z = 1; z <= 96; ++z)
    if (!table(z))
      symbols.push_back(element_symbol(z));
  return symbols;
}

} // namespace

TEST(ElementProperties, AreKnownForAllButAFewElements) {
  EXPECT_EQ(missing(pauling_electronegativity), (std::vector<std::string_view>{"He", "Ne", "Ar"}));
  EXPECT_EQ(missing(van_der_waals_radius), (std::vector<std::string_view>{"Pm"}));
  EXPECT_TRUE(missing(covalent_radius).empty());
  for (const int z : {-1, 0, 97, 118, 200}) {
    EXPECT_FALSE(pauling_electronegativity(z));
    EXPECT_FALSE(van_der_waals_radius(z));
    EXPECT_FALSE(covalent_radius(z));
  }
}

// A shifted row of either table would break these.
TEST(ElementProperties, AreThoseOfTheSources) {
  const std::vector<std::pair<const char*, double>> allred{
      {"H", 2.20},  {"Li", 0.98}, {"C", 2.55},  {"N", 3.04},  {"O", 3.44},  {"F", 3.98},  {"Na", 0.93},
      {"S", 2.58},  {"Cl", 3.16}, {"K", 0.82},  {"Fe", 1.83}, {"Zn", 1.65}, {"Br", 2.96}, {"Rb", 0.82},
      {"Ag", 1.93}, {"Sn", 1.96}, {"I", 2.66},  {"Cs", 0.79}, {"La", 1.10}, {"Lu", 1.27}, {"Hf", 1.30},
      {"W", 2.36},  {"Au", 2.54}, {"Tl", 1.62}, {"Pb", 1.87}, {"Bi", 2.02}, {"U", 1.38},  {"Cm", 1.28}};
  for (const auto& [symbol, value] : allred)
    EXPECT_DOUBLE_EQ(electronegativity(symbol), value) << symbol;
  const std::vector<std::pair<const char*, double>> alvarez{
      {"H", 1.20},  {"Li", 2.12}, {"C", 1.77},  {"N", 1.66},  {"O", 1.50},  {"F", 1.46},
      {"Na", 2.50}, {"S", 1.89},  {"Cl", 1.82}, {"K", 2.73},  {"Fe", 2.44}, {"Zn", 2.39},
      {"Br", 1.86}, {"Rb", 3.21}, {"Ag", 2.53}, {"Sn", 2.42}, {"I", 2.04},  {"Cs", 3.48},
      {"La", 2.98}, {"Lu", 2.74}, {"Hf", 2.63}, {"W", 2.57},  {"Au", 2.32}, {"Tl", 2.47},
      {"Pb", 2.60}, {"Bi", 2.54}, {"U", 2.71},  {"Cm", 3.05}, {"Po", 1.97}, {"Ra", 2.83}};
  for (const auto& [symbol, value] : alvarez)
    EXPECT_DOUBLE_EQ(radius(symbol), value) << symbol;
  const std::vector<std::pair<const char*, double>> cordero{
      {"H", 0.31},  {"He", 0.28}, {"Li", 1.28}, {"C", 0.76},  {"O", 0.66},  {"Ne", 0.58}, {"Na", 1.66},
      {"Cl", 1.02}, {"K", 2.03},  {"Fe", 1.32}, {"Zn", 1.22}, {"Kr", 1.16}, {"Rb", 2.20}, {"Nb", 1.64},
      {"Ag", 1.45}, {"Xe", 1.40}, {"Cs", 2.44}, {"La", 2.07}, {"Lu", 1.87}, {"Hf", 1.75}, {"W", 1.62},
      {"Pb", 1.46}, {"Rn", 1.50}, {"Fr", 2.60}, {"U", 1.96},  {"Cm", 1.69}};
  for (const auto& [symbol, value] : cordero)
    EXPECT_DOUBLE_EQ(covalent_radius(atomic_number(symbol).value()).value(), value) << symbol;
}

TEST(ElementProperties, FollowThePeriodicTable) {
  for (const char* other : {"O", "Cl", "N", "Br", "Kr"})
    EXPECT_LT(electronegativity(other), electronegativity("F")) << other;
  for (int z = 1; z <= 96; ++z) {
    const double e = pauling_electronegativity(z).value_or(electronegativity("C")),
                 r = van_der_waals_radius(z).value_or(radius("C"));
    EXPECT_TRUE(e >= electronegativity("Cs") && e <= electronegativity("F")) << z;
    EXPECT_TRUE(r >= radius("H") && r <= radius("Cs")) << z;
  }
}
