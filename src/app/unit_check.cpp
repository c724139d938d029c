// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/app/unit_check.hpp"

#include "soapstone/base/units.hpp"

#include <cmath>

namespace soapstone::app {

namespace {

struct FreeAtom {
  int z;
  double hartree, tolerance;
};

constexpr FreeAtom free_atoms[] = {
    {1, -0.5, 0.4},       {5, -24.654, 0.03},   {6, -37.845, 0.03},   {7, -54.589, 0.03},
    {8, -75.067, 0.03},   {9, -99.734, 0.03},   {13, -242.346, 0.03}, {14, -289.359, 0.03},
    {15, -341.259, 0.03}, {16, -398.110, 0.03}, {17, -460.148, 0.03}, {18, -527.540, 0.03},
};

constexpr const char* units[] = {"eV", "hartree", "kcal/mol", "kJ/mol", "meV"};

/// Whether numbers are energies of atoms in a unit: two of them at least, and none that is not.
bool fits(const std::map<int, double>& numbers, const char* unit) {
  int known = 0;
  for (const auto& atom : free_atoms)
    if (const auto found = numbers.find(atom.z); found != numbers.end()) {
      const double expected = atom.hartree * hartree_in_ev / energy_unit_in_ev(unit);
      if (!(std::abs(found->second / expected - 1) <= atom.tolerance))
        return false;
      ++known;
    }
  return known >= 2;
}

} // namespace

std::string likely_unit(const std::map<int, double>& element_energies, const std::string& unit) {
  const double given_in = energy_unit_in_ev(unit);
  std::map<int, double> numbers;
  for (const auto& [z, energy] : element_energies)
    numbers[z] = energy / given_in;
  for (const auto* candidate : units)
    if (fits(numbers, candidate))
      return energy_unit_in_ev(candidate) == given_in ? "" : candidate;
  return "";
}

} // namespace soapstone::app
