// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/soap/density_expansion.hpp"

#include "soapstone/soap/gauss_legendre.hpp"
#include "support.hpp"

#include <boost/math/special_functions/spherical_harmonic.hpp>
#include <cmath>
#include <gtest/gtest.h>
#include <numbers>

using namespace soapstone::soap;
using soapstone::soap::testing::parameters_with;
using std::numbers::pi;

namespace {

struct Source {
  int channel;
  double x, y, z, weight;
};

WeightedNeighbours neighbours_of(int channels,
                                 const std::vector<Source>& sources) { // sources sorted by channel
  WeightedNeighbours result;
  result.resize(channels, static_cast<int>(sources.size()));
  for (std::size_t i = 0; i < sources.size(); ++i) {
    const Source& s = sources[i];
    result.distances[i] = std::hypot(s.x, s.y, s.z);
    result.x[i] = s.x / result.distances[i];
    result.y[i] = s.y / result.distances[i];
    result.z[i] = s.z / result.distances[i];
    result.weights[i] = s.weight;
    for (int channel = s.channel + 1; channel <= channels; ++channel)
      ++result.starts[static_cast<std::size_t>(channel)];
  }
  return result;
}

double real_harmonic(int l, int m, double theta, double phi) {
  const auto order = static_cast<unsigned>(l);
  if (m == 0)
    return boost::math::spherical_harmonic_r(order, 0, theta, phi);
  const double factor = std::numbers::sqrt2 * (m % 2 == 0 ? 1 : -1);
  return factor * (m > 0 ? boost::math::spherical_harmonic_r(order, m, theta, phi)
                         : boost::math::spherical_harmonic_i(order, -m, theta, phi));
}

// The density in real space and nothing else: eq. 2.
double density_at(double x, double y, double z, int channel, const std::vector<Source>& sources,
                  double sigma) {
  double sum = 0;
  for (const Source& s : sources)
    if (s.channel == channel)
      sum += s.weight * std::exp(-((x - s.x) * (x - s.x) + (y - s.y) * (y - s.y) + (z - s.z) * (z - s.z)) /
                                 (2 * sigma * sigma));
  return sum;
}

// int d³r R_n(r) Y_lm(r) density(r) on a product grid in spherical coordinates; indexed [l² + l + m][n].
std::vector<double> integrate(int n_max, int l_max, double cutoff, double sigma, int channel,
                              const std::vector<Source>& sources) {
  const QuadratureRule radial = composite_gauss_legendre(24, 8, 0, cutoff + 7 * sigma);
  const QuadratureRule polar = gauss_legendre(40, -1, 1);
  const int azimuths = 80;
  const std::vector<double> basis = radial_functions(RadialBasis::gto, n_max, cutoff, radial.points);
  const auto rows = static_cast<std::size_t>((l_max + 1) * (l_max + 1)),
             functions = static_cast<std::size_t>(n_max);
  std::vector<double> result(rows * functions, 0.0);
  for (std::size_t p = 0; p < polar.points.size(); ++p)
    for (int a = 0; a < azimuths; ++a) {
      const double theta = std::acos(polar.points[p]), phi = 2 * pi * a / azimuths;
      const double sine = std::sin(theta);
      std::vector<double> shells(functions, 0.0);
      for (std::size_t i = 0; i < radial.points.size(); ++i) {
        const double r = radial.points[i];
        const double value = radial.weights[i] * r * r *
                             density_at(r * sine * std::cos(phi), r * sine * std::sin(phi),
                                        r * polar.points[p], channel, sources, sigma);
        for (std::size_t n = 0; n < functions; ++n)
          shells[n] += value * basis[i * functions + n];
      }
      for (int l = 0; l <= l_max; ++l)
        for (int m = -l; m <= l; ++m) {
          const double factor = polar.weights[p] * 2 * pi / azimuths * real_harmonic(l, m, theta, phi);
          for (std::size_t n = 0; n < functions; ++n)
            result[static_cast<std::size_t>(l * l + l + m) * functions + n] += factor * shells[n];
        }
    }
  return result;
}

} // namespace

