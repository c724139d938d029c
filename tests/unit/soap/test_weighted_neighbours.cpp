// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/soap/weighted_neighbours.hpp"

#include "soapstone/base/error.hpp"

#include <cmath>
#include <gtest/gtest.h>

using namespace soapstone::soap;
using soapstone::structure::Neighbour;

namespace {

Neighbour neighbour(std::int32_t atom, double x, double y, double z) {
  return {atom, {x, y, z}, std::sqrt(x * x + y * y + z * z)};
}

} // namespace

TEST(WeightedNeighbours, AreSortedByChannelAndKeepTheirOrder) {
  const std::vector<Neighbour> neighbours{neighbour(0, 1, 0, 0), neighbour(1, 0, 2, 0),
                                          neighbour(2, 0, 0, -3), neighbour(3, 0, 4, 3)};
  const std::vector<int> channels{2, 0, 2, 0};
  SoapParameters parameters;
  parameters.cutoff = 6;
  parameters.scaling = {2.0, 2.0, 1.0};
  WeightedNeighbours weighted;
  weigh_neighbours(neighbours, channels, 3, parameters, weighted);
  EXPECT_EQ(weighted.count, 4);
  EXPECT_EQ(weighted.channels(), 3);
  EXPECT_EQ(weighted.starts, (std::vector<int>{0, 2, 2, 4}));
  const std::vector<double> distances{2, 5, 1, 3};
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_DOUBLE_EQ(weighted.distances[i], distances[i]);
    EXPECT_DOUBLE_EQ(weighted.weights[i], 1 / (1 + distances[i] * distances[i] / 4));
  }
  EXPECT_DOUBLE_EQ(weighted.y[1], 0.8);
  EXPECT_DOUBLE_EQ(weighted.z[1], 0.6);
  EXPECT_DOUBLE_EQ(weighted.z[3], -1);
  ASSERT_EQ(weighted.weights.size(), 8u);
  for (std::size_t i = 4; i < 8; ++i)
    EXPECT_EQ(weighted.weights[i], 0);
}

TEST(WeightedNeighbours, MayBeNone) {
  WeightedNeighbours weighted;
  weigh_neighbours({}, {}, 2, {}, weighted);
  EXPECT_EQ(weighted.count, 0);
  EXPECT_EQ(weighted.starts, (std::vector<int>{0, 0, 0}));
}

TEST(WeightedNeighbours, DivergingWeightIsADataError) {
  SoapParameters parameters;
  parameters.scaling.rate = 0;
  WeightedNeighbours weighted;
  const std::vector<int> channels{0};
  const std::vector<Neighbour> close{neighbour(0, 1e-12, 0, 0)}, fine{neighbour(0, 0.3, 0, 0)};
  EXPECT_THROW(weigh_neighbours(close, channels, 1, parameters, weighted), soapstone::DataError);
  EXPECT_NO_THROW(weigh_neighbours(fine, channels, 1, parameters, weighted));
  parameters.scaling.rate = 1;
  EXPECT_NO_THROW(weigh_neighbours(close, channels, 1, parameters, weighted));
}
