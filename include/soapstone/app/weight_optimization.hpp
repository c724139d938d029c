// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/app/evaluation.hpp"
#include "soapstone/app/report.hpp"
#include "soapstone/regression/weights.hpp"

#include <string>
#include <vector>

namespace soapstone::app {

/// A cross-validation whose kernel weights were optimised.
struct OptimizedEvaluation {
  EvaluateResult before, after;           ///< with the weights given, with those found
  std::vector<int> numbers;               ///< N of kernel.N, in the order of the weights
  std::vector<double> start, weights;     ///< given and found; both make kernels of the same mean diagonal
  std::vector<double> diagonals;          ///< mean diagonal of each kernel at weight 1
  regression::OptimizedWeights path;      ///< its own weights are of another scale
  Configuration configuration;            ///< with the weights and the regularisation found
  double share(std::size_t kernel) const; ///< of the weighted kernel's mean diagonal, in [0, 1]
};

/// Collective over session.comm(). Assembles the kernels of the configuration one by one, keeps them all, and
/// minimises the squared error of the cross-validation in the logarithms of their weights; starts from the
/// weights given and the best of the regularisations given, which stays in proportion to the kernel unless
/// validation.optimize-regularization. Stages "weights" beside those of evaluate_set. Throws ResourceError
/// when the kernels do not fit.
OptimizedEvaluation optimize_evaluation(Session& session, const structure::DataSet& all,
                                        const Configuration& configuration);

/// "weights" of the report: for each kernel its number, the weight given, the one found, and its share of
/// the kernel's diagonal.
Json weights_json(const OptimizedEvaluation& result);

/// "optimization" of the report: loss (sum over targets and structures of the squared error per atom, eV^2),
/// regularisation and errors before and after, iterations, history.
Json optimization_json(const OptimizedEvaluation& result);

/// The weights before and after as a table.
std::string weights_table(const OptimizedEvaluation& result);

/// The configuration with the weights found as a file that `train` takes.
std::string weights_ini(const OptimizedEvaluation& result);

/// Where that file goes: beside the table of held-out predictions, or evaluate.best.ini.
std::string weights_ini_file(const Configuration& configuration);

} // namespace soapstone::app
