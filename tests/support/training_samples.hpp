// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "small_run.hpp"
#include "soapstone/options/options.hpp"
#include "soapstone/workflow/context.hpp"
#include "soapstone/workflow/training_set.hpp"

#include <cmath>

// Small training runs without the program.
namespace soapstone {

/// Chains of 2 to 4 atoms of hydrogen and carbon, with energies that are smooth in their bond lengths.
inline formats::DataSet chains(int count, int first = 0) {
  formats::DataSet data;
  data.targets.emplace_back();
  for (int s = first; s < first + count; ++s) {
    structure::Structure chain;
    const double bond = 1.0 + 0.013 * s;
    for (int a = 0; a < 2 + s % 3; ++a) {
      chain.species.push_back(a % 2 == 0 ? 1 : 6);
      chain.positions.push_back({bond * a, 0.3 * std::sin(a + s), 0});
    }
    data.targets[0].push_back(static_cast<double>(chain.size()) * (std::cos(bond) - 1));
    data.structures.push_back(chain);
  }
  return data;
}

inline workflow::DrawnData chains_to_learn_from() {
  return {chains(24), chains(6, 24), {1, 6}, 0};
}

inline kernel::KernelSpec small_kernel(int zeta) {
  kernel::KernelSpec spec;
  spec.soap.cutoff = 3;
  spec.soap.n_max = 2;
  spec.soap.l_max = 1;
  spec.elements = {1, 6};
  spec.zeta = zeta;
  return spec;
}

/// `train` of one energy, which has no baseline.
inline options::Configuration training_configuration() {
  options::Configuration configuration;
  configuration.data.targets = {{}};
  configuration.data.targets[0].key = "energy";
  configuration.data.baseline = options::Baseline::none;
  configuration.regularization = 1e-4;
  return configuration;
}

} // namespace soapstone
