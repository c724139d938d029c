// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/kernel/projection.hpp"

#include "fake_features.hpp"
#include "soapstone/base/error.hpp"
#include "soapstone/kernel/tile.hpp"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>
#include <limits>
#include <numeric>

namespace soapstone::kernel {
namespace {

using features::FeatureBlock;
using features::FeatureLayout;
using testing::fake_features;
using testing::fake_structures;

const FeatureLayout fake_layout{{testing::segment_widths.begin(), testing::segment_widths.end()}};
constexpr std::int64_t fake_width = 17;

std::vector<double> kernel_matrix(const FeatureBlock& block, int zeta) {
  const auto n = block.structures;
  std::vector<double> matrix(static_cast<std::size_t>(n * n), 0.0);
  TileWorkspace workspace;
  average_kernel_tile(block, block, zeta, 1.0, {matrix.data(), n, n}, workspace);
  return matrix;
}

void expect_equal(const std::vector<double>& a, const std::vector<double>& b, double tolerance) {
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t i = 0; i < a.size(); ++i)
    ASSERT_NEAR(a[i], b[i], tolerance) << i;
}

void expect_orthonormal(const Projection& projection, double tolerance) {
  const auto n = static_cast<std::size_t>(projection.width_in);
  for (std::size_t a = 0; a < static_cast<std::size_t>(projection.width); ++a)
    for (std::size_t b = 0; b <= a; ++b) {
      double dot = 0;
      for (std::size_t i = 0; i < n; ++i)
        dot += projection.matrix[a * n + i] * projection.matrix[b * n + i];
      ASSERT_NEAR(dot, a == b ? 1.0 : 0.0, tolerance) << a << ", " << b;
    }
}

/// One structure per row, as many rows as wanted, in one segment: sum over q of amplitude(q) g_iq d_q with
/// normal g and fixed random directions d_q.
template <typename Amplitude>
FeatureBlock random_rows(std::int64_t rows, std::int64_t width, std::int64_t rank, Amplitude amplitude,
                         std::uint64_t seed) {
  CounterRandom fixed(99), random(seed);
  std::vector<double> directions(static_cast<std::size_t>(rank * width));
  for (auto& value : directions)
    value = fixed.normal() / std::sqrt(static_cast<double>(width));
  features::FeatureGroup group;
  group.segments = {{0, static_cast<std::int32_t>(width), 0}};
  group.width = width;
  group.values.assign(static_cast<std::size_t>(rows * width), 0.0);
  for (std::int64_t i = 0; i < rows; ++i) {
    group.structures.push_back(static_cast<std::int32_t>(i));
    group.environments.push_back(1);
    for (std::int64_t q = 0; q < rank; ++q) {
      const double x = amplitude(q) * random.normal();
      for (std::int64_t f = 0; f < width; ++f)
        group.values[static_cast<std::size_t>(i * width + f)] +=
            x * directions[static_cast<std::size_t>(q * width + f)];
    }
  }
  return {rows, {group}};
}

double constant(std::int64_t) {
  return 1.0;
}

double mean_square(const FeatureBlock& block) {
  double sum = 0, rows = 0;
  for (const auto& group : block.groups) {
    for (const double value : group.values)
      sum += value * value;
    rows += static_cast<double>(group.rows());
  }
  return sum / rows;
}

TEST(Projection, OfFullWidthLeavesEveryKernelAlone) {
  const auto structures = fake_structures(40, 3);
  const auto block = fake_features(structures);
  const auto projection = fit_projection(block, fake_layout, {.width = fake_width}, 1);
  EXPECT_EQ(projection.width, fake_width);
  expect_orthonormal(projection, 1e-13);
  const auto projected = project(block, projection);
  for (const int zeta : {1, 2, 3})
    expect_equal(kernel_matrix(projected, zeta), kernel_matrix(block, zeta), 1e-12);
}

TEST(Projection, PutsAllStructuresIntoOneGroupInTheirOrder) {
  const auto structures = fake_structures(40, 3);
  const auto projection = fit_projection(fake_features(structures), fake_layout, {.width = 5}, 1);
  const auto projected = project(fake_features(structures), projection);
  ASSERT_EQ(projected.groups.size(), 1U);
  const auto& group = projected.groups[0];
  EXPECT_EQ(group.segments, (std::vector<features::Segment>{{0, 5, 0}}));
  EXPECT_EQ(group.width, 5);
  const double* row = group.values.data();
  for (std::size_t s = 0; s < structures.size(); ++s) {
    ASSERT_EQ(group.structures[s], static_cast<int>(s));
    ASSERT_EQ(group.environments[s], static_cast<int>(structures[s].size()));
    for (std::size_t a = 0; a < structures[s].size(); ++a, row += 5) { // by definition: row times matrix
      std::size_t column = 0;
      std::array<double, 5> expected{};
      for (int segment = 0; segment < testing::segment_count; ++segment)
        for (int c = 0; c < testing::segment_widths[static_cast<std::size_t>(segment)]; ++c, ++column)
          if ((structures[s].species.front() >> segment & 1) != 0)
            for (std::size_t q = 0; q < 5; ++q)
              expected[q] +=
                  testing::fake_feature(structures[s], a, segment, c) * projection.matrix[q * 17 + column];
      for (std::size_t q = 0; q < 5; ++q)
        ASSERT_NEAR(row[q], expected[q], 1e-13);
    }
  }
  EXPECT_TRUE(project(fake_features({}), projection).groups.empty());
}

// <p V, g> = <p, g V^T>, of some structures in the midst of a block.
TEST(Projection, GoesBackByTheTransposedMatrix) {
  const auto structures = fake_structures(40, 3);
  const auto projection = fit_projection(fake_features(structures), fake_layout, {.width = 5}, 1);
  auto gradient = project(fake_features(structures), projection);
  CounterRandom random(6);
  for (double& value : gradient.groups[0].values)
    value = random.normal();
  for (const std::int64_t first : {0, 7}) {
    const auto some = std::span(structures).subspan(static_cast<std::size_t>(first), 20);
    const auto features = fake_features(some), projected = project(features, projection);
    double expected = 0;
    std::size_t place = 0;
    for (std::int64_t s = 0; s < first; ++s)
      place += 5 * structures[static_cast<std::size_t>(s)].size();
    for (const double value : projected.groups[0].values)
      expected += value * gradient.groups[0].values[place++];
    auto back = features;
    for (auto& group : back.groups)
      std::fill(group.values.begin(), group.values.end(), 0.0);
    add_transposed(gradient, first, projection, back);
    double found = 0;
    for (std::size_t g = 0; g < back.groups.size(); ++g)
      found += std::inner_product(back.groups[g].values.begin(), back.groups[g].values.end(),
                                  features.groups[g].values.begin(), 0.0);
    EXPECT_NEAR(found, expected, 1e-12 * (1 + std::abs(expected)));
  }
}

// Rows in a known subspace: that many components hold everything, whether the subspace is found in the space
// of features, in that of the rows, or by the random sketch.
TEST(Projection, ReproducesRowsOfALowDimensionalSubspace) {
  const struct { std::int64_t rows, width, rank; } cases[] = {{200, 20, 7}, {15, 300, 7}, {400, 500, 12}};
  for (const auto& c : cases) {
    const auto sample = random_rows(c.rows, c.width, c.rank, constant, 1);
    const auto projection = fit_projection(sample, dense_layout(c.width), {.width = c.rank}, 1);
    EXPECT_EQ(projection.width, c.rank);
    EXPECT_NEAR(projection.residual_variance, 0.0, 1e-12);
    expect_orthonormal(projection, 1e-13);
    const auto others = random_rows(30, c.width, c.rank, constant, 2);
    expect_equal(kernel_matrix(project(others, projection), 2), kernel_matrix(others, 2), 1e-10);
    expect_equal(kernel_matrix(project(others, projection), 1), kernel_matrix(others, 1), 1e-12);
  }
}

TEST(Projection, HasTheWidthOfTheRankWhenMoreIsWanted) {
  const auto sample = random_rows(15, 300, 7, constant, 1);
  const auto projection = fit_projection(sample, dense_layout(300), {.width = 12}, 1);
  EXPECT_EQ(projection.width, 7);
  EXPECT_EQ(projection.variances.size(), 7U);
  EXPECT_EQ(projection.matrix.size(), 7U * 300U);
}

TEST(Projection, StatesTheResidualVarianceOfItsSample) {
  const auto decaying = [](std::int64_t q) { return std::pow(0.9, static_cast<double>(q)); };
  const auto structures = fake_structures(60, 8);
  const struct {
    FeatureBlock block;
    FeatureLayout layout;
  } samples[] = {{fake_features(structures), fake_layout},
                 {random_rows(500, 400, 100, decaying, 1), dense_layout(400)}};
  for (const auto& [block, layout] : samples)
    for (const std::int64_t width : {1, 4, 9}) {
      const auto projection = fit_projection(block, layout, {.width = width}, 1);
      const double left = 1 - mean_square(project(block, projection)) / mean_square(block);
      EXPECT_GT(left, 0.0);
      EXPECT_NEAR(projection.residual_variance, left, 1e-12);
      EXPECT_TRUE(std::is_sorted(projection.variances.rbegin(), projection.variances.rend()));
    }
}

TEST(Projection, KeepsAsManyAsTheResidualVarianceNeeds) {
  const auto decaying = [](std::int64_t q) { return std::pow(0.97, static_cast<double>(q)); };
  const auto block = random_rows(900, 700, 600, decaying, 1);
  const auto layout = dense_layout(700);
  for (const double allowed : {0.5, 1e-2, 1e-6, 1e-12}) { // the last needs more than the first guess
    const auto projection = fit_projection(block, layout, {.residual_variance = allowed}, 1);
    EXPECT_LE(projection.residual_variance, allowed);
    const auto narrower = fit_projection(block, layout, {.width = projection.width - 1}, 1);
    EXPECT_GT(narrower.residual_variance, allowed);
  }
}

// Every orthonormal set of as many vectors leaves at least as much out as principal components do: compare
// the sketch with the dense solution, which a nearly full width makes the program use.
TEST(Projection, FromASketchIsAsGoodAsTheDenseOne) {
  const auto slow = [](std::int64_t q) { return 1 / (1.0 + static_cast<double>(q)); };
  const auto block = random_rows(600, 500, 500, slow, 1);
  const auto layout = dense_layout(500);
  const auto sketched = fit_projection(block, layout, {.width = 60}, 1);
  const auto dense = fit_projection(block, layout, {.width = 490}, 1);
  for (std::size_t q = 0; q < 60; ++q) {
    EXPECT_LE(sketched.variances[q], dense.variances[q] * (1 + 1e-10)) << q;
    EXPECT_GE(sketched.variances[q], dense.variances[q] * (1 - 0.02)) << q;
  }
  double left = 1;
  const double total = mean_square(block);
  for (std::size_t q = 0; q < 60; ++q)
    left -= dense.variances[q] / total;
  EXPECT_LT(sketched.residual_variance, left * 1.01);
}

TEST(Projection, RefusesRowsWithoutMeaning) {
  auto zero = random_rows(
      5, 4, 2, [](std::int64_t) { return 0.0; }, 1);
  EXPECT_THROW(fit_projection(zero, dense_layout(4), {.width = 2}, 1), NumericalError);
  zero.groups[0].values[3] = std::numeric_limits<double>::quiet_NaN();
  EXPECT_THROW(fit_projection(zero, dense_layout(4), {.width = 2}, 1), NumericalError);
  const auto good = random_rows(5, 4, 2, constant, 1);
  EXPECT_THROW(fit_projection(good, dense_layout(4), {.width = 5}, 1), InternalError);
  EXPECT_THROW(fit_projection(good, dense_layout(4), {}, 1), InternalError);
}

} // namespace
} // namespace soapstone::kernel
