// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/soap/radial_integrals.hpp"

#include "support.hpp"

#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <boost/math/special_functions/bessel.hpp>
#include <cmath>
#include <gtest/gtest.h>
#include <map>
#include <numbers>
#include <tuple>

using namespace soapstone::soap;
using soapstone::soap::testing::parameters_with;

namespace {

// exp(-z) i_l(z) from the cylindrical function; its asymptotic series where that overflows.
double scaled(int l, double z) {
  if (z == 0)
    return l == 0 ? 1 : 0;
  if (z < 650)
    return std::exp(-z) * std::sqrt(std::numbers::pi / (2 * z)) * boost::math::cyl_bessel_i(l + 0.5, z);
  double term = 1 / (2 * z),
         sum = term; // finite for half-integer orders (NIST DLMF 10.49.8), but for exp(-2z)
  for (int k = 1; k <= l; ++k)
    sum += term *= -(l + k) * (l - k + 1) / (2.0 * z * k);
  return sum;
}

// R_n(x), remembered: each value costs a fraction of a millisecond and the integrals below meet the same
// points again and again.
double basis_at(double x, int n, int n_max, double cutoff) {
  static std::map<std::tuple<double, int, double>, std::vector<double>> known;
  std::vector<double>& values = known[{x, n_max, cutoff}];
  if (values.empty())
    values = radial_functions(RadialBasis::gto, n_max, cutoff, {&x, 1});
  return values[static_cast<std::size_t>(n)];
}

// The defining integral, adaptively, on pieces around the Gaussian.
double direct(int n, int l, double r, int n_max, double cutoff, double sigma) {
  const auto integrand = [&](double x) {
    const double basis = basis_at(x, n, n_max, cutoff);
    return 4 * std::numbers::pi * x * x * basis * std::exp(-(x - r) * (x - r) / (2 * sigma * sigma)) *
           scaled(l, x * r / (sigma * sigma));
  };
  using Rule = boost::math::quadrature::gauss_kronrod<double, 31>;
  const double lower = std::max(0.0, r - 9 * sigma);
  const double width = (r + 9 * sigma - lower) / 6;
  double sum = 0;
  for (int piece = 0; piece < 6; ++piece)
    sum += Rule::integrate(integrand, lower + piece * width, lower + (piece + 1) * width, 3, 1e-13);
  return sum;
}

} // namespace

TEST(RadialIntegrals, AgreeWithAdaptiveQuadrature) {
  const int n_max = 12;
  for (const double sigma : {0.1, 0.3, 1.0}) {
    const RadialIntegrals integrals(parameters_with(n_max, 14, 5.0, sigma));
    const double largest = std::abs(integrals.with_derivatives(0.5)[0]);
    for (const double r : {1e-3, 1.1, 4.9}) {
      const std::vector<double> tables = integrals.with_derivatives(r);
      for (const int l : {0, 1, 6, 14})
        for (const int n : {0, 5, 11})
          EXPECT_NEAR(tables[static_cast<std::size_t>(l * n_max + n)], direct(n, l, r, n_max, 5.0, sigma),
                      1e-12 * largest)
              << "sigma " << sigma << " r " << r << " l " << l << " n " << n;
    }
  }
}

// At the centre only l = 0 is left.
TEST(RadialIntegrals, AreSphericalAtTheCentre) {
  const RadialIntegrals integrals(parameters_with(8, 6, 5.0, 0.4));
  const std::vector<double> tables = integrals.with_derivatives(0);
  for (std::size_t i = 8; i < 7 * 8; ++i)
    EXPECT_EQ(tables[i], 0);
  for (std::size_t n = 0; n < 8; ++n)
    EXPECT_NEAR(tables[n], direct(static_cast<int>(n), 0, 0, 8, 5.0, 0.4), 1e-12);
}

TEST(RadialIntegrals, HaveTheDerivativesOfTheirValues) {
  for (const double sigma : {0.2, 0.7}) {
    const RadialIntegrals integrals(parameters_with(10, 8, 5.0, sigma));
    const auto width = static_cast<std::size_t>(integrals.width());
    for (const double r : {0.05, 0.9, 3.3}) {
      const double h = 0.01 * sigma;
      const auto table = integrals.with_derivatives(r);
      // Central differences of fourth order, of the values and of the first derivatives.
      const auto p1 = integrals.with_derivatives(r + h), p2 = integrals.with_derivatives(r + 2 * h);
      const auto m1 = integrals.with_derivatives(r - h), m2 = integrals.with_derivatives(r - 2 * h);
      for (std::size_t i = 0; i < 2 * width; ++i) {
        const double difference = (8 * (p1[i] - m1[i]) - (p2[i] - m2[i])) / (12 * h);
        const double scale = std::pow(sigma, i < width ? -1 : -2);
        EXPECT_NEAR(table[width + i], difference, 3e-8 * scale) << sigma << " " << r << " " << i;
      }
    }
  }
}
