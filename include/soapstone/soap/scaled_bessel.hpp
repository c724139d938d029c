// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <span>

namespace soapstone::soap {

/// exp(-z) i_l(z) for l = 0 .. values.size() - 1 and z >= 0, where i_l is the modified spherical Bessel
/// function of the first kind (i_0 = sinh z / z; NIST DLMF 10.47.7). Relative error of a few roundings for
/// every z and l; underflows to zero, never overflows.
void scaled_bessel(double z, std::span<double> values);

} // namespace soapstone::soap
