// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/soap/radial_spline.hpp"

#include <memory>

namespace soapstone::features {

/// The table for these parameters: one of the last few made in this process if it is among them, so that
/// calculators that differ in radial scaling, species or weights share it. Safe to call from several threads.
std::shared_ptr<const soap::RadialSpline> shared_spline(const soap::SoapParameters& parameters);

} // namespace soapstone::features
