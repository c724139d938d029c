// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/features/feature_layout.hpp"

#include "soapstone/base/check.hpp"
#include "soapstone/soap/power_spectrum.hpp"

namespace soapstone::features {

FeatureLayout feature_layout(const soap::SoapParameters& parameters, int channels,
                             const soap::DensityContraction* contraction) {
  if (contraction)
    return {{narrow<std::int32_t>(soap::contracted_width(*contraction, parameters.body_order),
                                  "contracted features")}};
  if (parameters.body_order == 2)
    return {std::vector<std::int32_t>(static_cast<std::size_t>(channels), parameters.n_max)};
  FeatureLayout layout;
  for (int a = 0; a < channels; ++a)
    for (int b = a; b < channels; ++b)
      layout.widths.push_back(
          narrow<std::int32_t>(soap::power_spectrum_width(parameters.n_max, parameters.l_max, a == b)));
  return layout;
}

} // namespace soapstone::features
