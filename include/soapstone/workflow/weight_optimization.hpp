// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/options/options.hpp"
#include "soapstone/regression/weights.hpp"
#include "soapstone/workflow/evaluation.hpp"

#include <vector>

namespace soapstone::workflow {

/// A cross-validation whose kernel weights were optimised.
struct OptimizedEvaluation {
  EvaluateResult before, after;           ///< with the weights given, with those found
  std::vector<int> numbers;               ///< N of kernel.N, in the order of the weights
  std::vector<double> start, weights;     ///< given and found; both make kernels of the same mean diagonal
  std::vector<double> diagonals;          ///< mean diagonal of each kernel at weight 1
  regression::OptimizedWeights path;      ///< its own weights are of another scale
  options::Configuration configuration;   ///< with the weights and the regularisation found
  double share(std::size_t kernel) const; ///< of the weighted kernel's mean diagonal, in [0, 1]
};

/// Collective. Assembles the kernels of the configuration one by one, keeps them all, and minimises the
/// squared error of the cross-validation in the logarithms of their weights; starts from the weights given
/// and the best of the regularisations given, which stays in proportion to the kernel unless
/// validation.optimize-regularization (stages "weights" and those of evaluate_set). Throws ResourceError when
/// the kernels do not fit.
OptimizedEvaluation optimize_evaluation(const Context& context, const formats::DataSet& all,
                                        const options::Configuration& configuration,
                                        const options::WithValues& with_values);

} // namespace soapstone::workflow
