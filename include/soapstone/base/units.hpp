// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string_view>

namespace soapstone {

// CODATA 2018 (Tiesinga et al., Rev. Mod. Phys. 93, 025010 (2021)); calorie: thermochemical, 4.184 J.
inline constexpr double hartree_in_ev = 27.211386245988;               ///< eV
inline constexpr double kj_per_mol_in_ev = 1.0 / 96.48533212331002;    ///< eV
inline constexpr double kcal_per_mol_in_ev = 4.184 * kj_per_mol_in_ev; ///< eV

/// Returns how many eV one `unit` is; `unit` is eV, meV, hartree, kcal/mol or kJ/mol (any case). Throws
/// ConfigError otherwise.
double energy_unit_in_ev(std::string_view unit);

/// Returns the same unit as data.target-unit spells it, or nothing of a unit that energy_unit_in_ev would
/// refuse.
std::string_view energy_unit_name(std::string_view unit);

} // namespace soapstone
