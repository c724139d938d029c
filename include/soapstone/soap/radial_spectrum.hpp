// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/soap/density_view.hpp"

#include <span>

namespace soapstone::soap {

/// Radial spectrum (ν = 1, eqs. 7, 8 of Willatt, Musil, Ceriotti, PCCP 20, 29661 (2018)): features[a * n_max
/// + n] = c^a_n00. Returns the sum of squares of `features`.
double radial_spectrum(DensityView density, std::span<double> features);

} // namespace soapstone::soap
