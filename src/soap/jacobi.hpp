// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <vector>

namespace soapstone::soap {

/// Eigenvalues, descending, and eigenvectors as rows (order², row-major) of a symmetric matrix (order²) by
/// cyclic Jacobi rotations (Golub, Van Loan, Matrix Computations, 4th ed., sec. 8.5). For matrices of the
/// size of the periodic table: this room links no LAPACK, and what is zero stays zero, so that elements that
/// are not coupled are not mixed.
struct SymmetricEigen {
  std::vector<double> values;
  std::vector<double> vectors;
};
SymmetricEigen eigen_symmetric(std::vector<double> matrix, int order);

} // namespace soapstone::soap
