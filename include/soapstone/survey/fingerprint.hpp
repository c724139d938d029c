// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/structure/neighbour_list.hpp"

#include <array>
#include <cstdint>

namespace soapstone::survey {

inline constexpr double fingerprint_cutoff = 5.0; ///< Å
inline constexpr std::size_t fingerprint_channels = 6;
/// Numbers that do not change when a structure is moved, rotated or mirrored or its atoms change places.
using Fingerprint = std::array<float, 3 * fingerprint_channels>;

/// Computes means over the atoms i of a radial spectrum that is projected at random on six channels, mean
/// absolute deviations from it, and those of a second spectrum, which weights neighbours with a function of
/// their own first spectrum:
///
///     a_ik = Σ_j w_k(z_j) T_k(2 s - 1) (1 - s)²,                 s = (r_ij / 5 Å)², T_k: Chebyshev's
///     polynomials b_ik = Σ_j w_k(z_j) sin(a_jk) / 4  T_k(2 s - 1) (1 - s)² v_k = Σ_i u_k(z_i) a_ik / N,
///     v_(6+k) = Σ_i u_k(z_i) |a_ik - m_k(z_i)| / N,   v_(12+k): the same of b
///
/// m_k(z) is the mean over the atoms of element z. Means alone would change in second order only where atoms
/// leave places of high symmetry, as in crystals, and without b alloys on one lattice that differ only in the
/// order of their elements could agree.
/// The weights u and w of the elements are fixed random numbers in [0.5, 1.5]. `neighbours`: those within
/// fingerprint_cutoff.
Fingerprint fingerprint(const structure::Structure& structure, const structure::NeighbourList& neighbours);

/// Returns how far the fingerprints of structures of N atoms may differ to count as near: 0.005 / √N. Random
/// displacements of the atoms change them by some 3 to 20 per Å over √N. Displacements of 0.0002 Å, or
/// rounding to four decimals, therefore leave structures near, and displacements of 0.03 Å do not.
double near_tolerance(std::size_t atoms);

/// Returns equal numbers for structures with equal species, positions and cell, whatever the order of the
/// atoms. Two other structures have equal numbers with a probability of 2^-64.
std::uint64_t exact_hash(const structure::Structure& structure);

} // namespace soapstone::survey
