// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/regression/novelty.hpp"

#include "small_model.hpp"

#include <algorithm>
#include <gtest/gtest.h>

namespace soapstone::regression {
namespace {

using structure::Structure;

std::vector<Structure> scaled(std::vector<Structure> structures, double factor) {
  for (auto& structure : structures)
    for (auto& position : structure.positions)
      for (auto& x : position)
        x *= factor;
  return structures;
}

/// Chains of atoms in two numbers of a thousand kinds: ordinary structures are alike, but no two are equal.
class Novelty : public ::testing::Test {
protected:
  const parallel::Communicator world = parallel::Communicator::world();
  const std::vector<kernel::KernelSpec> kernels = testing::small_model().kernels;
  const std::vector<Structure> training = testing::random_molecules(600, 5);

  std::vector<double> measure(const std::vector<Structure>& structures) const {
    const NoveltyMeter meter(kernels, fit_novelty(world, kernels, training, 1), training);
    return measure_novelty(world, kernels, meter, structures);
  }
};

TEST_F(Novelty, OrdinaryStructuresExceedOneAtTheNominalRate) {
  const auto novelty = measure(testing::random_molecules(2000, 77));
  const auto beyond = std::count_if(novelty.begin(), novelty.end(), [](double x) { return x > 1; });
  EXPECT_GE(beyond, 4); // 20 are expected; the threshold comes from 300 others, which is 3 beyond it +- 1.7
  EXPECT_LE(beyond, 60);
}

TEST_F(Novelty, CompressedStructuresAreFarAway) {
  auto structures = testing::random_molecules(100, 77);
  std::erase_if(structures, [](const Structure& structure) { return structure.size() < 2; });
  const auto novelty = measure(scaled(structures, 0.5));
  const auto beyond = std::count_if(novelty.begin(), novelty.end(), [](double x) { return x > 1; });
  EXPECT_GE(beyond, static_cast<std::ptrdiff_t>(structures.size() * 7 / 10));
}

TEST_F(Novelty, IsTheSameOnAnyNumberOfRanks) {
  const auto self = parallel::Communicator::self();
  const auto structures = testing::random_molecules(100, 77);
  const auto references = fit_novelty(self, kernels, training, 1);
  const NoveltyMeter meter(kernels, references, training);
  EXPECT_EQ(measure(structures), measure_novelty(self, kernels, meter, structures));
}

TEST_F(Novelty, FewStructuresSayNothing) {
  EXPECT_TRUE(fit_novelty(world, kernels, std::span(training).first(9), 1).empty());
  const auto references = fit_novelty(world, kernels, std::span(training).first(10), 1);
  ASSERT_EQ(references.size(), 2U);
  EXPECT_FALSE(references[0].rows.empty());
  EXPECT_GT(references[0].threshold, 0);
}

TEST_F(Novelty, AllAlikeAreNotNovel) {
  const std::vector<Structure> same(30, training[1]);
  const NoveltyMeter meter(kernels, fit_novelty(world, kernels, same, 1), same);
  for (const double novelty : measure_novelty(world, kernels, meter, same))
    EXPECT_LT(novelty, 1);
}

} // namespace
} // namespace soapstone::regression
