// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/soap/radial_spline.hpp"

#include <memory>

namespace soapstone::soap {

/// The table for these parameters: one of the last few made in this process if it is among them, so that
/// calculators that differ in radial scaling, species or weights share it. Safe to call from several threads.
std::shared_ptr<const RadialSpline> shared_spline(int n_max, int l_max, double cutoff, double gaussian_width);

} // namespace soapstone::soap
