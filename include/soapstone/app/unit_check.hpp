// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/structure/structure.hpp"

#include <map>
#include <span>
#include <string>

namespace soapstone::app {

/// Returns the unit in which energies of the elements (eV; atomic number -> energy, as a composition baseline
/// has them) seem to have been given, if that is not `unit`, in which they were read; empty where nothing can
/// be told. Total energies of all electrons are told by those of free atoms, which those of bound ones are
/// within 3 % of from boron to argon, hydrogen's within 40 %: at least two elements, and no other unit fits.
/// Nonrelativistic atoms: Chakravorty, Gwaltney, Davidson, Parpia, Froese Fischer, Phys. Rev. A 47, 3649
/// (1993), doi:10.1103/PhysRevA.47.3649. Pseudopotentials and semiempirical methods have other energies.
std::string likely_unit(const std::map<int, double>& element_energies, const std::string& unit);

/// Returns the unit of length in which positions (read in Å) seem to be, if that is another: "nm" where half
/// of the atoms have a neighbour within 0.35 Å or a tenth of their van der Waals radii, "bohr" where half of
/// the hydrogens have a non-metal for their nearest neighbour, at 1.6 to 2.2 times the length of that bond (a
/// metal is as far away in Å; so is hydrogen under pressure from hydrogen); empty where nothing can be told.
/// Looks at a few structures.
std::string likely_length_unit(std::span<const structure::Structure> structures);

/// Returns whether the positions of structures with a cell look like fractions of its vectors: they are
/// within the unit cube, neighbours are too close as they are, and as far apart as bonds when multiplied.
/// Looks at a few structures.
bool likely_fractional(std::span<const structure::Structure> structures);

} // namespace soapstone::app
