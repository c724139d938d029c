// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/regression/predictor.hpp"

#include "small_model.hpp"

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
