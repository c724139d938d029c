// SPDX-License-Identifier: BSD-3-Clause
// Gradients in environment features against loops over pairs of atoms, on made-up features with segments.
#include "soapstone/kernel/kernel_gradient.hpp"

#include "fake_features.hpp"
#include "soapstone/kernel/tile.hpp"
#include "soapstone/parallel/collectives.hpp"

#include <array>
#include <cmath>
#include <gtest/gtest.h>
#include <numeric>

namespace soapstone::kernel {
namespace {

using linalg::GridShape;
using linalg::ProcessGrid;
using structure::Structure;

const features::FeatureLayout layout{{testing::segment_widths.begin(), testing::segment_widths.end()}};

/// All features of the structures' rows, absent segments zero.
std::vector<std::vector<double>> dense_rows(const Structure& structure, bool means) {
  auto block = testing::fake_features({&structure, 1});
  if (means)
    block = structure_means(block);
  const auto values = to_dense(block, layout);
  const auto width = static_cast<std::ptrdiff_t>(layout.total_width());
  std::vector<std::vector<double>> rows;
  for (auto at = values.begin(); at != values.end(); at += width)
    rows.emplace_back(at, at + width);
  return rows;
}

KernelSensitivity random_sensitivity(std::int64_t n, std::int64_t columns) {
  KernelSensitivity w{n, columns, {}, {}, 0.37};
  CounterRandom random(5);
  for (std::int64_t i = 0; i < n * columns; ++i) {
    w.a.push_back(random.normal());
    w.b.push_back(random.normal());
  }
  return w;
}

double entry(const KernelSensitivity& w, std::int64_t i, std::int64_t j) {
  double sum = i == j ? w.diagonal : 0;
  for (std::int64_t c = 0; c < w.columns; ++c) {
    const auto at = [&](const std::vector<double>& v, std::int64_t s) {
      return v[static_cast<std::size_t>(c * w.structures + s)];
    };
    sum -= (at(w.a, i) * at(w.b, j) + at(w.b, i) * at(w.a, j)) / 2;
  }
  return sum;
}

/// dL/dp of every row of structure i by its definition, and this structure's part of sum W K.
std::vector<std::vector<double>> brute_gradient(const std::vector<std::vector<std::vector<double>>>& rows,
                                                std::size_t i, const KernelSensitivity& w, int zeta,
                                                double weight, double& product) {
  std::vector<std::vector<double>> gradient;
  for (const auto& p : rows[i]) {
    auto& g = gradient.emplace_back(p.size(), 0.0);
    for (std::size_t s = 0; s < rows.size(); ++s)
      for (const auto& q : rows[s]) {
        const double dot = std::inner_product(p.begin(), p.end(), q.begin(), 0.0);
        const double factor = weight * entry(w, static_cast<std::int64_t>(i), static_cast<std::int64_t>(s)) /
                              static_cast<double>(rows[i].size() * rows[s].size());
        product += factor * std::pow(dot, zeta);
        for (std::size_t f = 0; f < q.size(); ++f)
          g[f] += 2 * zeta * factor * std::pow(dot, zeta - 1) * q[f];
      }
  }
  return gradient;
}

using Rows = std::vector<std::vector<double>>; // of one structure

Rows zero_rows(const Rows& like) {
  return {like.size(), std::vector<double>(like.front().size(), 0.0)};
}

/// Adds a gradient to rows of all features, and counts structures.
void add(const features::FeatureBlock& found, std::size_t first, std::vector<Rows>& sum) {
  const auto values = to_dense(found, layout);
  auto value = values.begin();
  for (std::size_t s = first; s < first + static_cast<std::size_t>(found.structures); ++s)
    for (auto& row : sum[s])
      for (auto& number : row)
        number += *value++;
}

FeatureStore make_store(const ProcessGrid& grid, const std::vector<Structure>& structures, bool means,
                        std::int64_t memory) {
  StoreOptions kept;
  kept.memory = memory;
  kept.part = std::numeric_limits<std::int64_t>::max();
  return {grid, structures, 3,
          [means](std::span<const Structure> some) {
            return means ? structure_means(testing::fake_features(some)) : testing::fake_features(some);
          },
          kept};
}

void check(const ProcessGrid& grid, const KernelGradientOptions& options, std::int64_t kept,
           const KernelSensitivity& w) {
  const auto structures = testing::fake_structures(17, 4);
  const bool means = options.zeta == 1;
  const auto store = make_store(grid, structures, means, kept);
  std::vector<Rows> rows, found;
  for (const auto& structure : structures) {
    rows.push_back(dense_rows(structure, means));
    found.push_back(zero_rows(rows.back()));
  }
  const double product =
      kernel_gradient(store, layout, w, options, [&](std::int64_t b, const features::FeatureBlock& gradient) {
        EXPECT_TRUE(store.is_mine(b));
        add(gradient, static_cast<std::size_t>(3 * b), found);
      });
  double expected = 0;
  for (std::size_t s = 0; s < rows.size(); ++s) {
    auto wanted = brute_gradient(rows, s, w, options.zeta, options.weight, expected);
    for (std::size_t j = 0; j < rows[s].size(); ++j) {
      parallel::all_reduce(grid.all(), std::span(found[s][j]));
      for (std::size_t f = 0; f < wanted[j].size(); ++f)
        EXPECT_NEAR(found[s][j][f], rows[s][j][f] != 0 ? wanted[j][f] : 0, 1e-10) // 0: of absent segments
            << "structure " << s << ", feature " << f;
    }
  }
  EXPECT_NEAR(product, expected, 1e-9 * std::max(1.0, std::abs(expected)));
}

constexpr auto everything = std::numeric_limits<std::int64_t>::max();

void check_on_grids(KernelGradientOptions options, std::int64_t kept, const KernelSensitivity& w) {
  const auto world = parallel::Communicator::world();
  options.weight = 1.7;
  for (const auto shape : {GridShape{1, world.size()}, GridShape{world.size(), 1}})
    check(ProcessGrid(world, shape), options, kept, w);
}

TEST(KernelGradient, IsThatOfLoopsOverAtoms) {
  for (const int zeta : {1, 2, 3, 5, 6, 9})
    for (const auto memory : {everything, std::int64_t{0}}) {
      KernelGradientOptions options;
      options.zeta = zeta;
      options.memory = memory;
      check_on_grids(options, memory, random_sensitivity(17, 3));
    }
}

/// Both ways, the one by forms with all of them, five and one at a time.
TEST(KernelGradient, AtZeta2IsThatOfLoopsOverAtomsBothWays) {
  const std::int64_t form = 8 * layout.total_width() * layout.total_width();
  for (const auto way : {GradientWay::tiles, GradientWay::forms})
    for (const auto memory : {everything, 5 * form, std::int64_t{0}}) {
      KernelGradientOptions options;
      options.memory = memory;
      options.way = way;
      check_on_grids(options, memory, random_sensitivity(17, 3));
    }
}

/// A fold that holds the structures 4 to 9, another the last ones, and one whose errors do not count.
TEST(KernelGradient, LeavesOutWhatIsZero) {
  auto w = random_sensitivity(17, 3);
  std::fill(w.b.begin() + 4, w.b.begin() + 10, 0.0);
  std::fill(w.b.begin() + 17 + 12, w.b.begin() + 2 * 17, 0.0);
  std::fill(w.a.begin() + 2 * 17, w.a.end(), 0.0);
  for (const auto way : {GradientWay::tiles, GradientWay::forms}) {
    KernelGradientOptions options;
    options.way = way;
    check_on_grids(options, everything, w);
  }
}

/// One structure larger than a product, with more environments than are multiplied at a time.
TEST(KernelGradient, IsTheSameBothWaysForLargeStructures) {
  auto structures = testing::fake_structures(3, 9);
  CounterRandom random(10);
  for (int atom = 0; atom < 1300; ++atom) {
    structures[1].species.push_back(structures[1].species.front());
    structures[1].positions.push_back({random.normal(), random.normal(), random.normal()});
  }
  const auto world = parallel::Communicator::world();
  const ProcessGrid grid(world, GridShape{1, world.size()});
  const auto store = make_store(grid, structures, false, everything);
  std::array<std::vector<double>, 2> gradients;
  for (const auto way : {GradientWay::tiles, GradientWay::forms}) {
    KernelGradientOptions options;
    options.way = way;
    auto& values = gradients[way == GradientWay::forms];
    kernel_gradient(
        store, layout, random_sensitivity(3, 2), options,
        [&](std::int64_t, const features::FeatureBlock& found) { values = to_dense(found, layout); });
  }
  ASSERT_EQ(gradients[0].size(), gradients[1].size());
  for (std::size_t i = 0; i < gradients[0].size(); ++i)
    EXPECT_NEAR(gradients[0][i], gradients[1][i], 1e-12);
}

} // namespace
} // namespace soapstone::kernel
