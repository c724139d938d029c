// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/soap/power_spectrum.hpp"

#include <cmath>
#include <gtest/gtest.h>
#include <random>
#include <vector>

using namespace soapstone::soap;

namespace {

std::vector<double> random_density(const DensityShape& shape, unsigned seed) {
  std::mt19937 engine(seed);
  std::normal_distribution<double> normal;
  std::vector<double> density(shape.size());
  for (double& value : density)
    value = normal(engine); // padding too: it must not matter
  return density;
}

// The definition, one entry at a time.
std::vector<double> naive(const DensityShape& shape, const std::vector<double>& density) {
  std::vector<double> result;
  const auto c = [&](int l, int m, int channel, int n) {
    return density[static_cast<std::size_t>((l * l + l + m) * shape.stride() + channel * shape.n_max + n)];
  };
  for (int a = 0; a < shape.channels; ++a)
    for (int b = a; b < shape.channels; ++b)
      for (int l = 0; l <= shape.l_max; ++l)
        for (int n = 0; n < shape.n_max; ++n)
          for (int k = a == b ? n : 0; k < shape.n_max; ++k) {
            double sum = 0;
            for (int m = -l; m <= l; ++m)
              sum += c(l, m, a, n) * c(l, m, b, k);
            result.push_back(sum / std::sqrt(2 * l + 1) * (a == b && n == k ? 1 : std::sqrt(2)));
          }
  return result;
}

} // namespace

TEST(PowerSpectrum, IsTheDefinitionForEveryShape) {
  for (int n_max = 1; n_max <= 27; ++n_max)
    for (const int l_max : {0, 1, 4})
      for (const int channels : {1, 2, 4}) {
        const DensityShape shape{channels, n_max, l_max};
        const std::vector<double> density = random_density(shape, 3);
        const std::vector<double> expected = naive(shape, density);
        ASSERT_EQ(static_cast<std::size_t>(power_spectrum_width(shape)), expected.size());
        std::vector<double> features(expected.size() + 8, 12345.0);
        const double sum = power_spectrum({shape, density.data()}, features);
        double expected_sum = 0;
        for (std::size_t i = 0; i < expected.size(); ++i) {
          ASSERT_NEAR(features[i], expected[i], 1e-13)
              << "n_max " << n_max << " l_max " << l_max << " channels " << channels << " entry " << i;
          expected_sum += expected[i] * expected[i];
        }
        EXPECT_NEAR(sum / expected_sum, 1, 1e-13);
        for (std::size_t i = expected.size(); i < features.size(); ++i)
          EXPECT_EQ(features[i], 12345.0) << "wrote past the end";
      }
}

// Dot products of the stored triangle are those of the full matrix: sum_l 1 / (2l + 1) sum_mm' (C_l
// C'_l^T)_mm'².
TEST(PowerSpectrum, DotProductsAreKernels) {
  const DensityShape shape{3, 7, 5};
  const auto a = random_density(shape, 1), b = random_density(shape, 2);
  std::vector<double> pa(static_cast<std::size_t>(power_spectrum_width(shape))), pb(pa.size());
  power_spectrum({shape, a.data()}, pa);
  power_spectrum({shape, b.data()}, pb);
  double dot = 0, kernel = 0;
  for (std::size_t i = 0; i < pa.size(); ++i)
    dot += pa[i] * pb[i];
  for (int l = 0; l <= shape.l_max; ++l)
    for (int m = 0; m < 2 * l + 1; ++m)
      for (int k = 0; k < 2 * l + 1; ++k) {
        double overlap = 0;
        for (int q = 0; q < 21; ++q)
          overlap += a[static_cast<std::size_t>((l * l + m) * shape.stride() + q)] *
                     b[static_cast<std::size_t>((l * l + k) * shape.stride() + q)];
        kernel += overlap * overlap / (2 * l + 1);
      }
  EXPECT_NEAR(dot / kernel, 1, 1e-12);
}
