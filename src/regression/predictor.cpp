// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/regression/predictor.hpp"

#include "soapstone/regression/batches.hpp"
#include "soapstone/regression/compact_model.hpp"

#include <optional>

namespace soapstone::regression {

using structure::Structure;

namespace {

std::int64_t targets_of(const Model& model) {
  return static_cast<std::int64_t>(model.targets.size());
}

/// Columns of the committee's members, if they are wanted.
std::int64_t members_of(const Model& model, const PredictionWish& wish) {
  return wish.uncertainty ? targets_of(model) * model.committee.members : 0;
}

/// Energies and uncertainties from columns of values per atom: the model's targets, then the members of each.
Prediction from_columns(const Model& model, std::span<const Structure> structures,
                        const std::vector<double>& values, const PredictionWish& wish) {
  Prediction prediction;
  prediction.energies = add_baselines(model, structures, values);
  if (!wish.uncertainty)
    return prediction;
  const auto n = static_cast<std::int64_t>(structures.size());
  const auto& committee = model.committee;
  for (std::int64_t t = 0; t < targets_of(model); ++t) {
    const auto first = static_cast<std::size_t>((targets_of(model) + t * committee.members) * n);
    const auto spread = spreads(std::span(values).subspan(first), n, committee.members);
    const auto scaled = [&](double factor) {
      std::vector<double> widths;
      for (std::size_t s = 0; s < structures.size(); ++s)
        widths.push_back(factor * spread[s] * static_cast<double>(structures[s].size()));
      return widths;
    };
    prediction.uncertainties.push_back(scaled(committee.scales[static_cast<std::size_t>(t)]));
    if (!committee.intervals.empty())
      prediction.intervals.push_back(scaled(committee.intervals[static_cast<std::size_t>(t)]));
  }
  return prediction;
}

/// Returns what every atom contributes: E_A = N_A mean_j f_j + sum_j baseline(element of j) = sum_j e_j. One
/// vector per target from atoms x targets values f_j.
std::vector<std::vector<double>> add_atomic_baselines(const Model& model,
                                                      std::span<const Structure> structures,
                                                      const std::vector<double>& values) {
  const auto atoms = values.size() / model.targets.size();
  std::vector<std::vector<double>> energies;
  for (std::size_t t = 0; t < model.targets.size(); ++t) {
    const auto from = values.begin() + static_cast<std::ptrdiff_t>(t * atoms);
    auto& energy = energies.emplace_back(from, from + static_cast<std::ptrdiff_t>(atoms));
    std::size_t atom = 0;
    for (const auto& structure : structures)
      for (const auto element : structure.species)
        energy[atom++] += model.targets[t].baseline.energy_of(element);
  }
  return energies;
}

} // namespace

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

Prediction predict(const parallel::Communicator& comm, const Model& model,
                   std::span<const Structure> structures, const PredictionWish& wish,
                   const Progress& progress) {
  const auto n = static_cast<std::int64_t>(structures.size());
  const auto first_member = targets_of(model), novelty = first_member + members_of(model, wish);
  const auto meter =
      wish.novelty ? std::optional<NoveltyMeter>(std::in_place, model.kernels, model.novelty, model.training)
                   : std::nullopt;
  const auto values = for_batches(
      comm, model.kernels, structures, novelty + (wish.novelty ? 1 : 0),
      [&](std::size_t i, const features::FeatureBlock& batch, linalg::MatrixView<double> out) {
        model.compact[i].evaluate(batch, out.columns_from(0, first_member));
        if (wish.uncertainty)
          model.committee.forms[i].evaluate(batch, out.columns_from(first_member, members_of(model, wish)));
        if (meter)
          meter->update(i, batch, out.column(novelty));
      },
      progress, {kernel::RowsOf::structures, wish.novelty ? 1 : 0});
  auto prediction = from_columns(model, structures, values, wish);
  if (wish.novelty)
    prediction.novelty.assign(values.end() - n, values.end());
  if (wish.atoms) {
    const auto by_atom =
        for_batches(comm, model.kernels, structures, first_member,
                    [&](std::size_t i, const features::FeatureBlock& batch, linalg::MatrixView<double> out) {
                      model.compact[i].evaluate(batch, out);
                    },
                    progress, {kernel::RowsOf::environments});
    prediction.atoms = add_atomic_baselines(model, structures, by_atom);
  }
  return prediction;
}

Prediction predict(const parallel::Communicator& comm, const Model& model, const kernel::KernelSum& training,
                   std::span<const Structure> structures, const PredictionWish& wish,
                   const Progress& progress) {
  auto coefficients = model.coefficients;
  if (wish.uncertainty)
    coefficients.insert(coefficients.end(), model.committee.coefficients.begin(),
                        model.committee.coefficients.end());
  const auto columns = targets_of(model) + members_of(model, wish);
  auto prediction =
      from_columns(model, structures, training.apply(structures, coefficients, columns, progress), wish);
  if (wish.novelty)
    prediction.novelty =
        measure_novelty(comm, model.kernels, NoveltyMeter(model.kernels, model.novelty, model.training),
                        structures, progress);
  if (wish.atoms)
    prediction.atoms = add_atomic_baselines(model, structures,
                                            training.apply(structures, model.coefficients, targets_of(model),
                                                           progress, kernel::RowsOf::environments));
  return prediction;
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
