// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/soap/parameters.hpp"

#include "soapstone/base/error.hpp"
#include "soapstone/base/text.hpp"

#include <cmath>

namespace soapstone::soap {
namespace {

constexpr int largest_n_max = 24; // where 50 digits still orthonormalise the radial basis to double precision
constexpr int largest_l_max = 30;

// Negated so that NaN fails.
void require(bool holds, const char* name, const char* requirement, double value) {
  if (!holds)
    throw ConfigError(format("`%s` must be %s, not %g", name, requirement, value), name);
}

void validate_scaling(const RadialScaling& scaling) {
  require(scaling.scale > 0 && std::isfinite(scaling.scale), "radial_scale", "positive (Å)", scaling.scale);
  require(scaling.exponent >= 0 && scaling.exponent <= steepest_exponent, "radial_exponent", "from 0 to 1000",
          scaling.exponent);
  require(scaling.rate >= 0 && std::isfinite(scaling.rate), "radial_rate", "zero or positive", scaling.rate);
}

} // namespace

void SoapParameters::validate() const {
  require(cutoff > 0 && std::isfinite(cutoff), "cutoff", "positive (Å)", cutoff);
  require(cutoff_width >= 0 && cutoff_width <= cutoff, "cutoff_width", "between 0 and `cutoff` (Å)",
          cutoff_width);
  require(gaussian_width >= finest_width_ratio * cutoff && gaussian_width <= coarsest_width_ratio * cutoff,
          "gaussian_width", "from 1/500 to 100 times `cutoff` (Å)", gaussian_width);
  require(n_max >= 1 && n_max <= largest_n_max, "n_max", "from 1 to 24", n_max);
  require(l_max >= 0 && l_max <= largest_l_max, "l_max", "from 0 to 30", l_max);
  require(central_weight >= 0 && std::isfinite(central_weight), "central_weight", "zero or positive",
          central_weight);
  require(body_order == 2 || body_order == 3, "body_order", "2 or 3", body_order);
  validate_scaling(scaling);
}

SoapParameters up_to(Stage last, SoapParameters parameters) {
  const SoapParameters defaults;
  for_each_field(
      [&](const Field& field, auto& value, const auto& unset) {
        if (field.stage > last)
          value = unset;
      },
      parameters, defaults);
  return parameters;
}

} // namespace soapstone::soap
