// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/kernel/apply.hpp"

#include "fake_features.hpp"

#include <gtest/gtest.h>

namespace soapstone::kernel {
namespace {

using namespace testing;

std::vector<double> coefficients(std::int64_t n) {
  std::vector<double> x;
  CounterRandom random(4);
  for (std::int64_t i = 0; i < n; ++i)
    x.push_back(random.normal());
  return x;
}

TEST(Apply, IsTheKernelTimesTheCoefficients) {
  const auto world = parallel::Communicator::world();
  const linalg::ProcessGrid grid(world, linalg::choose_grid(world.size()));
  const auto training = fake_structures(40, 1);
  const FeatureStore store(grid, training, 6, fake_features);
  const auto x = coefficients(2 * 40);
  for (const std::int64_t m : {0, 1, 63, 64, 65, 300}) {
    const auto fresh = fake_structures(m, 8);
    const auto y = apply_kernel(store, fresh, fake_features, x, {3, 0.5, 2});
    ASSERT_EQ(static_cast<std::int64_t>(y.size()), 2 * m);
    for (std::size_t t = 0; t < 2; ++t)
      for (std::size_t i = 0; i < fresh.size(); i += 11) {
        double expected = 0;
        for (std::size_t j = 0; j < 40; ++j)
          expected += 0.5 * brute_kernel(fresh[i], training[j], 3) * x[j + 40 * t];
        EXPECT_NEAR(y[i + t * fresh.size()], expected, 1e-11);
      }
  }
}

TEST(Apply, HasTheSameBitsWhenTrainingFeaturesAreComputedAnew) {
  const auto world = parallel::Communicator::world();
  const linalg::ProcessGrid grid(world, linalg::choose_grid(world.size()));
  const auto training = fake_structures(50, 1);
  const auto x = coefficients(50);
  const FeatureStore whole(grid, training, 8, fake_features),
      none(grid, training, 8, fake_features, {Precision::float64, 0});
  for (const std::int64_t m : {0, 1, 130, 1000}) {
    const auto fresh = fake_structures(m, 2);
    EXPECT_EQ(apply_kernel(none, fresh, fake_features, x, {2, 1.0, 1}),
              apply_kernel(whole, fresh, fake_features, x, {2, 1.0, 1}));
  }
}

TEST(Apply, HasTheSameBitsAsOnOneRank) {
  const auto world = parallel::Communicator::world();
  const auto self = parallel::Communicator::self();
  const linalg::ProcessGrid grid(world, linalg::choose_grid(world.size())), alone(self, {1, 1});
  const auto training = fake_structures(150, 1), fresh = fake_structures(130, 2);
  const auto x = coefficients(150);
  const FeatureStore store(grid, training, 8, fake_features), store_alone(alone, training, 8, fake_features);
  EXPECT_EQ(apply_kernel(store, fresh, fake_features, x, {2, 1.0, 1}),
            apply_kernel(store_alone, fresh, fake_features, x, {2, 1.0, 1}));
}

} // namespace
} // namespace soapstone::kernel
