// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/kernel/kernel_gradient.hpp"
#include "soapstone/regression/cross_validation.hpp"
#include "soapstone/regression/error_loss.hpp"

#include <memory>
#include <vector>

namespace soapstone::regression {

/// L = sum over targets and held-out structures of the loss of the error per atom, eV², and its derivatives.
/// With two folds and squares it is the objective by which Willatt, Musil, Ceriotti, PCCP 20, 29661 (2018)
/// optimise the coupling of elements, but for its regulariser.
struct ValidationSlope {
  double loss = 0;
  double lambda = 0;            ///< absolute: regularization x mean diagonal of K
  double regularization = 0;    ///< dL / d regularization, everything else as it is
  kernel::KernelSensitivity dk; ///< dL/dK, through lambda too
  std::vector<double> errors;   ///< structures x targets, eV per atom
  double backward_error = 0;    ///< of the inverse, see Inverse
};

/// Computes that loss for kernels of the same structures, folds and targets, one after the other.
class ValidationLossGradient {
public:
  /// Collective over `comm`. Fits the folds' baselines. The problem outlives the object.
  ValidationLossGradient(const parallel::Communicator& comm, const ValidationProblem& problem,
                         const ErrorLoss& loss = {});
  ~ValidationLossGradient();

  /// Collective. `kernel`: square, lower triangle (diagonal blocks in full) filled; `regularization` is
  /// relative to the mean of its diagonal, and stays so when the kernel changes. One inverse and a few
  /// products with as many columns as folds times targets, whatever the kernel depends on. Throws
  /// NumericalError, on all ranks, as KernelRidge does.
  ValidationSlope operator()(linalg::DistributedMatrix kernel, double regularization) const;

private:
  class Parts;
  std::unique_ptr<const Parts> parts_;
};

} // namespace soapstone::regression
