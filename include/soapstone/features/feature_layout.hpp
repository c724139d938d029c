// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/features/feature_block.hpp"
#include "soapstone/soap/density_contraction.hpp"
#include "soapstone/soap/parameters.hpp"

namespace soapstone::features {

/// Segments of all features of `channels` species channels (see SoapCalculator::layout), or of what a
/// contraction leaves of them: one.
FeatureLayout feature_layout(const soap::SoapParameters& parameters, int channels,
                             const soap::DensityContraction* contraction = nullptr);

} // namespace soapstone::features
