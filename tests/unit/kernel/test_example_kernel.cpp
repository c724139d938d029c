// SPDX-License-Identifier: BSD-3-Clause
// How to add a kernel: a FeatureFunction, of whatever describes the parts of a structure, goes into a
// FeatureStore, and assemble_kernel makes the distributed matrix of weight / (N_A N_B) sum_jk (p_j .
// p_k)^zeta of it. Kernels of another form in p_j . p_k are not open to that: src/README.md says what they
// would take.
#include "soapstone/kernel/assembly.hpp"
#include "soapstone/linalg/cholesky.hpp"

#include "fake_features.hpp"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>

namespace soapstone::kernel {
namespace {

using structure::Structure;

constexpr int bins = 16;
constexpr double reach = 4, width = 0.3; // Å

double distance(const Structure& s, std::size_t i, std::size_t j) {
  double sum = 0;
  for (std::size_t k = 0; k < 3; ++k)
    sum += (s.positions[i][k] - s.positions[j][k]) * (s.positions[i][k] - s.positions[j][k]);
  return std::sqrt(sum);
}

/// The new description of an atom: a smeared histogram of its distances to the other atoms of a molecule, and
/// a 1, so that no vector is zero.
double histogram(const Structure& s, std::size_t atom, int bin) {
  if (bin == bins)
    return 1;
  double sum = 0;
  for (std::size_t other = 0; other < s.size(); ++other)
    if (other != atom) {
      const double gap = distance(s, atom, other) - reach * bin / bins;
      sum += std::exp(-gap * gap / (2 * width * width));
    }
  return sum;
}

/// As the rooms above want it: one dense segment, a row per atom, structures in order.
features::FeatureBlock histograms(std::span<const Structure> structures) {
  features::FeatureGroup group;
  group.width = bins + 1;
  group.segments = {{0, bins + 1, 0}};
  for (std::size_t s = 0; s < structures.size(); ++s) {
    group.structures.push_back(static_cast<std::int32_t>(s));
    group.environments.push_back(static_cast<std::int32_t>(structures[s].size()));
    for (std::size_t atom = 0; atom < structures[s].size(); ++atom)
      for (int bin = 0; bin <= bins; ++bin)
        group.values.push_back(histogram(structures[s], atom, bin));
  }
  features::FeatureBlock block;
  block.structures = static_cast<std::int64_t>(structures.size());
  if (!structures.empty())
    block.groups.push_back(std::move(group));
  return block;
}

/// The kernel by its definition.
double by_hand(const Structure& a, const Structure& b, int zeta) {
  double sum = 0;
  for (std::size_t j = 0; j < a.size(); ++j)
    for (std::size_t k = 0; k < b.size(); ++k) {
      double dot = 0;
      for (int bin = 0; bin <= bins; ++bin)
        dot += histogram(a, j, bin) * histogram(b, k, bin);
      sum += std::pow(dot, zeta);
    }
  return sum / static_cast<double>(a.size() * b.size());
}

class ExampleKernel : public ::testing::Test {
protected:
  linalg::DistributedMatrix assembled(int zeta) const {
    const FeatureStore store(grid, structures, 4, histograms);
    linalg::DistributedMatrix matrix(grid, n, n, 4);
    assemble_kernel(matrix, store, store, {.zeta = zeta});
    return matrix;
  }

  static constexpr std::int64_t n = 21;
  parallel::Communicator world = parallel::Communicator::world();
  linalg::ProcessGrid grid{world, linalg::choose_grid(world.size())};
  std::vector<Structure> structures = testing::fake_structures(n, 5);
};

TEST_F(ExampleKernel, is_its_definition_on_any_number_of_ranks) {
  for (const int zeta : {2, 3}) {
    const auto values = linalg::gather(assembled(zeta));
    for (std::int64_t col = 0; col < n; ++col)
      for (std::int64_t row = col; row < n; ++row) {
        const double expected = by_hand(structures[static_cast<std::size_t>(row)],
                                        structures[static_cast<std::size_t>(col)], zeta);
        ASSERT_NEAR(values[static_cast<std::size_t>(row + col * n)], expected,
                    1e-12 * std::max(1.0, expected));
      }
  }
}

// A sum of powers of dot products is positive semidefinite whatever the vectors: with a small diagonal it can
// be factorised.
TEST_F(ExampleKernel, is_one_that_regression_can_use) {
  auto matrix = assembled(2);
  const auto diagonal = linalg::gather_diagonal(matrix);
  linalg::add_to_diagonal(matrix, 1e-10 * *std::max_element(diagonal.begin(), diagonal.end()));
  EXPECT_NO_THROW(linalg::cholesky_factorize(matrix));
}

} // namespace
} // namespace soapstone::kernel
