// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/kernel/kernel_spec.hpp"
#include "soapstone/options/options.hpp"
#include "soapstone/planning/memory_check.hpp"
#include "soapstone/regression/cross_validation.hpp"
#include "soapstone/regression/errors.hpp"
#include "soapstone/workflow/context.hpp"
#include "soapstone/workflow/evaluation_set.hpp"

#include <string>
#include <vector>

namespace soapstone::workflow {

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
  std::vector<kernel::KernelSpec> kernels; ///< with their contractions
  regression::ValidationMethod method{};
  std::vector<RegularizationErrors> scanned;    ///< one per configuration.regularizations, in that order
  std::size_t best = 0;                         ///< of these: least MAE of the first target
  std::vector<std::vector<double>> predictions; ///< of the best: [target][structure], eV per structure
  const RegularizationErrors& winner() const { return scanned.at(best); }
};

/// A cross-validation that fits: what it works on, what memory it may use, and how.
struct PreparedEvaluation {
  EvaluationSet set;
  std::vector<kernel::KernelSpec> kernels;
  planning::MemoryBudget budget;
  regression::ValidationMethod method;
};

/// Warns of structures whose errors do not count. Throws DataError where none does.
void warn_of_left_out(Log& log, const EvaluationSet& set);

/// Tells the user what is cross-validated.
void describe_evaluation(const Stages& stages, const EvaluationSet& set,
                         const options::Configuration& configuration);

/// Tells the user which regularisations failed, and how exact the solution with the best one is.
void describe_result(Log& log, const EvaluateResult& result);

/// Collective: draws the set, tells the user of it, and fits contractions. Throws ResourceError before
/// anything large is allocated where it does not fit.
PreparedEvaluation prepare_evaluation(const Context& context, const formats::DataSet& all,
                                      const options::Configuration& configuration);

/// Collective. Cross-validates `configuration` on structures read before, for all its regularisations at once
/// (stages "contraction", "features", "kernel", "cross-validation"). Throws NumericalError when no
/// regularisation works.
EvaluateResult evaluate_set(const Context& context, const formats::DataSet& all,
                            const options::Configuration& configuration);

/// The following functions are the parts of evaluate_set(), for callers that keep kernels. This one returns
/// what is cross-validated. The set and the configuration must outlive it.
regression::ValidationProblem validation_problem(const EvaluationSet& set,
                                                 const options::Configuration& configuration);
/// Collective. Cross-validates a kernel assembled over set.data.structures (lower triangle filled, see
/// kernel::KernelSum::assemble). Fills all of the result but `kernels`.
EvaluateResult evaluate_kernel(Stages& stages, EvaluationSet set, linalg::DistributedMatrix kernel,
                               const options::Configuration& configuration);

} // namespace soapstone::workflow
