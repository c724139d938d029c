// SPDX-License-Identifier: BSD-3-Clause
// Every point of a learning curve against a training of its own.
#include "soapstone/regression/learning_curve.hpp"

#include "small_model.hpp"
#include "soapstone/parallel/communicator.hpp"
#include "soapstone/regression/predictor.hpp"

#include <cmath>
#include <gtest/gtest.h>

namespace soapstone::regression {
namespace {

using linalg::GridShape;
using linalg::ProcessGrid;
using structure::Structure;

constexpr std::int64_t largest = 26, block = 4;

std::string name(std::int64_t i) {
  return "frame " + std::to_string(i);
}

std::vector<std::vector<double>> energies_of(const std::vector<Structure>& structures) {
  CounterRandom random(17);
  std::vector<std::vector<double>> energies(2);
  for (const auto& structure : structures)
    for (auto& target : energies)
      target.push_back(static_cast<double>(structure.size()) * (random.normal() - 10));
  return energies;
}

Baseline fit_baseline(std::span<const Structure> structures, std::span<const double> energies,
                      std::size_t target) {
  return target == 0 ? Baseline::fit_composition(structures, energies)
                     : Baseline::fit_mean(structures, energies);
}

/// Predictions for `fresh` of a model trained on the first n structures and nothing else, on another block
/// size.
std::vector<std::vector<double>> train_alone(const ProcessGrid& grid,
                                             const std::vector<kernel::KernelSpec>& kernels,
                                             const std::vector<Structure>& structures, std::int64_t n,
                                             double lambda, const std::vector<Structure>& fresh) {
  Model model;
  model.kernels = kernels;
  model.training.assign(structures.begin(), structures.begin() + n);
  auto energies = energies_of(structures);
  for (std::size_t t = 0; t < 2; ++t) {
    energies[t].resize(static_cast<std::size_t>(n));
    model.targets.push_back({"", fit_baseline(model.training, energies[t], t)});
  }
  kernel::KernelSum features(grid, kernels, model.training, 3);
  KernelRidge ridge(features.assemble(1 << 20), lambda, name, LambdaScale::absolute);
  EXPECT_EQ(ridge.lambda(), lambda);
  ridge.factorize();
  model.coefficients = ridge.solve(subtract_baselines(model, model.training, energies), 2).coefficients;
  return predict_energies(model, features, fresh);
}

void compare(const ProcessGrid& grid) {
  const std::vector kernels{testing::small_model().kernels.front()};
  const auto structures = testing::random_molecules(largest, 5), fresh = testing::random_molecules(9, 6);
  const std::vector<std::int64_t> sizes{1, 6, largest};
  kernel::KernelSum features(grid, kernels, structures, block);
  KernelRidge ridge(features.assemble(1 << 20), 1e-5, name);
  ridge.factorize();
  const auto fits = fit_nested(ridge, structures, energies_of(structures), sizes, fit_baseline);
  const auto curve = predict_nested(fits, features, fresh);
  const auto by_forms = predict_nested_compact(grid.all(), fits, features, fresh);
  ASSERT_EQ(curve.size(), sizes.size());
  for (std::size_t s = 0; s < sizes.size(); ++s) {
    EXPECT_LT(fits.backward_errors[s], 3.0);
    const auto alone = train_alone(grid, kernels, structures, sizes[s], ridge.lambda(), fresh);
    for (std::size_t t = 0; t < 2; ++t)
      for (std::size_t i = 0; i < fresh.size(); ++i)
        for (const double found : {curve[s][t][i], by_forms[s][t][i]})
          ASSERT_NEAR(found, alone[t][i], 1e-9 * std::abs(alone[t][i])) << "size " << sizes[s];
  }
}

TEST(LearningCurve, EqualsSeparateTrainingsOnEveryGrid) {
  const auto world = parallel::Communicator::world();
  for (int rows = 1; rows <= world.size(); ++rows)
    for (int cols = 1; rows * cols <= world.size(); ++cols) {
      SCOPED_TRACE(::testing::Message() << "grid " << rows << "x" << cols);
      const ProcessGrid grid(world, GridShape{rows, cols});
      compare(grid);
    }
}

TEST(LearningCurve, CoefficientsBeyondASizeAreZeroAndItsBaselineKnowsItsStructuresOnly) {
  const auto world = parallel::Communicator::world();
  const ProcessGrid grid(world, linalg::choose_grid(world.size()));
  const auto structures = testing::random_molecules(largest, 5);
  const auto energies = energies_of(structures);
  kernel::KernelSum features(grid, testing::small_model().kernels, structures, block);
  KernelRidge ridge(features.assemble(1 << 20), 1e-5, name);
  ridge.factorize();
  const auto fits = fit_nested(ridge, structures, energies, {7, 20}, fit_baseline);
  ASSERT_EQ(fits.targets(), 2U);
  for (std::size_t column = 0; column < 4; ++column)
    for (std::int64_t i = 0; i < largest; ++i) {
      const double x = fits.coefficients[static_cast<std::size_t>(i) + column * largest];
      EXPECT_EQ(x == 0, i >= (column < 2 ? 7 : 20)) << column << ' ' << i;
    }
  double mean = 0;
  for (std::size_t s = 0; s < 7; ++s)
    mean += energies[1][s] / static_cast<double>(structures[s].size()) / 7;
  EXPECT_NEAR(fits.baselines[0][1].default_energy(), mean, 1e-12);
}

} // namespace
} // namespace soapstone::regression
