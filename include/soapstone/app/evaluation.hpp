// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/app/outside.hpp"
#include "soapstone/app/session.hpp"
#include "soapstone/app/training_set.hpp"
#include "soapstone/regression/cross_validation.hpp"
#include "soapstone/regression/errors.hpp"

#include <string>
#include <vector>

namespace soapstone::app {

/// The structures of a cross-validation, ordered by fold.
struct EvaluationSet {
  structure::DataSet data;             ///< in the order of the kernel: fold after fold
  std::vector<std::int64_t> positions; ///< of each in the data set that it was drawn from
  regression::Folds folds;             ///< order: 0, 1, 2, ...
  std::vector<int> elements;           ///< those that have a species channel
  LeftOut left_out;                    ///< structures whose errors do not count

  /// Returns the number of structures whose errors count.
  std::int64_t counted() const {
    return static_cast<std::int64_t>(data.size()) - left_out.by_elements - left_out.by_composition;
  }
  /// Returns data.targets with NaN where the error does not count.
  std::vector<std::vector<double>> references() const;
};

/// Cross-validation errors with one regularisation.
struct RegularizationErrors {
  double regularization = 0; ///< relative to the mean diagonal of the kernel over all structures evaluated
  double lambda = 0;         ///< absolute
  std::string failure;       ///< why there are no errors (not positive definite...); else empty
  double backward_error = 0; ///< see regression::HeldOut
  std::vector<regression::ErrorSummary> errors;             ///< [target], over all structures
  std::vector<std::vector<regression::ErrorSummary>> folds; ///< [target][fold]
};

/// The result of a cross-validation.
struct EvaluateResult {
  EvaluationSet set;
  std::vector<kernel::KernelSpec> kernels;      ///< with their contractions
  std::string method;                           ///< inverse or eigen
  std::vector<RegularizationErrors> scanned;    ///< one per configuration.regularizations, in that order
  std::size_t best = 0;                         ///< of these: least MAE of the first target
  std::vector<std::vector<double>> predictions; ///< of the best: [target][structure], eV per structure
  const RegularizationErrors& winner() const { return scanned.at(best); }
};

/// Warns of structures whose errors do not count. Throws DataError where none does.
void warn_of_left_out(Session& session, const EvaluationSet& set);

/// Draws the structures that `train` would train on (data.train, data.test, data.seed of `configuration`) out
/// of `all` and deals them into validation.folds folds. Independent of ranks.
EvaluationSet draw_evaluation_set(const structure::DataSet& all, const Configuration& configuration);

/// Collective over session.comm(). Cross-validates `configuration` on structures read before, for all its
/// regularisations at once. The session gives ranks, grid, memory, console and stage timer (stages
/// "contraction", "features", "kernel", "cross-validation"); of its own configuration only parallel.* is
/// used. Throws NumericalError when no regularisation works.
EvaluateResult evaluate_set(Session& session, const structure::DataSet& all,
                            const Configuration& configuration);

/// The following functions are the parts of evaluate_set(), for callers that keep kernels. This one tells the
/// user what the set contains.
void describe_evaluation(Session& session, const EvaluationSet& set, const Configuration& configuration);
/// Returns what is cross-validated. The set and the configuration must outlive it.
regression::ValidationProblem validation_problem(const EvaluationSet& set,
                                                 const Configuration& configuration);
/// Returns the kernels of a set, with their contractions.
std::vector<kernel::KernelSpec> evaluation_kernels(Session& session, const EvaluationSet& set,
                                                   const Configuration& configuration);
/// Collective. Cross-validates a kernel assembled over set.data.structures (lower triangle filled, see
/// kernel::KernelSum::assemble). Fills all of the result but `kernels`.
EvaluateResult evaluate_kernel(Session& session, EvaluationSet set, linalg::DistributedMatrix kernel,
                               const Configuration& configuration);

} // namespace soapstone::app
