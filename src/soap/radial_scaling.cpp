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

// With t = (r / r0)^m, u = c / (c + t): du/d(ln t) = -u t / (c + t), d(ln t)/dr0 = -m / r0, d(ln t)/dm =
// ln(r / r0), and du/dc = u / c t / (c + t). For c = 0, u = 1 / t. So written it is finite where t is beyond
// floating-point numbers.
RadialScalingDerivatives radial_scaling_derivatives(double r, const RadialScaling& scaling) {
  if (scaling.exponent == 0)
    return {};
  const double t = power(r / scaling.scale, scaling.exponent), rest = 1 / (1 + scaling.rate / t);
  const double u = scaling.rate == 0 ? 1 / t : scaling.rate / (scaling.rate + t);
  return {u * rest * scaling.exponent / scaling.scale, -u * rest * std::log(r / scaling.scale),
          scaling.rate == 0 ? 0.0 : u * rest / scaling.rate};
}

} // namespace soapstone::soap
