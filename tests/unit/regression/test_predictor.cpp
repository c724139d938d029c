// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/regression/predictor.hpp"

#include "small_model.hpp"
#include "soapstone/regression/compact_model.hpp"

#include <cmath>
#include <gtest/gtest.h>

namespace soapstone::regression {
namespace {

TEST(Predictor, EqualsTheSumOverTheTrainingSet) {
  const auto world = parallel::Communicator::world();
  const linalg::ProcessGrid grid(world, linalg::choose_grid(world.size()));
  const auto model = testing::small_model();
  const auto fresh = testing::random_molecules(7, 11);
  kernel::KernelSum training(grid, model.kernels, model.training, model.block);
  const kernel::KernelSum rows(grid, model.kernels, fresh, model.block);
  const auto k = linalg::gather(training.assemble_against(rows, 1 << 20)); // 7 x 9
  const auto energies = predict_energies(model, training, fresh);
  for (std::size_t t = 0; t < 2; ++t)
    for (std::size_t s = 0; s < fresh.size(); ++s) {
      double sum = 0;
      for (std::size_t m = 0; m < 9; ++m)
        sum += k[s + 7 * m] * model.coefficients[m + 9 * t];
      const auto atoms = static_cast<double>(fresh[s].size());
      EXPECT_NEAR(energies[t][s], atoms * sum + model.targets[t].baseline.energy(fresh[s]), 1e-10);
    }
}

/// With a committee of made-up coefficients.
Model model_with_committee(int zeta) {
  auto model = testing::small_model();
  for (auto& spec : model.kernels)
    spec.zeta = zeta;
  model.training = testing::random_molecules(20, 5);
  CounterRandom random(2);
  model.coefficients.clear();
  for (int i = 0; i < 2 * 20; ++i)
    model.coefficients.push_back(random.normal());
  model.committee.members = 3;
  for (int i = 0; i < 2 * 3 * 20; ++i)
    model.committee.coefficients.push_back(random.normal());
  model.committee.scales = {2.0, 0.5};
  model.committee.intervals = {5.0, 1.5};
  return model;
}

void add_forms(const kernel::KernelSum& training, Model& model) {
  model.compact = build_compact(training, model.coefficients, 2);
  model.committee.forms = build_compact(training, model.committee.coefficients, 6);
}

TEST(Predictor, SpreadOfTheMembersTimesTheScaleIsTheUncertainty) {
  const auto world = parallel::Communicator::world();
  const linalg::ProcessGrid grid(world, linalg::choose_grid(world.size()));
  auto model = model_with_committee(2);
  const auto fresh = testing::random_molecules(70, 11);
  kernel::KernelSum training(grid, model.kernels, model.training, model.block);
  const auto members = training.apply(fresh, model.committee.coefficients, 6);
  const auto by_training = predict(world, model, training, fresh, {true, false, false});
  add_forms(training, model);
  const auto by_forms = predict(world, model, fresh, {true, false, false});
  for (std::size_t t = 0; t < 2; ++t)
    for (std::size_t s = 0; s < fresh.size(); ++s) {
      const double a = members[s + (3 * t) * 70], b = members[s + (3 * t + 1) * 70],
                   c = members[s + (3 * t + 2) * 70], mean = (a + b + c) / 3;
      const double variance =
          ((a - mean) * (a - mean) + (b - mean) * (b - mean) + (c - mean) * (c - mean)) / 2;
      const double spread = std::sqrt(variance) * static_cast<double>(fresh[s].size());
      const double expected = spread * model.committee.scales[t],
                   wide = spread * model.committee.intervals[t];
      EXPECT_NEAR(by_training.uncertainties[t][s], expected, 1e-10 * (1 + expected));
      EXPECT_NEAR(by_training.intervals[t][s], wide, 1e-10 * (1 + wide));
      EXPECT_NEAR(by_forms.intervals[t][s], wide, 1e-9 * (1 + wide));
      EXPECT_NEAR(by_forms.uncertainties[t][s], expected, 1e-9 * (1 + expected));
      EXPECT_NEAR(by_forms.energies[t][s], by_training.energies[t][s], 1e-9);
    }
}

TEST(Predictor, ContributionsOfAtomsSumUpToTheEnergy) {
  const auto world = parallel::Communicator::world();
  const linalg::ProcessGrid grid(world, linalg::choose_grid(world.size()));
  const auto fresh = testing::random_molecules(130, 11);
  for (const int zeta : {1, 2, 3}) {
    auto model = model_with_committee(zeta);
    kernel::KernelSum training(grid, model.kernels, model.training, model.block);
    std::vector<Prediction> predictions{predict(world, model, training, fresh, {false, false, true})};
    if (zeta < 3) {
      add_forms(training, model);
      predictions.push_back(predict(world, model, fresh, {false, false, true}));
    }
    for (const auto& prediction : predictions)
      for (std::size_t t = 0; t < 2; ++t) {
        std::size_t atom = 0;
        for (std::size_t s = 0; s < fresh.size(); ++s) {
          double sum = 0;
          for (std::size_t a = 0; a < fresh[s].size(); ++a)
            sum += prediction.atoms[t][atom++];
          const double energy = prediction.energies[t][s];
          EXPECT_NEAR(sum, energy, 1e-12 * (1 + std::abs(energy)));
        }
        EXPECT_EQ(atom, prediction.atoms[t].size());
      }
    for (std::size_t a = 0; a < predictions[0].atoms[0].size(); ++a)
      EXPECT_NEAR(predictions[0].atoms[0][a], predictions.back().atoms[0][a], 1e-9);
  }
}

TEST(Predictor, AnAtomFarFromAllOthersContributesWhatItWouldAlone) {
  const auto world = parallel::Communicator::world();
  const linalg::ProcessGrid grid(world, linalg::choose_grid(world.size()));
  const auto model = model_with_committee(2);
  kernel::KernelSum training(grid, model.kernels, model.training, model.block);
  structure::Structure together = testing::random_molecules(1, 4).front(), alone{{8}, {{100, 0, 0}}, {}};
  const auto rest = together;
  together.species.push_back(8);
  together.positions.push_back({100, 0, 0});
  const std::vector<structure::Structure> fresh{together, rest, alone};
  const auto found = predict(world, model, training, fresh, {false, false, true});
  const auto& atoms = found.atoms[0];
  EXPECT_NEAR(atoms[rest.size()], found.energies[0][2], 1e-10);
  for (std::size_t a = 0; a < rest.size(); ++a)
    EXPECT_NEAR(atoms[a], atoms[together.size() + a], 1e-10);
}

TEST(Predictor, SubtractsWhatItAdds) {
  const auto model = testing::small_model();
  const auto structures = testing::random_molecules(5, 3);
  const std::vector<std::vector<double>> energies{{-1, -2, -3, -4, -5}, {1, 2, 3, 4, 5}};
  const auto back = add_baselines(model, structures, subtract_baselines(model, structures, energies));
  for (std::size_t t = 0; t < 2; ++t)
    for (std::size_t s = 0; s < 5; ++s)
      EXPECT_NEAR(back[t][s], energies[t][s], 1e-10);
}

} // namespace
} // namespace soapstone::regression
