// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/kernel/kernel_sum.hpp"
#include "soapstone/regression/model.hpp"

#include <span>
#include <vector>

namespace soapstone::regression {

/// Collective over the grid of `training`. Energies (eV per structure) of `structures` by a model whose
/// training features are at hand: y(A) = N_A sum_M x_M K(A, M) + baseline (eq. 11 of Willatt, Musil,
/// Ceriotti, PCCP 20, 29661 (2018)). One vector per target.
std::vector<std::vector<double>> predict_energies(const Model& model, const kernel::KernelSum& training,
                                                  std::span<const structure::Structure> structures,
                                                  const Progress& progress = {});

/// Collective over `comm`. The same by the model's compact forms, which must be there: no training features
/// needed.
std::vector<std::vector<double>> predict_compact(const parallel::Communicator& comm, const Model& model,
                                                 std::span<const structure::Structure> structures,
                                                 const Progress& progress = {});

/// Holds what is wanted of a model besides energies.
struct PredictionWish {
  bool uncertainty = false; ///< needs a committee
  bool novelty = false;     ///< needs references
  bool atoms = false;
};

/// Holds what a model says of some structures. One vector per target where there are several.
struct Prediction {
  std::vector<std::vector<double>> energies;      ///< eV per structure
  std::vector<std::vector<double>> uncertainties; ///< 68.3 % of errors are smaller; eV per structure
  std::vector<std::vector<double>> intervals;     ///< 95 % are; none of models that do not know
  std::vector<double> novelty;                    ///< above 1: farther from the training set than it is wide
  std::vector<std::vector<double>> atoms; ///< eV of every atom, atom after atom; their sums are the energies
};

/// Collective. By the model's compact forms, which must be there...
Prediction predict(const parallel::Communicator& comm, const Model& model,
                   std::span<const structure::Structure> structures, const PredictionWish& wish,
                   const Progress& progress = {});
/// ... or by its training features; over the grid of `training`.
Prediction predict(const parallel::Communicator& comm, const Model& model, const kernel::KernelSum& training,
                   std::span<const structure::Structure> structures, const PredictionWish& wish,
                   const Progress& progress = {});

/// Energies from values per atom without baseline (n x k, column-major), for the structures they belong to.
std::vector<std::vector<double>> add_baselines(const Model& model,
                                               std::span<const structure::Structure> structures,
                                               const std::vector<double>& per_atom);

/// The reverse for training: (energy - baseline) / N_A for every structure and target, n x k column-major.
std::vector<double> subtract_baselines(const Model& model, std::span<const structure::Structure> structures,
                                       const std::vector<std::vector<double>>& energies);

} // namespace soapstone::regression
