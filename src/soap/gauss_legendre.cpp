// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/soap/gauss_legendre.hpp"

#include "soapstone/base/check.hpp"

#include <array>
#include <cmath>
#include <numbers>

namespace soapstone::soap {
namespace {

// P_n(x) and its derivative by Bonnet's recursion (NIST DLMF 18.9.1).
std::array<double, 2> legendre(int n, double x) {
  double previous = 1;
  double value = x;
  for (int k = 2; k <= n; ++k) {
    const double next = ((2 * k - 1) * x * value - (k - 1) * previous) / k;
    previous = value;
    value = next;
  }
  return {value, n * (x * value - previous) / (x * x - 1)};
}

} // namespace

QuadratureRule gauss_legendre(int order, double lower, double upper) {
  expects(order >= 1, "a quadrature rule has a point");
  const auto size = static_cast<std::size_t>(order);
  QuadratureRule rule{std::vector<double>(size), std::vector<double>(size)};
  const double half = (upper - lower) / 2;
  for (int i = 0; i < order; ++i) {
    // Newton from Tricomi's estimate; quadratic, so ten steps are more than enough for any order.
    double x = std::cos(std::numbers::pi * (i + 0.75) / (order + 0.5));
    for (int iteration = 0; iteration < 10; ++iteration) {
      const auto [value, slope] = legendre(order, x);
      x -= value / slope;
    }
    const double slope = legendre(order, x)[1];
    const auto place = static_cast<std::size_t>(order - 1 - i);
    rule.points[place] = lower + half * (1 + x);
    rule.weights[place] = half * 2 / ((1 - x * x) * slope * slope);
  }
  return rule;
}

QuadratureRule composite_gauss_legendre(int panels, int order, double lower, double upper) {
  expects(panels >= 1, "a composite rule has a panel");
  const QuadratureRule unit = gauss_legendre(order, 0, 1);
  const double width = (upper - lower) / panels;
  QuadratureRule rule;
  for (int panel = 0; panel < panels; ++panel)
    for (std::size_t i = 0; i < unit.points.size(); ++i) {
      rule.points.push_back(lower + width * (panel + unit.points[i]));
      rule.weights.push_back(width * unit.weights[i]);
    }
  return rule;
}

} // namespace soapstone::soap
