// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/kernel/kernel_gradient.hpp"
#include "soapstone/regression/validation_gradient.hpp"
#include "soapstone/search/hyperparameters.hpp"

#include <limits>
#include <memory>
#include <vector>

namespace soapstone::search {

/// Blocks, memory and folds of the loss.
struct LossOptions {
  std::int64_t block = 64; ///< structures of a block of features and of the kernel matrix
  double regularizer = 0;  ///< of u: adds regularizer / 2 sum u² to the loss
  regression::ErrorLoss errors = {};
  std::int64_t densities =
      std::numeric_limits<std::int64_t>::max(); ///< bytes that a rank keeps of each kernel
  std::int64_t features = std::numeric_limits<std::int64_t>::max();  ///< likewise
  std::int64_t gradients = std::numeric_limits<std::int64_t>::max(); ///< bytes at once, or of forms
  std::int64_t row_memory = std::int64_t{1} << 30;                   ///< see kernel::AssemblyOptions
  kernel::GradientWay way = kernel::GradientWay::fewest_operations;  ///< for zeta = 2
};

/// A loss and its gradient at one point.
struct LossPoint {
  double objective = 0;         ///< loss and regulariser
  double loss = 0;              ///< see regression::ValidationSlope, eV²
  std::vector<double> gradient; ///< of the objective in the variables; empty if it was not wanted
  std::vector<double> errors;   ///< held-out, structures x targets, eV per atom
  double backward_error = 0;    ///< see regression::Inverse
};

/// The cross-validation loss as a function of any hyperparameters, with its exact gradient: one kernel
/// matrix, one inverse, and for the gradient a few kernels' worth of products at most, whatever their number.
class HyperparameterLoss {
public:
  /// Collective over grid.all(). Grid and problem outlive the object.
  HyperparameterLoss(const linalg::ProcessGrid& grid, const regression::ValidationProblem& problem,
                     const LossOptions& options);
  ~HyperparameterLoss();

  /// Collective; the same on all ranks. Throws NumericalError where there is no loss, also of parameters out
  /// of their ranges, DataError for features that cannot be computed.
  LossPoint operator()(const Variables& variables, const std::vector<double>& x, bool gradient = true);

private:
  class Parts;
  std::unique_ptr<Parts> parts_;
};

} // namespace soapstone::search
