// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <optional>

namespace soapstone::structure {

/// Electronegativity on Pauling's scale for z = 1 .. 96 (H to Cm), in the commonest oxidation state (Sn(IV),
/// Tl(I), Pb(II)): L. Pauling, The Nature of the Chemical Bond, 3rd ed. (1960), as revised by A. L. Allred,
/// J. Inorg. Nucl. Chem. 17, 215 (1961), and completed in the CRC Handbook of Chemistry and Physics (Kr and
/// Xe from their compounds; Pm, Eu, Tb, Yb, Rn, Fr and the elements from At and Ra on are estimates).
/// Nothing for He, Ne and Ar, which form no bonds to measure it by, nor past Cm.
std::optional<double> pauling_electronegativity(int z);

/// Van der Waals radius, Å, for z = 1 .. 96: S. Alvarez, Dalton Trans. 42, 8617 (2013),
/// doi:10.1039/C3DT50599E, one analysis of distances in crystals for all elements it could see; Po, At, Rn,
/// Fr and Ra, which it could not, from M. Mantina, A. C. Chamberlin, R. Valero, C. J. Cramer, D. G. Truhlar,
/// J. Phys. Chem. A 113, 5806 (2009), doi:10.1021/jp8111556. Nothing for Pm and past Cm. Within 0.1 Å of the
/// radii of A. Bondi, J. Phys. Chem. 68, 441 (1964) for H, C, N, O, F, S and the heavier halogens; up to 1.0
/// Å larger for metals (Cu, Zn), which Bondi had from few contacts.
std::optional<double> van_der_waals_radius(int z);

/// Covalent radius, Å, for z = 1 .. 96: B. Cordero et al., Dalton Trans. 2832 (2008), doi:10.1039/B801115J,
/// from distances in crystals (C: sp3; Mn, Fe, Co: low spin). Nothing past Cm.
std::optional<double> covalent_radius(int z);

} // namespace soapstone::structure
