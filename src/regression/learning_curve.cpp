// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/regression/learning_curve.hpp"

#include "soapstone/base/check.hpp"
#include "soapstone/regression/compact_model.hpp"

#include <algorithm>

namespace soapstone::regression {

using structure::Structure;

namespace {

/// (energy - baseline) / N_A of the leading n structures, n x targets.
std::vector<double> per_atom_deviations(std::span<const Structure> leading,
                                        const std::vector<std::vector<double>>& energies,
                                        const std::vector<Baseline>& baselines) {
  std::vector<double> deviations;
  for (std::size_t t = 0; t < baselines.size(); ++t)
    for (std::size_t s = 0; s < leading.size(); ++s)
      deviations.push_back((energies[t][s] - baselines[t].energy(leading[s])) /
                           static_cast<double>(leading[s].size()));
  return deviations;
}

/// [size][target][structure] from values per atom, structures x (sizes * targets).
std::vector<std::vector<std::vector<double>>> energies_of(const NestedFits& fits,
                                                          std::span<const Structure> structures,
                                                          const std::vector<double>& values) {
  const auto targets = fits.targets();
  std::vector<std::vector<std::vector<double>>> energies(fits.sizes.size());
  for (std::size_t column = 0; column < fits.sizes.size() * targets; ++column) {
    auto& of_target = energies[column / targets].emplace_back();
    const auto& baseline = fits.baselines[column / targets][column % targets];
    for (std::size_t s = 0; s < structures.size(); ++s)
      of_target.push_back(static_cast<double>(structures[s].size()) * values[s + column * structures.size()] +
                          baseline.energy(structures[s]));
  }
  return energies;
}

} // namespace

NestedFits fit_nested(const KernelRidge& ridge, std::span<const Structure> structures,
                      const std::vector<std::vector<double>>& energies,
                      const std::vector<std::int64_t>& sizes, const BaselineFit& baseline) {
  expects(static_cast<std::int64_t>(structures.size()) == ridge.size(), "the structures of the factor");
  const auto targets = energies.size();
  NestedFits fits;
  fits.sizes = sizes;
  fits.coefficients.resize(structures.size() * sizes.size() * targets);
  auto column = fits.coefficients.begin();
  for (const auto n : sizes) {
    const auto leading = structures.first(static_cast<std::size_t>(n));
    std::vector<Baseline> baselines;
    for (std::size_t t = 0; t < targets; ++t)
      baselines.push_back(baseline(leading, std::span(energies[t]).first(leading.size()), t));
    const auto fit = ridge.solve_leading(n, per_atom_deviations(leading, energies, baselines),
                                         static_cast<std::int64_t>(targets));
    for (std::size_t t = 0; t < targets; ++t, column += ridge.size())
      std::copy_n(fit.coefficients.begin() + static_cast<std::int64_t>(t) * n, n, column);
    fits.baselines.push_back(std::move(baselines));
    fits.backward_errors.push_back(fit.backward_error);
  }
  return fits;
}

std::vector<std::vector<std::vector<double>>> predict_nested(const NestedFits& fits,
                                                             const kernel::KernelSum& training,
                                                             std::span<const Structure> structures,
                                                             const Progress& progress) {
  return energies_of(fits, structures,
                     training.apply(structures, fits.coefficients, fits.columns(), progress));
}

std::vector<std::vector<std::vector<double>>> predict_nested_compact(const parallel::Communicator& comm,
                                                                     const NestedFits& fits,
                                                                     const kernel::KernelSum& training,
                                                                     std::span<const Structure> structures,
                                                                     const Progress& progress) {
  std::vector<kernel::KernelSpec> specs;
  for (std::size_t k = 0; k < training.kernels(); ++k)
    specs.push_back(training.spec(k));
  const auto forms = build_compact(training, fits.coefficients, fits.columns());
  return energies_of(fits, structures, apply_compact(comm, specs, forms, structures, progress));
}

} // namespace soapstone::regression
