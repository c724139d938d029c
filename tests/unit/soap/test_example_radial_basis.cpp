// SPDX-License-Identifier: BSD-3-Clause
// How to add a radial basis: a function with the signature of radial_basis() goes into RadialSpline, and from
// there on all is as with any other. What a key that chooses it would take is in src/README.md.
#include "soapstone/soap/gauss_legendre.hpp"
#include "soapstone/soap/power_spectrum.hpp"
#include "soapstone/soap/radial_integrals.hpp"
#include "soapstone/soap/radial_spline.hpp"

#include "support.hpp"

#include <cmath>
#include <gtest/gtest.h>
#include <numbers>
#include <numeric>

namespace soapstone::soap {
namespace {

using namespace testing;

/// The new basis: Laguerre functions R_n(x) = sqrt(n! / ((n + 2)! b³)) L_n^(2)(x/b) exp(-x/2b) with b =
/// cutoff / 4 n_max, orthonormal because the Laguerre polynomials are, under the weight t² exp(-t) (NIST
/// DLMF 18.3).
std::vector<double> laguerre_basis(int n_max, double cutoff, std::span<const double> points) {
  const double b = cutoff / (4 * n_max);
  std::vector<double> values;
  for (const double x : points)
    for (int n = 0; n < n_max; ++n)
      values.push_back(std::assoc_laguerre(static_cast<unsigned>(n), 2, x / b) * std::exp(-x / (2 * b)) /
                       std::sqrt((n + 1.0) * (n + 2.0) * b * b * b));
  return values;
}

constexpr double cutoff = 4, sigma = 0.4;

/// Neighbours of the molecule's first atom, all in one channel and of weight 1.
WeightedNeighbours seen_from_the_first(const structure::Structure& molecule) {
  WeightedNeighbours seen;
  seen.resize(1, static_cast<int>(molecule.size()) - 1);
  for (std::size_t i = 1; i < molecule.size(); ++i) {
    structure::Vec3 v{};
    for (std::size_t k = 0; k < 3; ++k)
      v[k] = molecule.positions[i][k] - molecule.positions[0][k];
    const double r = std::hypot(v[0], v[1], v[2]);
    seen.x[i - 1] = v[0] / r;
    seen.y[i - 1] = v[1] / r;
    seen.z[i - 1] = v[2] / r;
    seen.distances[i - 1] = r;
    seen.weights[i - 1] = 1;
  }
  seen.starts = {0, static_cast<int>(molecule.size()) - 1};
  return seen;
}

std::vector<double> spectrum(const DensityExpansion& expansion, const structure::Structure& molecule) {
  const auto shape = expansion.shape(1);
  std::vector<double> density(shape.size()), features(static_cast<std::size_t>(power_spectrum_width(shape)));
  DensityWorkspace workspace;
  expansion.expand(seen_from_the_first(molecule), 0, 1.0, workspace, density.data());
  power_spectrum(shape, density.data(), features.data());
  return features;
}

/// (p . q)² / (p . p)(q . q) of the first atoms' surroundings.
double kernel(const DensityExpansion& expansion, const structure::Structure& a,
              const structure::Structure& b) {
  const auto dot = [](const std::vector<double>& p, const std::vector<double>& q) {
    return std::inner_product(p.begin(), p.end(), q.begin(), 0.0);
  };
  const auto p = spectrum(expansion, a), q = spectrum(expansion, b);
  return dot(p, q) * dot(p, q) / (dot(p, p) * dot(q, q));
}

TEST(ExampleRadialBasis, is_orthonormal) {
  const int n_max = 12;
  const auto rule = composite_gauss_legendre(400, 16, 0, 40);
  const auto values = laguerre_basis(n_max, cutoff, rule.points);
  for (std::size_t n = 0; n < n_max; ++n)
    for (std::size_t k = 0; k <= n; ++k) {
      double sum = 0;
      for (std::size_t i = 0; i < rule.points.size(); ++i)
        sum +=
            rule.weights[i] * rule.points[i] * rule.points[i] * values[i * n_max + n] * values[i * n_max + k];
      EXPECT_NEAR(sum, n == k ? 1 : 0, 1e-12) << n << ", " << k;
    }
}

// Parseval: for a complete basis the squares of I_n0(r) add up to the integral of the squared angular average
// of the Gaussian, x² (4 pi exp(-(x² + r²) / 2 sigma²) sinh(z) / z)² with z = x r / sigma².
TEST(ExampleRadialBasis, misses_little_of_the_density) {
  const int n_max = 24;
  const RadialIntegrals integrals(n_max, 0, cutoff, sigma, laguerre_basis);
  for (const double r : {0.8, 1.5, 2.5}) {
    const auto rule = composite_gauss_legendre(200, 8, 0, cutoff + 10 * sigma);
    double whole = 0;
    for (std::size_t i = 0; i < rule.points.size(); ++i) {
      const double x = rule.points[i], s2 = sigma * sigma, z = x * r / s2;
      const double g = 4 * std::numbers::pi *
                       (std::exp(-(x - r) * (x - r) / (2 * s2)) - std::exp(-(x + r) * (x + r) / (2 * s2))) /
                       (2 * z);
      whole += rule.weights[i] * x * x * g * g;
    }
    const auto values = integrals.with_derivatives(r);
    const double part = std::inner_product(values.begin(), values.begin() + n_max, values.begin(), 0.0);
    EXPECT_LE(part, whole * (1 + 1e-12));
    EXPECT_GE(part, whole * 0.999) << r;
  }
}

TEST(ExampleRadialBasis, gives_invariant_features) {
  const DensityExpansion expansion(RadialSpline(10, 4, cutoff, sigma, 1e-11, laguerre_basis));
  const auto molecule = random_molecule(7, {6}, 3, 3.0);
  const auto here = spectrum(expansion, molecule);
  const auto there = spectrum(expansion, transformed(molecule, rotation(0.3, 1.1, -2.0), {1, -2, 0.5}));
  const double norm = std::sqrt(std::inner_product(here.begin(), here.end(), here.begin(), 0.0));
  for (std::size_t i = 0; i < here.size(); ++i)
    ASSERT_NEAR(here[i], there[i], 1e-10 * norm);
}

// Two complete bases describe the same densities: their kernels differ by what either leaves out.
TEST(ExampleRadialBasis, agrees_with_the_other_basis_where_both_are_large) {
  const DensityExpansion laguerre(RadialSpline(24, 6, cutoff, sigma, 1e-11, laguerre_basis));
  const DensityExpansion gaussian(RadialSpline(14, 6, cutoff, sigma));
  for (unsigned seed = 1; seed <= 4; ++seed) {
    const auto a = random_molecule(6, {6}, seed, 3.0), b = random_molecule(5, {6}, seed + 10, 3.0);
    EXPECT_NEAR(kernel(laguerre, a, b), kernel(gaussian, a, b), 5e-3);
  }
}

} // namespace
} // namespace soapstone::soap
