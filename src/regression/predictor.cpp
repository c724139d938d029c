// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/regression/predictor.hpp"

#include "soapstone/regression/compact_model.hpp"

namespace soapstone::regression {

using structure::Structure;

std::vector<std::vector<double>> predict_energies(const Model& model, const kernel::KernelSum& training,
                                                  std::span<const Structure> structures,
                                                  const Progress& progress) {
  const auto k = static_cast<std::int64_t>(model.targets.size());
  return add_baselines(model, structures, training.apply(structures, model.coefficients, k, progress));
}

std::vector<std::vector<double>> predict_compact(const parallel::Communicator& comm, const Model& model,
                                                 std::span<const Structure> structures,
                                                 const Progress& progress) {
  return add_baselines(model, structures,
                       apply_compact(comm, model.kernels, model.compact, structures, progress));
}

std::vector<std::vector<double>> add_baselines(const Model& model, std::span<const Structure> structures,
                                               const std::vector<double>& per_atom) {
  const auto n = structures.size();
  std::vector<std::vector<double>> energies(model.targets.size(), std::vector<double>(n));
  for (std::size_t t = 0; t < energies.size(); ++t)
    for (std::size_t s = 0; s < n; ++s)
      energies[t][s] = static_cast<double>(structures[s].size()) * per_atom[s + t * n] +
                       model.targets[t].baseline.energy(structures[s]);
  return energies;
}

std::vector<double> subtract_baselines(const Model& model, std::span<const Structure> structures,
                                       const std::vector<std::vector<double>>& energies) {
  const auto n = structures.size();
  std::vector<double> per_atom(n * energies.size());
  for (std::size_t t = 0; t < energies.size(); ++t)
    for (std::size_t s = 0; s < n; ++s)
      per_atom[s + t * n] = (energies[t][s] - model.targets[t].baseline.energy(structures[s])) /
                            static_cast<double>(structures[s].size());
  return per_atom;
}

} // namespace soapstone::regression