TEST(DensityExpansion, AgreesWithDirectIntegrationInSpace) {
  const int n_max = 5, l_max = 4;
  const double cutoff = 3.0, sigma = 0.5;
  const std::vector<Source> sources{{0, 0.4, -0.3, 0.9, 0.7},
                                    {0, -1.1, 0.2, 0.1, 1.3},
                                    {2, 0.0, 1.4, -1.0, 0.4},
                                    {2, 1.5, 1.2, 0.8, 2.0},
                                    {2, 0, 0, -0.2, 0.9}};
  std::vector<Source> with_centre = sources;
  with_centre.push_back({1, 0, 0, 0, 0.6});
  const DensityExpansion expansion(RadialSpline(parameters_with(n_max, l_max, cutoff, sigma)));
  const DensityShape shape = expansion.shape(3);
  std::vector<double> density(shape.size());
  DensityWorkspace workspace;
  expansion.expand(neighbours_of(3, sources), 1, 0.6, workspace, {shape, density.data()});
  for (int channel = 0; channel < 3; ++channel) {
    const std::vector<double> direct = integrate(n_max, l_max, cutoff, sigma, channel, with_centre);
    for (int row = 0; row < shape.rows(); ++row)
      for (int n = 0; n < n_max; ++n)
        EXPECT_NEAR(density[static_cast<std::size_t>(row * shape.stride() + channel * n_max + n)],
                    direct[static_cast<std::size_t>(row * n_max + n)], 2e-10)
            << "channel " << channel << " row " << row << " n " << n;
  }
}

// Every shape of register tile: sums over neighbours written out, for all small n_max and l_max.
TEST(DensityExpansion, IsTheSumOverNeighboursForEveryShape) {
  std::vector<Source> sources;
  for (int i = 0; i < 19; ++i)
    sources.push_back({i < 6   ? 0
                       : i < 7 ? 1
                               : 3,
                       0.3 + 0.1 * i, std::sin(i), std::cos(2 * i), 1.0 + 0.01 * i});
  const WeightedNeighbours neighbours = neighbours_of(4, sources);
  for (int n_max = 1; n_max <= 17; ++n_max)
    for (const int l_max : {0, 5, 8}) {
      const RadialSpline spline(parameters_with(n_max, l_max, 4.0, 1.0),
                                1e-3); // coarse: it serves both sides
      const DensityExpansion expansion(spline);
      const DensityShape shape = expansion.shape(4);
      std::vector<double> density(shape.size(), -5.0), expected(shape.size(), 0.0);
      DensityWorkspace workspace;
      expansion.expand(neighbours, 2, 0, workspace, {shape, density.data()});
      std::vector<double> harmonics(static_cast<std::size_t>(shape.rows() * 24)),
          radial(static_cast<std::size_t>(spline.stride()));
      SphericalHarmonics(l_max).evaluate(19, neighbours.x, neighbours.y, neighbours.z, neighbours.weights, 24,
                                         harmonics);
      for (int i = 0; i < 19; ++i) {
        spline.evaluate(neighbours.distances[static_cast<std::size_t>(i)], radial);
        for (int l = 0; l <= l_max; ++l)
          for (int m = -l; m <= l; ++m)
            for (int n = 0; n < n_max; ++n)
              expected[static_cast<std::size_t>(harmonic_index(l, m) * shape.stride() +
                                                sources[static_cast<std::size_t>(i)].channel * n_max + n)] +=
                  harmonics[static_cast<std::size_t>(harmonic_index(l, m) * 24 + i)] *
                  radial[static_cast<std::size_t>(l * n_max + n)];
      }
      for (int row = 0; row < shape.rows(); ++row)
        for (int q = 0; q < 4 * n_max; ++q) {
          const auto at = static_cast<std::size_t>(row * shape.stride() + q);
          ASSERT_NEAR(density[at], expected[at], 1e-12)
              << "n_max " << n_max << " l_max " << l_max << " row " << row << " q " << q;
        }
    }
}

TEST(DensityExpansion, ALoneCentreIsSpherical) {
  const DensityExpansion expansion(RadialSpline(parameters_with(6, 3, 5.0, 0.4)));
  const DensityShape shape = expansion.shape(2);
  std::vector<double> density(shape.size());
  DensityWorkspace workspace;
  expansion.expand(neighbours_of(2, {}), 1, 2.0, workspace, {shape, density.data()});
  double norm = 0;
  for (int row = 0; row < shape.rows(); ++row)
    for (int q = 0; q < 12; ++q) {
      const double value = density[static_cast<std::size_t>(row * shape.stride() + q)];
      if (row > 0 || q < 6) {
        EXPECT_EQ(value, 0);
      }
      norm += value * value;
    }
  // Of a Gaussian, int exp(-r²/sigma²) d³r = (pi sigma²)^3/2, as far as six functions can describe it.
  EXPECT_NEAR(norm / (4 * std::pow(pi * 0.16, 1.5)), 1, 0.05);
}
