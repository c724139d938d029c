// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <vector>

namespace soapstone::soap {

/// Points and weights of a quadrature rule: the integral of f is about the sum of weights[i] * f(points[i]).
struct QuadratureRule {
  std::vector<double> points;
  std::vector<double> weights;
};

/// Gauss-Legendre rule of `order` >= 1 points on [lower, upper]: exact for polynomials of degree 2 * order
/// - 1.
QuadratureRule gauss_legendre(int order, double lower, double upper);

/// The interval in `panels` equal parts with a Gauss-Legendre rule of `order` points on each, points
/// ascending.
QuadratureRule composite_gauss_legendre(int panels, int order, double lower, double upper);

} // namespace soapstone::soap
