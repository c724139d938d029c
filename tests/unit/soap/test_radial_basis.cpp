// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/soap/radial_basis.hpp"

#include "soapstone/soap/gauss_legendre.hpp"
#include "soapstone/soap/gto_basis.hpp"

#include <cmath>
#include <gtest/gtest.h>

using namespace soapstone::soap;

namespace {

// Basis and quadrature on [0, 9 cutoffs], far beyond the reach of the widest function.
struct Tabulated {
  Tabulated(int functions, double cutoff)
      : n_max(static_cast<std::size_t>(functions)), rule(composite_gauss_legendre(80, 20, 0, 9 * cutoff)),
        values(radial_functions(RadialBasis::gto, functions, cutoff, rule.points)) {}
  double weight(std::size_t i) const { return rule.weights[i] * rule.points[i] * rule.points[i]; }
  double overlap(std::size_t n, std::size_t m) const {
    double sum = 0;
    for (std::size_t i = 0; i < rule.points.size(); ++i)
      sum += weight(i) * values[i * n_max + n] * values[i * n_max + m];
    return sum;
  }
  std::size_t n_max;
  QuadratureRule rule;
  std::vector<double> values;
};

} // namespace

TEST(RadialBasis, IsOrthonormal) {
  for (const int n_max : {1, 2, 6, 12, 14, 24}) {
    const Tabulated basis(n_max, 5.0);
    for (std::size_t n = 0; n < basis.n_max; ++n)
      for (std::size_t m = 0; m <= n; ++m)
        EXPECT_NEAR(basis.overlap(n, m), n == m ? 1 : 0, 1e-12) << n_max << ": " << n << ", " << m;
  }
}

// R_n lies in the span of the first n + 1 primitive functions and is orthogonal to the first n of them.
TEST(RadialBasis, IsOrthogonalToTheEarlierPrimitives) {
  const int n_max = 14;
  const double cutoff = 6.0;
  const Tabulated basis(n_max, cutoff);
  for (int k = 0; k < n_max; ++k) {
    const double width = cutoff * std::max(std::sqrt(k), 1.0) / n_max;
    std::vector<double> primitive;
    double norm = 0;
    for (std::size_t i = 0; i < basis.rule.points.size(); ++i) {
      const double x = basis.rule.points[i];
      primitive.push_back(std::pow(x, k) * std::exp(-x * x / (2 * width * width)));
      norm += basis.weight(i) * primitive.back() * primitive.back();
    }
    double inside = 0; // of the norm, in the span of R_0 .. R_k
    for (std::size_t n = 0; n < basis.n_max; ++n) {
      double overlap = 0;
      for (std::size_t i = 0; i < primitive.size(); ++i)
        overlap += basis.weight(i) * primitive[i] * basis.values[i * basis.n_max + n];
      inside += static_cast<int>(n) <= k ? overlap * overlap : 0;
      if (static_cast<int>(n) > k) {
        EXPECT_NEAR(overlap / std::sqrt(norm), 0, 1e-12) << n << ", primitive " << k;
      }
    }
    EXPECT_NEAR(inside / norm, 1, 1e-12) << "primitive " << k;
  }
}

TEST(RadialBasis, HasTheWidthsOfTheConvention) {
  EXPECT_DOUBLE_EQ(gto_width(0, 12, 6.0), 0.5);
  EXPECT_DOUBLE_EQ(gto_width(1, 12, 6.0), 0.5);
  EXPECT_DOUBLE_EQ(gto_width(9, 12, 6.0), 1.5);
}

// A change of the unit of length: R(s x; s r_c) = s^-3/2 R(x; r_c).
TEST(RadialBasis, ScalesWithTheCutoff) {
  const std::vector<double> points{0.0, 0.3, 1.7, 4.0};
  std::vector<double> doubled;
  for (const double x : points)
    doubled.push_back(2 * x);
  const auto small = radial_functions(RadialBasis::gto, 8, 3.0, points);
  const auto large = radial_functions(RadialBasis::gto, 8, 6.0, doubled);
  for (std::size_t i = 0; i < small.size(); ++i)
    EXPECT_NEAR(large[i] * std::pow(2.0, 1.5), small[i], 1e-13);
}
