// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/workflow/target_baseline.hpp"

#include "soapstone/base/units.hpp"

#include <utility>

namespace soapstone::workflow {

using formats::DataSet;

regression::Baseline make_baseline(const options::Configuration& configuration, const DataSet& train,
                                   std::size_t target) {
  return make_baseline(configuration, train.structures, train.targets.at(target), target);
}

regression::Baseline make_baseline(const options::Configuration& configuration,
                                   std::span<const structure::Structure> structures,
                                   std::span<const double> energies, std::size_t target) {
  switch (configuration.data.baseline) {
  case regression::BaselineKind::composition:
    return regression::Baseline::fit_composition(structures, energies);
  case regression::BaselineKind::mean:
    return regression::Baseline::fit_mean(structures, energies);
  case regression::BaselineKind::none:
    return {};
  case regression::BaselineKind::atoms:
    break;
  }
  auto elements = configuration.data.atom_energies;
  for (auto& [z, energy] : elements)
    energy *= energy_unit_in_ev(configuration.data.targets.at(target).unit);
  return regression::Baseline::from_atoms(std::move(elements));
}

} // namespace soapstone::workflow
