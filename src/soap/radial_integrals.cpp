// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/soap/radial_integrals.hpp"

#include "soapstone/soap/scaled_bessel.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace soapstone::soap {
namespace {

constexpr double gaussian_reach = 10; // in units of sigma: exp(-50) = 2e-22
constexpr int panel_order = 16;

// Panels that resolve both the Gaussian and the finest oscillation of the radial functions.
QuadratureRule rule_for(const SoapParameters& parameters) {
  const double upper = std::min(radial_extent(parameters.radial_basis, parameters.cutoff),
                                parameters.cutoff + gaussian_reach * parameters.gaussian_width);
  const double panel = std::min(parameters.gaussian_width, 1.5 * parameters.cutoff / parameters.n_max);
  return composite_gauss_legendre(static_cast<int>(std::ceil(upper / panel)), panel_order, 0, upper);
}

// Derivative in z of a family with i_l' = (l i_{l-1} + (l + 1) i_{l+1}) / (2 l + 1) (NIST DLMF 10.51.5); one
// l shorter. The factor exp(-z) of `values` is not differentiated.
void differentiate(std::span<const double> values, std::span<double> derivatives) {
  for (std::size_t l = 0; l < derivatives.size(); ++l) {
    const auto degree = static_cast<double>(l);
    const double below = l == 0 ? 0.0 : values[l - 1];
    derivatives[l] = (degree * below + (degree + 1) * values[l + 1]) / (2 * degree + 1);
  }
}

} // namespace

struct RadialIntegrals::Point {
  explicit Point(int l_max)
      : bessel(static_cast<std::size_t>(l_max) + 4), first(bessel.size() - 1), second(bessel.size() - 2),
        third(bessel.size() - 3) {}
  std::vector<double> bessel, first, second, third; // exp(-z) times i_l(z) and its derivatives in z
};

RadialIntegrals::RadialIntegrals(const SoapParameters& parameters)
    : n_max_(parameters.n_max), l_max_(parameters.density_l_max()),
      gaussian_width_(parameters.gaussian_width), rule_(rule_for(parameters)),
      basis_(radial_functions(parameters.radial_basis, n_max_, parameters.cutoff, rule_.points)) {
  for (std::size_t i = 0; i < basis_.size(); ++i) {
    const std::size_t point = i / static_cast<std::size_t>(n_max_);
    basis_[i] *= 4 * std::numbers::pi * rule_.weights[point] * rule_.points[point] * rule_.points[point];
  }
}

// With a = 1 / sigma², z = a x r and F = exp(-(x² + r²) a / 2) i_l(z):  dF/dr = -a r F + a x F',
// d²F/dr² = (a² r² - a) F - 2 a² r x F' + a² x² F'', where primes act on i_l only.
void RadialIntegrals::add_point(std::size_t index, double r, Point& work, std::span<double> tables) const {
  const double x = rule_.points[index];
  const double a = 1 / (gaussian_width_ * gaussian_width_);
  scaled_bessel(a * x * r, work.bessel);
  differentiate(work.bessel, work.first);
  differentiate(work.first, work.second);
  const double gaussian = std::exp(-0.5 * a * (x - r) * (x - r));
  for (std::size_t l = 0; l < work.third.size(); ++l) {
    const double b0 = work.bessel[l], b1 = work.first[l], b2 = work.second[l];
    add_basis(index, l, gaussian * b0, gaussian * a * (x * b1 - r * b0),
              gaussian * a * (a * (r * (r * b0 - 2 * x * b1) + x * x * b2) - b0), tables);
  }
}

// The derivative in a of the three above, times da/dsigma = -2 / sigma³. With q = (x² + r²) / 2 and s = x r:
// d/da of exp(-a q) is -q of it, and d/da of i_l(a s) is s i_l'.
void RadialIntegrals::add_width_point(std::size_t index, double r, Point& work,
                                      std::span<double> tables) const {
  const double x = rule_.points[index];
  const double a = 1 / (gaussian_width_ * gaussian_width_);
  scaled_bessel(a * x * r, work.bessel);
  differentiate(work.bessel, work.first);
  differentiate(work.first, work.second);
  differentiate(work.second, work.third);
  const double gaussian = std::exp(-0.5 * a * (x - r) * (x - r)) * -2 * a / gaussian_width_;
  const double q = 0.5 * (x * x + r * r), s = x * r;
  for (std::size_t l = 0; l < work.third.size(); ++l) {
    const double b0 = work.bessel[l], b1 = work.first[l], b2 = work.second[l], b3 = work.third[l];
    const double d0 = s * b1 - q * b0, d1 = s * b2 - q * b1, d2 = s * b3 - q * b2; // d/da of the products
    const double slope = x * b1 - r * b0 + a * (x * d1 - r * d0);
    const double curvature = (2 * a * r * r - 1) * b0 - 4 * a * s * b1 + 2 * a * x * x * b2 +
                             a * ((a * r * r - 1) * d0 - 2 * a * s * d1 + a * x * x * d2);
    add_basis(index, l, gaussian * d0, gaussian * slope, gaussian * curvature, tables);
  }
}

void RadialIntegrals::add_basis(std::size_t index, std::size_t l, double value, double slope,
                                double curvature, std::span<double> tables) const {
  const auto functions = static_cast<std::size_t>(n_max_);
  const auto table = static_cast<std::size_t>(width());
  const double* basis = &basis_[index * functions];
  for (std::size_t n = 0; n < functions; ++n) {
    tables[l * functions + n] += basis[n] * value;
    tables[table + l * functions + n] += basis[n] * slope;
    tables[2 * table + l * functions + n] += basis[n] * curvature;
  }
}

std::vector<double> RadialIntegrals::integrate(double r, AddPoint add) const {
  std::vector<double> tables(3 * static_cast<std::size_t>(width()), 0.0);
  Point work(l_max_);
  for (std::size_t i = 0; i < rule_.points.size(); ++i)
    if (std::abs(rule_.points[i] - r) < gaussian_reach * gaussian_width_)
      (this->*add)(i, r, work, tables);
  return tables;
}

std::vector<double> RadialIntegrals::with_derivatives(double r) const {
  return integrate(r, &RadialIntegrals::add_point);
}

std::vector<double> RadialIntegrals::width_derivatives(double r) const {
  return integrate(r, &RadialIntegrals::add_width_point);
}

} // namespace soapstone::soap
