// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/linalg/eigen.hpp"

#include "soapstone/base/check.hpp"
#include "soapstone/base/error.hpp"
#include "soapstone/linalg/cholesky.hpp"
#include "soapstone/linalg/scalapack.hpp"
#include "soapstone/parallel/collectives.hpp"

#include <span>
#include <string>

namespace soapstone::linalg {

Eigenvectors eigen_decompose(DistributedMatrix matrix) {
  const auto n = matrix.rows().size();
  expects(matrix.cols().size() == n, "a square matrix");
  require_finite(matrix, "the matrix");
  Eigenvectors result{std::vector<double>(static_cast<std::size_t>(n)),
                      DistributedMatrix(matrix.grid(), n, n, matrix.rows().block())};
  int info = 0;
  if (matrix.grid().active() && n > 0)
    info = scalapack::pdsyevd(Triangle::lower, n, {matrix.data(), matrix.descriptor()}, result.values.data(),
                              {result.vectors.data(), result.vectors.descriptor()});
  expects(info >= 0, "pdsyevd accepts its arguments");
  info = parallel::all_reduce(matrix.grid().all(), info, MPI_MAX);
  if (info > 0)
    throw NumericalError(
        "the eigenvectors of the matrix do not converge (pdsyevd, INFO = " + std::to_string(info) + ")");
  parallel::broadcast(matrix.grid().all(), std::span<double>(result.values)); // idle ranks have none
  require_finite(result.vectors, "the matrix of eigenvectors");
  return result;
}

} // namespace soapstone::linalg
