// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>
#include <string_view>

namespace soapstone::structure {

/// `text` in lower case, without blanks and ASCII punctuation: "kcal mol^-1" is "kcalmol1", "Energy_unit"
/// "energyunit".
std::string plain_form(std::string_view text);

/// A unit as files spell it.
struct UnitName {
  std::string_view name; ///< eV, meV, hartree, kcal/mol, kJ/mol, Å, bohr or another; empty: not understood
  bool offered = false;  ///< data.target-unit knows it; of lengths: Å
  bool per_atom = false; ///< eV/atom
};

/// The unit of energy that a word means, in the spellings of programs (Ha, Eh, a.u., kcal_per_mol, Ry).
UnitName energy_unit(std::string_view word);
/// The unit of length that a word means.
UnitName length_unit(std::string_view word);

/// Units of several quantities.
struct UnitList {
  UnitName energy, length;
};

/// The units in a list such as "eV Angstrom" or "energy: hartree, length: bohr", or of a system of units
/// (metal, real, atomic).
UnitList unit_list(std::string_view value);

} // namespace soapstone::structure
