// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "small_run.hpp"
#include "soapstone/formats/data_set.hpp"
#include "soapstone/options/options.hpp"
#include "soapstone/workflow/context.hpp"

#include <algorithm>
#include <cmath>
#include <gmock/gmock.h>
#include <utility>

// Small cross-validations without the program.
namespace soapstone {

/// Zigzags of 2 to 4 atoms of hydrogen and oxygen, with energies that are smooth in their bond lengths.
inline formats::DataSet zigzags(int count) {
  formats::DataSet data;
  data.targets.emplace_back();
  for (int s = 0; s < count; ++s) {
    structure::Structure zigzag;
    const double bond = 0.9 + 0.02 * s;
    for (int a = 0; a < 2 + s % 3; ++a) {
      zigzag.species.push_back(a % 2 == 0 ? 1 : 8);
      zigzag.positions.push_back({bond * a, a % 2 == 0 ? 0 : 0.4 + 0.01 * s, 0});
    }
    data.targets[0].push_back(static_cast<double>(zigzag.size()) * (std::cos(bond) - 1));
    data.structures.push_back(zigzag);
  }
  return data;
}

inline options::KernelOptions small_kernel(int number, int zeta) {
  options::KernelOptions kernel;
  kernel.soap.cutoff = 2.5;
  kernel.soap.n_max = 2;
  kernel.soap.l_max = 1;
  kernel.zeta = zeta;
  kernel.number = number;
  return kernel;
}

/// Three folds of one energy without baseline.
inline options::Configuration small_evaluation(std::vector<options::KernelOptions> kernels = {
                                                   small_kernel(0, 2)}) {
  options::Configuration configuration;
  configuration.data.targets.resize(1);
  configuration.data.baseline = options::Baseline::none;
  configuration.kernels = std::move(kernels);
  configuration.validation.folds = 3;
  configuration.regularization = 1e-6;
  configuration.regularizations = {1e-6};
  return configuration;
}

/// A run of all ranks for every test.
class EvaluationTest : public testing::Test, protected SmallRun {};

} // namespace soapstone
