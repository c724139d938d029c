// SPDX-License-Identifier: BSD-3-Clause
// The worked example of src/README.md: the polynomial basis, chosen by soap.radial-basis. What every basis
// must be (orthonormal, complete, with a table that leads to invariant features) is tested for all of them.
#include "soapstone/base/error.hpp"
#include "soapstone/base/text.hpp"
#include "soapstone/soap/density_expansion.hpp"
#include "soapstone/soap/gauss_legendre.hpp"
#include "soapstone/soap/power_spectrum.hpp"
#include "soapstone/soap/radial_integrals.hpp"
#include "soapstone/soap/radial_spline.hpp"

#include "support.hpp"

#include <cmath>
#include <gtest/gtest.h>
#include <numbers>
#include <numeric>

namespace soapstone::features {
namespace {

using namespace soap;
using namespace testing;

constexpr double cutoff = 4, sigma = 0.4;

std::vector<RadialBasis> all_bases() {
  std::vector<RadialBasis> bases;
  for (const auto& name : split(radial_basis_names, '|'))
    bases.push_back(radial_basis_named(name));
  return bases;
}

SoapParameters parameters_of(RadialBasis basis, int n_max, int l_max) {
  auto parameters = parameters_with(n_max, l_max, cutoff, sigma);
  parameters.radial_basis = basis;
  return parameters;
}

DensityExpansion expansion_in(RadialBasis basis, int n_max, int l_max) {
  return DensityExpansion(RadialSpline(parameters_of(basis, n_max, l_max)));
}

/// int x² f g dx up to where the widest functions have ended.
double overlap(const std::vector<double>& f, const std::vector<double>& g, const QuadratureRule& rule) {
  double sum = 0;
  for (std::size_t i = 0; i < f.size(); ++i)
    sum += rule.weights[i] * rule.points[i] * rule.points[i] * f[i] * g[i];
  return sum;
}

/// Each function at the points of a rule.
std::vector<std::vector<double>> functions(RadialBasis basis, int n_max, const QuadratureRule& rule) {
  const auto values = radial_functions(basis, n_max, cutoff, rule.points);
  std::vector<std::vector<double>> each(static_cast<std::size_t>(n_max));
  for (std::size_t i = 0; i < values.size(); ++i)
    each[i % each.size()].push_back(values[i]);
  return each;
}

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
  expansion.expand(seen_from_the_first(molecule), 0, 1.0, workspace, {shape, density.data()});
  power_spectrum({shape, density.data()}, features);
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

TEST(RadialBases, have_names) {
  for (const auto basis : all_bases())
    EXPECT_EQ(radial_basis_named(to_string(basis)), basis);
  EXPECT_THROW(radial_basis_named("bessel"), ConfigError);
  EXPECT_THROW(radial_basis_named(""), ConfigError);
}

TEST(RadialBases, are_orthonormal) {
  const auto rule = composite_gauss_legendre(400, 16, 0, 10 * cutoff); // the cutoff ends a panel
  for (const auto basis : all_bases())
    for (const int n_max : {1, 2, 12, 24}) {
      const auto each = functions(basis, n_max, rule);
      for (std::size_t n = 0; n < each.size(); ++n)
        for (std::size_t k = 0; k <= n; ++k)
          EXPECT_NEAR(overlap(each[n], each[k], rule), n == k ? 1 : 0, 1e-12)
              << to_string(basis) << " " << n_max << ": " << n << ", " << k;
    }
}

// R_n lies in the span of the first n + 1 powers (r_c - x)^3, (r_c - x)^4, ..., and nothing is left of them.
TEST(PolynomialBasis, is_that_of_the_powers) {
  const int n_max = 14;
  const auto rule = composite_gauss_legendre(60, 16, 0, cutoff);
  const auto each = functions(RadialBasis::polynomial, n_max, rule);
  for (int k = 0; k < n_max; ++k) {
    std::vector<double> power;
    for (const double x : rule.points)
      power.push_back(std::pow(1 - x / cutoff, k + 3));
    const double norm = overlap(power, power, rule);
    double inside = 0;
    for (int n = 0; n < n_max; ++n) {
      const double part = overlap(power, each[static_cast<std::size_t>(n)], rule);
      inside += part * part;
      if (n > k) {
        EXPECT_NEAR(part / std::sqrt(norm), 0, 1e-12) << n << ", power " << k + 3;
      }
    }
    EXPECT_NEAR(inside / norm, 1, 1e-12) << k;
  }
}

TEST(PolynomialBasis, ends_at_the_cutoff) {
  EXPECT_EQ(radial_extent(RadialBasis::polynomial, cutoff), cutoff);
  const std::vector<double> beyond{cutoff, cutoff + 1e-3, 3 * cutoff};
  for (const double value : radial_functions(RadialBasis::polynomial, 5, cutoff, beyond))
    EXPECT_EQ(value, 0);
}

// Parseval: for a complete basis the squares of I_n0(r) add up to the integral of the squared angular average
// of the Gaussian, x² (4 pi exp(-(x² + r²) / 2 sigma²) sinh(z) / z)² with z = x r / sigma².
// The polynomials know nothing of what lies beyond the cutoff.
TEST(RadialBases, miss_little_of_the_density) {
  const int n_max = 14;
  for (const auto basis : all_bases()) {
    const RadialIntegrals integrals(parameters_of(basis, n_max, 0));
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
      EXPECT_GE(part, whole * 0.999) << to_string(basis) << " " << r;
    }
  }
}

TEST(RadialBases, give_invariant_features) {
  const auto molecule = random_molecule(7, {6}, 3, 3.0);
  for (const auto basis : all_bases()) {
    const auto expansion = expansion_in(basis, 10, 4);
    const auto here = spectrum(expansion, molecule);
    const auto there = spectrum(expansion, transformed(molecule, rotation(0.3, 1.1, -2.0), {1, -2, 0.5}));
    const double norm = std::sqrt(std::inner_product(here.begin(), here.end(), here.begin(), 0.0));
    for (std::size_t i = 0; i < here.size(); ++i)
      ASSERT_NEAR(here[i], there[i], 1e-10 * norm) << to_string(basis);
  }
}

// Complete bases describe the same densities: their kernels differ by what either leaves out.
TEST(RadialBases, agree_where_all_are_large) {
  for (const auto basis : all_bases())
    for (unsigned seed = 1; seed <= 4; ++seed) {
      const auto a = random_molecule(6, {6}, seed, 2.0), b = random_molecule(5, {6}, seed + 10, 2.0);
      EXPECT_NEAR(kernel(expansion_in(basis, 14, 6), a, b),
                  kernel(expansion_in(RadialBasis::gto, 14, 6), a, b), 5e-3)
          << to_string(basis);
    }
}

} // namespace
} // namespace soapstone::features
