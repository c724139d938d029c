// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/soap/density_contraction.hpp"
#include "soapstone/soap/feature_block.hpp"
#include "soapstone/soap/parameters.hpp"

namespace soapstone::soap {

/// Segments of all features of `channels` species channels (see SoapCalculator::layout), or of what a
/// contraction leaves of them: one.
FeatureLayout feature_layout(const SoapParameters& parameters, int channels,
                             const DensityContraction* contraction = nullptr);

} // namespace soapstone::soap
