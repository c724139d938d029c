// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/linalg/distributed_matrix.hpp"

#include <vector>

namespace soapstone::linalg {

/// Eigenvalues and eigenvectors of a symmetric matrix A = V diag(values) Vᵀ.
struct Eigenvectors {
  std::vector<double> values; ///< ascending, the same on every rank
  DistributedMatrix vectors;  ///< columns
  /// For a random vector z the larger of ‖A z − V diag(values) Vᵀ z‖ / (‖A‖ ‖z‖ n ε) and ‖z − V Vᵀ z‖ / (‖z‖
  /// n ε) in 2-norms: of order 1 or less when all is well, infinite rather than NaN.
  double backward_error = 0;
};

/// Collective over grid.all(). By divide and conquer (pdsyevd) from the lower triangle, which is destroyed.
/// Takes about three times the matrix's memory beside it. Throws NumericalError when the matrix is not finite
/// or the iteration does not converge.
Eigenvectors eigen_decompose(DistributedMatrix matrix);

} // namespace soapstone::linalg
