// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/kernel/compact_form.hpp"

#include "fake_features.hpp"
#include "soapstone/kernel/tile.hpp"

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

const features::FeatureLayout layout{{segment_widths.begin(), segment_widths.end()}};

class FormOfDegree : public ::testing::TestWithParam<int> {};

TEST_P(FormOfDegree, EqualsTheSumOverTheTrainingSet) {
  const int degree = GetParam();
  const auto world = parallel::Communicator::world();
  const linalg::ProcessGrid grid(world, linalg::choose_grid(world.size()));
  const FeatureFunction features = [&](std::span<const structure::Structure> part) {
    return degree == 1 ? structure_means(fake_features(part)) : fake_features(part);
  };
  const auto training = fake_structures(60, 1), fresh = fake_structures(25, 2);
  const FeatureStore store(grid, training, 7, features), fresh_store(grid, fresh, 7, features);
  const auto x = coefficients(2 * 60);
  CompactForm form(degree, layout, 2, 0.5);
  build_form(store, x, form);
  const auto y = evaluate_form(fresh_store, form);
  for (std::size_t t = 0; t < 2; ++t)
    for (std::size_t i = 0; i < fresh.size(); ++i) {
      double expected = 0;
      for (std::size_t j = 0; j < 60; ++j)
        expected += 0.5 * brute_kernel(fresh[i], training[j], degree) * x[j + 60 * t];
      EXPECT_NEAR(y[i + t * 25], expected, 1e-11);
    }
}

INSTANTIATE_TEST_SUITE_P(Degrees, FormOfDegree, ::testing::Values(1, 2));

/// Features with every column of the made-up ones 50 times over, each time scaled differently: wider than
/// what a form works on at once.
features::FeatureBlock wide_features(std::span<const structure::Structure> structures) {
  auto block = fake_features(structures);
  for (auto& group : block.groups) {
    LargeArray<double> wide;
    for (std::size_t v = 0; v < group.values.size(); ++v)
      for (int i = 0; i < 50; ++i)
        wide.push_back(group.values[v] *
                       std::cos(static_cast<double>(i) + 0.3 * static_cast<double>(v % 17)));
    group.values = std::move(wide);
    group.width *= 50;
    for (auto& segment : group.segments) {
      segment.width *= 50;
      segment.offset *= 50;
    }
  }
  return block;
}

TEST(CompactForm, OfManyColumnsIsTheQuadraticForm) {
  auto wide_layout = layout;
  for (auto& width : wide_layout.widths)
    width *= 50;
  const auto d = static_cast<std::size_t>(wide_layout.total_width());
  ASSERT_EQ(d, 850U);
  const auto structures = fake_structures(12, 3);
  const auto block = wide_features(structures);
  const auto x = coefficients(12);
  CompactForm form(2, wide_layout, 1);
  form.add(block, {x.data(), 12, form.targets()});
  form.symmetrize();
  const auto rows = features::to_dense(block, wide_layout);
  std::vector<double> expected(d * d, 0.0);
  std::size_t row = 0;
  for (std::size_t s = 0; s < structures.size(); ++s)
    for (std::size_t a = 0; a < structures[s].size(); ++a, ++row)
      for (std::size_t i = 0; i < d; ++i)
        for (std::size_t j = 0; j < d; ++j)
          expected[i + d * j] +=
              x[s] / static_cast<double>(structures[s].size()) * rows[row * d + i] * rows[row * d + j];
  for (std::size_t i = 0; i < d * d; ++i)
    ASSERT_NEAR(form.values(0)[i], expected[i], 1e-12);
  std::vector<double> values(12);
  form.evaluate(block, {values.data(), 12, form.targets()});
  row = 0;
  for (std::size_t s = 0; s < structures.size(); ++s) {
    double sum = 0;
    for (std::size_t a = 0; a < structures[s].size(); ++a, ++row)
      for (std::size_t i = 0; i < d; ++i)
        for (std::size_t j = 0; j < d; ++j)
          sum += rows[row * d + i] * expected[i + d * j] * rows[row * d + j];
    EXPECT_NEAR(values[s], sum / static_cast<double>(structures[s].size()), 1e-9 * std::abs(sum) + 1e-9);
  }
}

TEST(CompactForm, WithFewColumnsIsThatWithTheOthersZero) {
  const auto structures = fake_structures(30, 3);
  const auto block = fake_features(structures);
  const auto x = coefficients(30);
  const auto d = layout.total_width();
  CompactForm whole(2, layout, 1);
  whole.add(block, {x.data(), 30, whole.targets()});
  for (std::int64_t columns = 0; columns <= d; ++columns) {
    CompactForm few(2, layout, 1), cleared = whole;
    few.limit_columns(columns);
    few.add(block, {x.data(), 30, few.targets()});
    for (std::int64_t j = 0; j < d; ++j)
      for (std::int64_t i = j; i < d; ++i) {
        const auto at = static_cast<std::size_t>(i + d * j);
        if (j < columns)
          EXPECT_NEAR(few.values(0)[at], whole.values(0)[at], 1e-12) << i << " " << j << " of " << columns;
        else
          cleared.values(0)[at] = 0;
      }
    std::vector<double> by_few(30), by_cleared(30);
    few.evaluate(block, {by_few.data(), 30, few.targets()});
    cleared.evaluate(block, {by_cleared.data(), 30, cleared.targets()});
    for (std::size_t s = 0; s < 30; ++s)
      EXPECT_NEAR(by_few[s], by_cleared[s], 1e-11) << columns;
  }
}

TEST(CompactForm, IsSymmetricAndAddsUp) {
  const auto structures = fake_structures(30, 3);
  const auto block = fake_features(structures);
  const auto x = coefficients(30);
  CompactForm once(2, layout, 1), twice(2, layout, 1);
  once.add(block, {x.data(), 30, once.targets()});
  twice.add(block, {x.data(), 30, twice.targets()});
  twice.add(block, {x.data(), 30, twice.targets()});
  once.symmetrize();
  twice.symmetrize();
  const auto d = static_cast<std::size_t>(once.width());
  for (std::size_t i = 0; i < d; ++i)
    for (std::size_t j = 0; j < d; ++j) {
      EXPECT_EQ(once.values(0)[i + d * j], once.values(0)[j + d * i]);
      EXPECT_NEAR(twice.values(0)[i + d * j], 2 * once.values(0)[i + d * j], 1e-12);
    }
  twice.set_zero();
  EXPECT_EQ(twice.values(0)[0], 0.0);
}

} // namespace
} // namespace soapstone::kernel
