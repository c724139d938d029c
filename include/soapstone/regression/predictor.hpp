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

/// Energies from values per atom without baseline (n x k, column-major), for the structures they belong to.
std::vector<std::vector<double>> add_baselines(const Model& model,
                                               std::span<const structure::Structure> structures,
                                               const std::vector<double>& per_atom);

/// The reverse for training: (energy - baseline) / N_A for every structure and target, n x k column-major.
std::vector<double> subtract_baselines(const Model& model, std::span<const structure::Structure> structures,
                                       const std::vector<std::vector<double>>& energies);

} // namespace soapstone::regression
