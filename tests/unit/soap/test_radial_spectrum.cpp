// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/soap/radial_spectrum.hpp"

#include <gtest/gtest.h>
#include <vector>

using namespace soapstone::soap;

TEST(RadialSpectrum, IsTheSphericalPartOfTheDensity) {
  const DensityShape shape{3, 5, 2};
  std::vector<double> density(shape.size());
  for (std::size_t i = 0; i < density.size(); ++i)
    density[i] = 1.0 + static_cast<double>(i);
  std::vector<double> features(16, -1.0);
  const double sum = radial_spectrum({shape, density.data()}, features);
  for (std::size_t i = 0; i < 15; ++i)
    EXPECT_EQ(features[i], 1.0 + static_cast<double>(i));
  EXPECT_EQ(features[15], -1.0);
  EXPECT_DOUBLE_EQ(sum, 15.0 * 16 * 31 / 6);
}
