// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/regression/cross_validation.hpp"
#include "soapstone/regression/krr.hpp"
#include "soapstone/regression/minimize.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace soapstone::regression {

/// Loss of a cross-validation and its derivatives.
struct ValidationLoss {
  double loss = 0;             ///< sum over targets and structures of (held-out error per atom)^2, eV^2
  double lambda = 0;           ///< d loss / d lambda, lambda absolute
  std::vector<double> weights; ///< d loss / d weight of each kernel
};

/// The loss L = sum_f |beta_f|^2 of K = sum_i w_i K_i as a function of the weights and lambda, from kernels
/// that are assembled once. With G = (K + lambda I)^-1, v_f = (G_ff)^-1 beta_f, a_f = G_:f v_f and b_f the
/// coefficients of the model trained without f (zero on f): dL/dw_i = -2 sum_f a_fᵀ K_i b_f and dL/dlambda =
/// -2 sum_f a_fᵀ b_f. One inverse and, per kernel, one product with as many columns as folds times targets.
class ValidationObjective {
public:
  /// Collective. kernels: square, lower triangles (diagonal blocks in full) filled, of weight 1, alike in
  /// grid and blocks. They and the problem must outlive the object.
  ValidationObjective(const std::vector<linalg::DistributedMatrix>& kernels,
                      const ValidationProblem& problem);
  ~ValidationObjective();
  ValidationObjective(const ValidationObjective&) = delete;
  ValidationObjective& operator=(const ValidationObjective&) = delete;

  /// Collective. Throws NumericalError, on all ranks, as KernelRidge does.
  ValidationLoss operator()(const std::vector<double>& weights, double lambda) const;

private:
  class Parts;
  std::unique_ptr<Parts> parts_;
};

/// Returns the bytes that the derivatives take on a rank beside matrices: six arrays with a column for each
/// fold and target.
std::int64_t weights_memory(const ValidationSize& size, linalg::GridShape grid);

/// One evaluation on the way to the best weights.
struct WeightStep {
  std::vector<double> weights;
  double loss = 0;
};

/// Weights of kernels that predict held-out energies best, from where the optimisation began.
struct OptimizedWeights {
  std::vector<double> weights;      ///< > 0; only their ratios to lambda matter
  double loss_before = 0, loss = 0; ///< see ValidationLoss
  double regularization = 0;        ///< lambda over the mean diagonal of the weighted kernel
  int iterations = 0;
  bool converged = false;
  std::string reason;              ///< why the search ended
  std::vector<WeightStep> history; ///< all evaluations
};

/// Collective. Weights that minimise the cross-validation loss, found by L-BFGS in their logarithms, so that
/// they stay positive and their orders of magnitude count alike. All weights and lambda scaled together
/// change nothing: where lambda stays as it is (`scale` absolute) the weights set the regularisation too;
/// where it stays in proportion to the mean diagonal of the weighted kernel (relative: `lambda` is that
/// ratio) only the weights' ratios matter. A local minimum: start from more than one place if it matters.
/// Throws ConfigError (key kernel.N.weight) unless all weights to start from are positive.
OptimizedWeights optimize_weights(const std::vector<linalg::DistributedMatrix>& kernels,
                                  const ValidationProblem& problem, std::vector<double> weights,
                                  double lambda, LambdaScale scale = LambdaScale::absolute,
                                  const MinimizeOptions& options = {},
                                  const std::function<void(const WeightStep&)>& on_step = {});

} // namespace soapstone::regression
