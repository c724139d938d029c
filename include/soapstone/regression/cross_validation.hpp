// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/base/progress.hpp"
#include "soapstone/linalg/distributed_matrix.hpp"
#include "soapstone/regression/validation_method.hpp"
#include "soapstone/regression/validation_problem.hpp"

#include <string>
#include <vector>

namespace soapstone::regression {

/// Held-out predictions with one lambda.
struct HeldOut {
  double lambda = 0;                         ///< absolute
  std::vector<std::vector<double>> energies; ///< [target][structure], eV per structure; empty on failure
  std::string failure;                       ///< why this lambda has none
  double backward_error = 0; ///< of the inverse, or of the eigenvectors (then that of all lambdas)
};

/// Collective. Predictions for every structure of the model trained without its fold, for every lambda
/// (absolute), without refitting: with G = (K + lambda I)^-1 and t the energies per atom less the baseline of
/// the structures outside fold f, zero within it, they are -(G_ff)^-1 (G t)_f. That is the refitted model's
/// prediction exactly, and no number of a fold's energies enters its own predictions. `kernel`: square, lower
/// triangle (diagonal blocks in full) filled. A lambda for which the matrix is not positive definite, or too
/// close to that, fails alone; throws NumericalError if all do or the kernel is not finite.
std::vector<HeldOut> cross_validate(linalg::DistributedMatrix kernel, const ValidationProblem& problem,
                                    const std::vector<double>& lambdas, ValidationMethod method,
                                    const Progress& progress = {});

/// Returns the bytes that cross_validate() takes on a rank beside matrices: right-hand sides of a batch of
/// folds, their products and blocks, and the predictions and baselines of all. The folds have at most
/// `largest` structures.
std::int64_t validation_memory(const ValidationSize& size, std::int64_t largest, linalg::GridShape grid);

/// Returns how many matrices cross_validate() takes beside the kernel: eigenvectors and the workspace of
/// pdsyevd, or the kernel itself while other regularisations wait.
constexpr std::int64_t validation_matrices(ValidationMethod method, const ValidationSize& size) {
  return method == ValidationMethod::eigen ? 3 : size.lambdas > 1 ? 1 : 0;
}

} // namespace soapstone::regression
