// SPDX-License-Identifier: BSD-3-Clause
#pragma once

namespace soapstone::soap {

/// Cosine cutoff f_c(r): 1 up to cutoff - width, then (1 + cos(pi (r - cutoff + width) / width)) / 2, 0 from
/// the cutoff on. Continuous with its derivative; a step for width 0. Lengths in Å (Willatt, Musil, Ceriotti,
/// PCCP 20, 29661 (2018), below eq. 3).
double cutoff_function(double r, double cutoff, double width);

} // namespace soapstone::soap
