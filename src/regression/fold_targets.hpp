// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/linalg/distributed_matrix.hpp"
#include "soapstone/parallel/communicator.hpp"
#include "soapstone/regression/validation_problem.hpp"

#include <cstdint>
#include <vector>

namespace soapstone::regression {

/// Holds what each fold's model is fitted to: energies per atom less the baseline of the structures outside
/// the fold. A baseline is a sum over atoms, so compositions and one energy per fold, target and element hold
/// all of them.
class FoldTargets {
public:
  /// Collective. Every rank fits the baselines of some folds.
  FoldTargets(const parallel::Communicator& comm, const ValidationProblem& problem);

  std::int64_t structures() const { return static_cast<std::int64_t>(atoms_.size()); }
  std::int64_t targets() const { return targets_; }
  const Folds& folds() const { return folds_; }
  /// Returns the target in eV per atom; 0 for structures in the fold, whose energies must not be used.
  double right_hand_side(std::int64_t fold, std::int64_t target, std::int64_t structure) const;
  /// Returns whether the error of a structure counts. The others are only training data of other folds'
  /// models.
  bool counts(std::int64_t structure) const {
    return left_out_.empty() || left_out_[static_cast<std::size_t>(structure)] == 0;
  }
  /// Returns the held-out target in eV per atom, less the fold's baseline.
  double deviation(std::int64_t fold, std::int64_t target, std::int64_t structure) const;
  /// Returns the energy in eV per structure for a model value in eV per atom, without baseline.
  double energy(std::int64_t fold, std::int64_t target, std::int64_t structure, double value) const;

  /// n x (folds x targets) right-hand sides of folds [first, last): column (fold - first) * targets + target.
  linalg::DistributedMatrix columns(const linalg::ProcessGrid& grid, std::int64_t block, std::int64_t first,
                                    std::int64_t last) const;

private:
  void fit(const parallel::Communicator& comm, const ValidationProblem& problem);
  double baseline(std::int64_t fold, std::int64_t target, std::int64_t structure) const;
  bool holds_out(std::int64_t fold, std::int64_t structure) const {
    return structure >= folds_.begin(fold) && structure < folds_.end(fold);
  }

  const Folds& folds_;
  const std::vector<std::vector<double>>& energies_;
  std::span<const std::uint8_t> left_out_;
  std::int64_t targets_;
  std::vector<std::uint8_t> elements_;
  std::vector<double> atoms_;            ///< of each structure
  std::vector<double> counts_;           ///< elements x structures, column-major
  std::vector<double> element_energies_; ///< elements x targets x folds, column-major
};

} // namespace soapstone::regression
