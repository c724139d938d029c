// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/soap/radial_scaling.hpp"

#include <cmath>

namespace soapstone::soap {
namespace {

// x^m; whole exponents, the usual case, by repeated squaring: several times as fast as std::pow, and this is
// called for every pair.
double power(double x, double m) {
  constexpr double largest_whole = 64;
  if (m != std::floor(m) || m > largest_whole)
    return std::pow(x, m);
  double result = 1;
  for (auto bits = static_cast<unsigned>(m); bits != 0; bits >>= 1) {
    if (bits & 1u)
      result *= x;
    x *= x;
  }
  return result;
}

} // namespace

double radial_scaling(double r, const RadialScaling& scaling) {
  if (scaling.exponent == 0)
    return 1;
  const double decay = power(r / scaling.scale, scaling.exponent);
  return scaling.rate == 0 ? 1 / decay : scaling.rate / (scaling.rate + decay);
}

// With t = (r / r0)^m, u = c / (c + t): dt/dr0 = -t m / r0, dt/dm = t ln(r / r0), du/dt = -u² / c, and du/dc
// = t / (c + t)². For c = 0, u = 1 / t.
RadialScalingDerivatives radial_scaling_derivatives(double r, const RadialScaling& scaling) {
  if (scaling.exponent == 0)
    return {};
  const double t = power(r / scaling.scale, scaling.exponent);
  const double sum = scaling.rate + t;
  const double slope = scaling.rate == 0 ? -1 / (t * t) : -scaling.rate / (sum * sum);
  return {-slope * t * scaling.exponent / scaling.scale, slope * t * std::log(r / scaling.scale),
          scaling.rate == 0 ? 0.0 : t / (sum * sum)};
}

} // namespace soapstone::soap
