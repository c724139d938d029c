// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/soap/density_view.hpp"

namespace soapstone::soap {

/// Sum of squares of the power spectrum of this density (that of power_spectrum), without forming it. With
/// C^l the (2l + 1) x (channels n_max) coefficients, the spectrum is (2l + 1)^-1/2 C^lT C^l, whose Frobenius
/// norm is that of C^l C^lT: sum_l (2l + 1)^-1 sum_mm' (sum_an c_anlm c_anlm')². Costs (l_max + 1)^3
/// channels n_max operations: linear in the channels where the spectrum is quadratic.
double power_spectrum_norm_squared(DensityView density);

/// Returns the same of the radial spectrum: sum_an c_an00².
double radial_spectrum_norm_squared(DensityView density);

} // namespace soapstone::soap
