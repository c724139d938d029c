// SPDX-License-Identifier: BSD-3-Clause
// A model with made-up coefficients over a few small molecules.
#pragma once

#include "soapstone/base/random.hpp"
#include "soapstone/regression/model.hpp"

namespace soapstone::regression::testing {

inline std::vector<structure::Structure> random_molecules(int count, std::uint64_t seed) {
  std::vector<structure::Structure> result;
  CounterRandom random(seed);
  for (int s = 0; s < count; ++s) {
    structure::Structure structure;
    const auto atoms = 1 + random.below(5);
    for (std::uint64_t a = 0; a < atoms; ++a) {
      structure.species.push_back(random.below(2) == 0 ? 1 : 8);
      structure.positions.push_back({1.2 * static_cast<double>(a), random.uniform(), random.uniform()});
    }
    result.push_back(structure);
  }
  return result;
}

inline Model small_model() {
  Model model;
  kernel::KernelSpec spec;
  spec.soap.n_max = 3;
  spec.soap.l_max = 2;
  spec.soap.cutoff = 3.5;
  spec.elements = {1, 8};
  model.kernels = {spec, spec};
  model.kernels[1].zeta = 1;
  model.kernels[1].weight = 0.25;
  model.kernels[1].soap.scaling = {1.5, 0.0, 2.0};
  model.training = random_molecules(9, 5);
  model.training[2].cell = {{{{4, 0, 0}, {0, 5, 0}, {0, 1, 6}}}, {true, true, false}};
  model.targets = {{"energy", Baseline::from_atoms({{1, -13.6}, {8, -2042.5}})},
                   {"gap", Baseline::fit_mean(model.training, std::vector<double>(9, 3.0))}};
  CounterRandom random(1);
  for (int i = 0; i < 18; ++i)
    model.coefficients.push_back(random.normal());
  model.block = 4;
  model.regularization = 1e-7;
  model.lambda = 3e-8;
  model.backward_error = 0.02;
  model.residual = 1e-5;
  model.configuration = {{"soap.cutoff", "3.5"}, {"data.seed", "1"}};
  model.provenance = {{"version", "test"}};
  return model;
}

} // namespace soapstone::regression::testing
