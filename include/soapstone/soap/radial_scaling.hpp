// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/soap/parameters.hpp"

namespace soapstone::soap {

/// u(r) of eq. 21 of Willatt, Musil, Ceriotti, PCCP 20, 29661 (2018), for r >= 0 in Å. With m = exponent, c =
/// rate: m = 0: 1; c = 0: (r / scale)^-m, infinite at r = 0; else c / (c + (r / scale)^m), which is 1 at r =
/// 0.
double radial_scaling(double r, const RadialScaling& scaling);

/// Derivatives of radial_scaling() in r0, m and c, for r > 0.
struct RadialScalingDerivatives {
  double scale = 0, exponent = 0, rate = 0;
};
/// Returns the derivatives of u(r) (eq. 21) at distance r, Å.
RadialScalingDerivatives radial_scaling_derivatives(double r, const RadialScaling& scaling);

} // namespace soapstone::soap
