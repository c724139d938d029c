// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/kernel/contraction.hpp"

#include "soapstone/base/error.hpp"
#include "soapstone/base/maximum.hpp"
#include "soapstone/base/random.hpp"
#include "soapstone/kernel/kernel_sum.hpp"
#include "soapstone/parallel/collectives.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <gtest/gtest.h>

namespace soapstone::kernel {
namespace {

/// Molecules of some of H, C and O: few have all of them.
std::vector<structure::Structure> molecules(int count, std::uint64_t seed) {
  constexpr std::array<std::uint8_t, 3> elements{1, 6, 8};
  std::vector<structure::Structure> result;
  CounterRandom random(seed);
  for (int s = 0; s < count; ++s) {
    structure::Structure structure;
    const auto atoms = 2 + random.below(5);
    const auto kinds = 1 + random.below(3), first = random.below(3);
    for (std::uint64_t a = 0; a < atoms; ++a) {
      structure.species.push_back(elements[(first + random.below(kinds)) % 3]);
      structure.positions.push_back(
          {1.1 * static_cast<double>(a) + 0.2 * random.uniform(), random.uniform(), random.uniform()});
    }
    result.push_back(structure);
  }
  return result;
}

KernelSpec small_spec(int zeta) {
  KernelSpec spec;
  spec.soap.n_max = 3;
  spec.soap.l_max = 2;
  spec.elements = {1, 6, 8};
  spec.zeta = zeta;
  return spec;
}

constexpr auto pca = ContractionMethod::pca, density = ContractionMethod::density;

ContractionOptions keep(std::int64_t width, ContractionMethod method = pca) {
  ContractionOptions options;
  options.method = method;
  options.goal.width = width;
  return options;
}

std::vector<double> kernel_matrix(const parallel::Communicator& comm, const KernelSpec& spec,
                                  const std::vector<structure::Structure>& structures) {
  const linalg::ProcessGrid grid(comm, linalg::choose_grid(comm.size()));
  KernelSum sum(grid, {spec}, structures, 7);
  auto values = linalg::gather(sum.assemble(1 << 20));
  for (std::size_t j = 0; j < structures.size(); ++j) // above the diagonal blocks nothing is computed
    for (std::size_t i = 0; i < j; ++i)
      values[i + j * structures.size()] = 0;
  return values;
}

double largest_difference(const std::vector<double>& a, const std::vector<double>& b) {
  double most = 0;
  for (std::size_t i = 0; i < a.size(); ++i)
    most = max_or_nan(most, std::abs(a[i] - b[i]));
  return most;
}

TEST(Contraction, OfFullWidthLeavesTheKernelAlone) {
  const auto world = parallel::Communicator::world();
  const auto structures = molecules(80, 1);
  for (const int body_order : {2, 3})
    for (const int zeta : {1, 2})
      for (const auto method : {pca, density}) {
        auto spec = small_spec(zeta);
        spec.soap.body_order = body_order;
        const auto expected = kernel_matrix(world, spec, structures);
        fit_contraction(world, spec, structures, keep(feature_layout(spec).total_width(), method));
        EXPECT_EQ(spec.projection != nullptr, method == pca);
        EXPECT_EQ(spec.density != nullptr, method == density);
        EXPECT_LT(largest_difference(kernel_matrix(world, spec, structures), expected), 1e-12)
            << body_order << " " << zeta;
        EXPECT_GT(largest_difference(expected, std::vector<double>(expected.size(), 0.0)), 0.5);
      }
}

TEST(Contraction, ChangesTheKernelLessTheMoreItKeeps) {
  const auto world = parallel::Communicator::world();
  const auto structures = molecules(60, 1);
  const auto expected = kernel_matrix(world, small_spec(2), structures);
  for (const auto method : {pca, density}) {
    double last = 1;
    for (const std::int64_t width : {6, 24, 90}) {
      auto spec = small_spec(2);
      fit_contraction(world, spec, structures, keep(width, method));
      EXPECT_LE(feature_layout(spec).total_width(), width);
      EXPECT_GT(feature_layout(spec).total_width(), width / 2);
      const double difference = largest_difference(kernel_matrix(world, spec, structures), expected);
      EXPECT_LT(difference, last);
      last = difference;
    }
    EXPECT_LT(last, 2e-2);
  }
}

/// The bits of a matrix in one number.
std::int64_t fingerprint(const std::vector<double>& values) {
  std::uint64_t hash = 1469598103934665603U; // FNV-1a over words
  for (const double value : values)
    hash = (hash ^ std::bit_cast<std::uint64_t>(value)) * 1099511628211U;
  return static_cast<std::int64_t>(hash);
}

TEST(Contraction, IsTheSameOnAnyNumberOfRanks) {
  const auto world = parallel::Communicator::world();
  const auto self = parallel::Communicator::self();
  const auto structures = molecules(50, 2);
  for (const auto method : {pca, density}) {
    auto together = small_spec(2), alone = small_spec(2);
    auto options = keep(25, method);
    options.sample = {30, 90};
    fit_contraction(world, together, structures, options);
    fit_contraction(self, alone, structures, options);
    if (method == pca) {
      EXPECT_EQ(together.projection->matrix, alone.projection->matrix);
      EXPECT_EQ(together.projection->variances, alone.projection->variances);
      EXPECT_EQ(together.projection->residual_variance, alone.projection->residual_variance);
    } else {
      EXPECT_EQ(together.density->matrices, alone.density->matrices);
      EXPECT_EQ(together.density->residual_variance, alone.density->residual_variance);
    }
    const auto mine = fingerprint(kernel_matrix(world, together, structures));
    EXPECT_EQ(mine, parallel::all_reduce(world, mine, MPI_MIN));
    EXPECT_EQ(mine, fingerprint(kernel_matrix(self, alone, structures)));
  }
}

// Sample size: the fit must not see the rest.
TEST(Contraction, DependsOnItsSampleOnly) {
  const auto world = parallel::Communicator::world();
  auto structures = molecules(50, 2);
  const auto drawn = draw_structures(50, 20, 1);
  for (const auto method : {pca, density}) {
    auto options = keep(15, method);
    options.sample.structures = 20;
    auto before = small_spec(2), after = small_spec(2), later = small_spec(2);
    fit_contraction(world, before, structures, options);
    auto changed = structures;
    for (std::size_t s = 0; s < changed.size(); ++s)
      if (!std::binary_search(drawn.begin(), drawn.end(), static_cast<std::int64_t>(s)))
        changed[s].positions[0][0] -= 0.3;
    fit_contraction(world, after, changed, options);
    options.seed = 2;
    fit_contraction(world, later, structures, options);
    if (method == pca) {
      EXPECT_EQ(before.projection->matrix, after.projection->matrix);
      EXPECT_NE(before.projection->matrix, later.projection->matrix);
    } else {
      EXPECT_EQ(before.density->matrices, after.density->matrices);
      EXPECT_NE(before.density->matrices, later.density->matrices);
    }
  }
}

TEST(Contraction, PredictsTheBytesOfItsFeatures) {
  const auto world = parallel::Communicator::world();
  const auto structures = molecules(30, 3);
  for (const int zeta : {1, 2})
    for (const auto method : {pca, density}) {
      auto spec = small_spec(zeta);
      fit_contraction(world, spec, structures, keep(9, method));
      const auto block = make_features(spec)({structures.data(), 5});
      std::int64_t expected = 0;
      for (std::size_t s = 0; s < 5; ++s)
        expected += feature_bytes(spec, structures[s]);
      EXPECT_EQ(static_cast<std::int64_t>(block.bytes()), expected);
      EXPECT_EQ(block.structures, 5);
    }
}

// Batches within make_features are an implementation detail.
TEST(Contraction, OfManyStructuresIsThatOfEach) {
  const auto world = parallel::Communicator::world();
  const auto structures = molecules(150, 5);
  auto spec = small_spec(2);
  fit_contraction(world, spec, structures, keep(9));
  const auto features = make_features(spec);
  const auto all = features(structures);
  ASSERT_EQ(all.structures, 150);
  ASSERT_EQ(all.groups.size(), 1U);
  const double* row = all.groups[0].values.data();
  for (std::size_t s = 0; s < structures.size(); ++s) {
    ASSERT_EQ(all.groups[0].structures[s], static_cast<int>(s));
    const auto one = features({&structures[s], 1});
    for (const double value : one.groups[0].values)
      ASSERT_NEAR(*row++, value, 1e-14);
  }
  EXPECT_EQ(features({}).structures, 0);
}

TEST(Contraction, CannotHaveMoreFeaturesThanThereAre) {
  const auto world = parallel::Communicator::world();
  auto spec = small_spec(2);
  const auto structures = molecules(10, 1);
  try {
    fit_contraction(world, spec, structures, keep(feature_layout(spec).total_width() + 1));
    FAIL() << "no error";
  } catch (const ConfigError& error) {
    EXPECT_EQ(error.parameter(), "contraction");
    EXPECT_NE(std::string(error.what()).find("136"), std::string::npos) << error.what();
  }
}

TEST(Contraction, TellsWhatItDoes) {
  const auto world = parallel::Communicator::world();
  auto spec = small_spec(2);
  EXPECT_EQ(describe_contraction(spec), "");
  fit_contraction(world, spec, molecules(40, 1), keep(12));
  EXPECT_EQ(describe_contraction(spec).find("12 of 135 features (pca), residual variance 0.0"), 0U)
      << describe_contraction(spec);
  auto other = small_spec(2);
  fit_contraction(world, other, molecules(40, 1), keep(135, density));
  EXPECT_EQ(describe_contraction(other).find("135 of 135 features (density, 9 9 9 of 9 combinations for l = "
                                             "0..2), residual variance "),
            0U)
      << describe_contraction(other);
}

} // namespace
} // namespace soapstone::kernel
