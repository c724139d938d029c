// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/soap/feature_layout.hpp"

#include "soapstone/base/check.hpp"
#include "soapstone/soap/power_spectrum.hpp"

namespace soapstone::soap {

FeatureLayout feature_layout(const SoapParameters& parameters, int channels,
                             const DensityContraction* contraction) {
  if (contraction)
    return {
        {narrow<std::int32_t>(contracted_width(*contraction, parameters.body_order), "contracted features")}};
  if (parameters.body_order == 2)
    return {std::vector<std::int32_t>(static_cast<std::size_t>(channels), parameters.n_max)};
  FeatureLayout layout;
  for (int a = 0; a < channels; ++a)
    for (int b = a; b < channels; ++b)
      layout.widths.push_back(
          narrow<std::int32_t>(power_spectrum_width(parameters.n_max, parameters.l_max, a == b)));
  return layout;
}

} // namespace soapstone::soap
