// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/soap/spherical_harmonics.hpp"

#include "soapstone/soap/gauss_legendre.hpp"

#include <boost/math/special_functions/legendre.hpp>
#include <boost/math/special_functions/spherical_harmonic.hpp>
#include <cmath>
#include <gtest/gtest.h>
#include <numbers>
#include <random>

using namespace soapstone::soap;

namespace {

// Directions as the class wants them: padded to whole blocks, padding with weight zero.
struct Directions {
  explicit Directions(std::size_t number)
      : count(static_cast<int>(number)), stride((static_cast<int>(number) + 7) / 8 * 8) {
    for (auto* array : {&x, &y, &z, &weights})
      array->resize(static_cast<std::size_t>(stride), 0.0);
  }
  void set(std::size_t i, double theta, double phi, double weight = 1) {
    x[i] = std::sin(theta) * std::cos(phi);
    y[i] = std::sin(theta) * std::sin(phi);
    z[i] = std::cos(theta);
    weights[i] = weight;
  }
  std::vector<double> evaluate(int l_max) const {
    std::vector<double> values(static_cast<std::size_t>((l_max + 1) * (l_max + 1) * stride), -7.0);
    SphericalHarmonics(l_max).evaluate(count, x, y, z, weights, stride, values);
    return values;
  }
  std::size_t at(int l, int m, std::size_t i) const {
    return static_cast<std::size_t>(harmonic_index(l, m) * stride) + i;
  }
  int count, stride;
  std::vector<double> x, y, z, weights;
};

// From the complex ones with the Condon-Shortley phase.
double real_harmonic(int l, int m, double theta, double phi) {
  if (m == 0)
    return boost::math::spherical_harmonic_r(l, 0, theta, phi);
  const double sign = m % 2 == 0 ? 1 : -1;
  const auto order = static_cast<unsigned>(l);
  return sign * std::numbers::sqrt2 *
         (m > 0 ? boost::math::spherical_harmonic_r(order, m, theta, phi)
                : boost::math::spherical_harmonic_i(order, -m, theta, phi));
}

} // namespace

TEST(SphericalHarmonics, AgreeWithBoost) {
  const int l_max = 16;
  std::mt19937 engine(5);
  std::uniform_real_distribution<double> uniform(0, 1);
  Directions directions(21);
  std::vector<std::array<double, 2>> angles{
      {0.0, 0.0}, {std::numbers::pi, 0.0}, {1e-7, 2.0}, {std::numbers::pi / 2, std::numbers::pi}};
  while (angles.size() < 21)
    angles.push_back({std::numbers::pi * uniform(engine), 2 * std::numbers::pi * uniform(engine)});
  for (std::size_t i = 0; i < angles.size(); ++i)
    directions.set(i, angles[i][0], angles[i][1], 0.5 + static_cast<double>(i));
  const std::vector<double> values = directions.evaluate(l_max);
  for (int l = 0; l <= l_max; ++l)
    for (int m = -l; m <= l; ++m)
      for (std::size_t i = 0; i < angles.size(); ++i)
        EXPECT_NEAR(values[directions.at(l, m, i)] / directions.weights[i],
                    real_harmonic(l, m, angles[i][0], angles[i][1]), 1e-13)
            << l << " " << m << " direction " << i;
}

// sum_m Y_lm(a) Y_lm(b) = (2l + 1) / 4 pi P_l(a . b).
TEST(SphericalHarmonics, ObeyTheAdditionTheorem) {
  const int l_max = 14;
  Directions directions(9);
  for (std::size_t i = 0; i < 9; ++i)
    directions.set(i, 0.1 + 0.33 * static_cast<double>(i), 5.1 * static_cast<double>(i));
  const std::vector<double> values = directions.evaluate(l_max);
  for (std::size_t i = 0; i < 9; ++i)
    for (std::size_t j = 0; j <= i; ++j)
      for (int l = 0; l <= l_max; ++l) {
        double sum = 0;
        for (int m = -l; m <= l; ++m)
          sum += values[directions.at(l, m, i)] * values[directions.at(l, m, j)];
        const double cosine = directions.x[i] * directions.x[j] + directions.y[i] * directions.y[j] +
                              directions.z[i] * directions.z[j];
        const double expected =
            (2 * l + 1) / (4 * std::numbers::pi) * boost::math::legendre_p(l, std::clamp(cosine, -1.0, 1.0));
        EXPECT_NEAR(sum, expected, 1e-13) << l;
      }
}

TEST(SphericalHarmonics, AreOrthonormalOnTheSphere) {
  const int l_max = 14, azimuths = 32;
  const QuadratureRule polar = gauss_legendre(16, -1, 1);
  Directions directions(polar.points.size() * azimuths);
  for (std::size_t i = 0; i < polar.points.size(); ++i)
    for (std::size_t k = 0; k < azimuths; ++k)
      directions.set(i * azimuths + k, std::acos(polar.points[i]),
                     2 * std::numbers::pi * static_cast<double>(k) / azimuths);
  const std::vector<double> values = directions.evaluate(l_max);
  for (int a = 0; a < (l_max + 1) * (l_max + 1); ++a)
    for (int b = 0; b <= a; ++b) {
      double sum = 0;
      for (std::size_t i = 0; i < polar.points.size() * azimuths; ++i)
        sum += polar.weights[i / azimuths] * 2 * std::numbers::pi / azimuths *
               values[static_cast<std::size_t>(a * directions.stride) + i] *
               values[static_cast<std::size_t>(b * directions.stride) + i];
      ASSERT_NEAR(sum, a == b ? 1 : 0, 1e-12) << a << " " << b;
    }
}

TEST(SphericalHarmonics, ZeroWeightGivesZeros) {
  Directions directions(3);
  directions.set(0, 1, 1);
  const std::vector<double> values = directions.evaluate(4);
  for (int row = 0; row < 25; ++row)
    for (int i = 1; i < directions.count; ++i)
      EXPECT_EQ(values[static_cast<std::size_t>(row * 8 + i)], 0);
}
