// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/soap/density_view.hpp"

#include <span>
#include <vector>

namespace soapstone::soap {

// Reverse mode through the invariants: from dL/dp, laid out as the features of one environment, to dL/dc,
// laid out as the density. All of them add to `density_gradient` (shape.size() doubles, whose padding must be
// finite and means nothing).

/// Adds the gradient of power_spectrum(). With H^l the gradient as a symmetric matrix over (a n), whose
/// diagonal counts twice: dL/dc_an,lm += (2l + 1)^-1/2 sum_bn' H^l_an,bn' c_bn',lm. `work` is scratch, kept
/// between calls.
void add_power_spectrum_gradient(DensityView density, std::span<const double> feature_gradient,
                                 std::vector<double>& work, DensityTarget density_gradient);

/// Adds the gradient of power_spectrum() of contracted coefficients, `stride` apart: laid out as those, as
/// the gradient is.
void add_power_spectrum_gradient(std::span<const int> kept, long stride, std::span<const double> contracted,
                                 std::span<const double> feature_gradient, std::vector<double>& work,
                                 std::span<double> contracted_gradient);

/// Adds the gradient of radial_spectrum(), which is the density itself.
void add_radial_spectrum_gradient(std::span<const double> feature_gradient, DensityTarget density_gradient);

/// `factor` times the gradient of power_spectrum_norm_squared(): with C^l the (2l + 1) x (channels n_max)
/// coefficients, 4 (2l + 1)^-1 C^l C^lT C^l.
void add_power_spectrum_norm_gradient(DensityView density, double factor, DensityTarget density_gradient);

/// Does the same of radial_spectrum_norm_squared(): 2 c_an00.
void add_radial_spectrum_norm_gradient(DensityView density, double factor, DensityTarget density_gradient);

} // namespace soapstone::soap
