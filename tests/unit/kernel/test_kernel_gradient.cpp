// SPDX-License-Identifier: BSD-3-Clause
// Gradients in environment features against loops over pairs of atoms, on made-up features with segments.
#include "soapstone/kernel/kernel_gradient.hpp"

#include "fake_features.hpp"
#include "soapstone/kernel/tile.hpp"
#include "soapstone/parallel/collectives.hpp"

#include <cmath>
#include <gtest/gtest.h>
#include <numeric>

namespace soapstone::kernel {
namespace {

using linalg::GridShape;
using linalg::ProcessGrid;
using structure::Structure;

const soap::FeatureLayout layout{{testing::segment_widths.begin(), testing::segment_widths.end()}};

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

void check(const ProcessGrid& grid, int zeta, std::int64_t memory) {
  const auto structures = testing::fake_structures(17, 4);
  const bool means = zeta == 1;
  const auto features = [means](std::span<const Structure> some) {
    return means ? structure_means(testing::fake_features(some)) : testing::fake_features(some);
  };
  StoreOptions kept;
  kept.memory = memory;
  const FeatureStore store(grid, structures, 3, features, kept);
  const auto w = random_sensitivity(17, 3);
  std::vector<std::vector<std::vector<double>>> rows;
  rows.reserve(structures.size());
  for (const auto& structure : structures)
    rows.push_back(dense_rows(structure, means));
  std::int64_t seen = 0;
  const double product = kernel_gradient(
      store, layout, w, {zeta, 1.7, memory}, [&](std::int64_t b, const soap::FeatureBlock& found) {
        for (const auto& group : found.groups) {
          const double* row = group.values.data();
          for (std::size_t s = 0; s < group.structures.size(); ++s) {
            double none = 0;
            const auto expected = brute_gradient(rows, static_cast<std::size_t>(3 * b + group.structures[s]),
                                                 w, zeta, 1.7, none);
            ++seen;
            for (const auto& wanted : expected) {
              for (const auto& segment : group.segments) {
                const auto start =
                    std::accumulate(layout.widths.begin(), layout.widths.begin() + segment.id, 0);
                for (int f = 0; f < segment.width; ++f)
                  EXPECT_NEAR(row[segment.offset + f], wanted[static_cast<std::size_t>(start + f)], 1e-10);
              }
              row += group.width;
            }
          }
        }
      });
  EXPECT_EQ(parallel::all_reduce(grid.all(), seen), 17);
  double expected = 0;
  for (std::size_t i = 0; i < rows.size(); ++i)
    brute_gradient(rows, i, w, zeta, 1.7, expected);
  EXPECT_NEAR(product, expected, 1e-9 * std::max(1.0, std::abs(expected)));
}

TEST(KernelGradient, IsThatOfLoopsOverAtoms) {
  const auto world = parallel::Communicator::world();
  for (const auto shape : {GridShape{1, world.size()}, GridShape{world.size(), 1}}) {
    const ProcessGrid grid(world, shape);
    for (const int zeta : {1, 2, 3, 5})
      for (const std::int64_t memory : {std::numeric_limits<std::int64_t>::max(), std::int64_t{0}})
        check(grid, zeta, memory);
  }
}

} // namespace
} // namespace soapstone::kernel
