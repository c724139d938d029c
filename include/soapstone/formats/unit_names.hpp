// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>
#include <string_view>

namespace soapstone::formats {

/// Returns `text` in lower case, without blanks and ASCII punctuation: "kcalmol1" for "kcal mol^-1",
/// "energyunit" for "Energy_unit".
std::string plain_form(std::string_view text);

/// A unit as files spell it.
struct UnitName {
  std::string_view name; ///< eV, meV, hartree, kcal/mol, kJ/mol, Å, bohr or another; empty: not understood
  bool offered = false;  ///< data.target-unit knows it; for a length, it is Å
  bool per_atom = false; ///< as eV/atom is
};

/// Returns the unit of energy that a word means, in the spellings of programs (Ha, Eh, a.u., kcal_per_mol,
/// Ry).
UnitName energy_unit(std::string_view word);
/// Returns the unit of length that a word means.
UnitName length_unit(std::string_view word);

/// The units of energy and length in a list.
struct UnitList {
  UnitName energy, length;
};

/// Returns the units in a list such as "eV Angstrom" or "energy: hartree, length: bohr", or those of a system
/// of units (metal, real, atomic).
UnitList unit_list(std::string_view value);

} // namespace soapstone::formats
