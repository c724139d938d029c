// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/linalg/eigen.hpp"

#include "meet.hpp"
#include "soapstone/base/check.hpp"
#include "soapstone/base/error.hpp"
#include "soapstone/linalg/blas.hpp"
#include "soapstone/linalg/cholesky.hpp"
#include "soapstone/linalg/scalapack.hpp"
#include "soapstone/parallel/agree.hpp"
#include "soapstone/parallel/collectives.hpp"

#include <span>
#include <string>
#include <utility>

namespace soapstone::linalg {

namespace {

/// On a grid of one rank, by LAPACK; other ranks are idle.
Eigenvectors decompose_alone(DistributedMatrix matrix) {
  const auto n = matrix.rows().size();
  std::vector<double> values(static_cast<std::size_t>(n));
  parallel::agree(matrix.grid().all(), [&] {
    if (matrix.grid().active() && n > 0)
      values = eigen_symmetric(n, matrix.data(), matrix.leading_dimension());
  });
  parallel::broadcast(matrix.grid().all(), std::span<double>(values));
  require_finite(matrix, "the matrix of eigenvectors");
  return {std::move(values), std::move(matrix)};
}

} // namespace

Eigenvectors eigen_decompose(DistributedMatrix matrix) {
  const auto n = matrix.rows().size();
  expects(matrix.cols().size() == n, "a square matrix");
  require_finite(matrix, "the matrix");
  if (matrix.grid().shape() == GridShape{1, 1})
    return decompose_alone(std::move(matrix));
  Eigenvectors result{std::vector<double>(static_cast<std::size_t>(n)),
                      DistributedMatrix(matrix.grid(), n, n, matrix.rows().block())};
  int info = 0;
  if (matrix.grid().active() && n > 0) {
    const Meeting meeting(matrix.grid());
    info = scalapack::pdsyevd(Triangle::lower, n, {matrix.data(), matrix.descriptor()}, result.values.data(),
                              {result.vectors.data(), result.vectors.descriptor()});
  }
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
