// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/linalg/eigen.hpp"

#include "meet.hpp"
#include "soapstone/base/check.hpp"
#include "soapstone/base/error.hpp"
#include "soapstone/base/maximum.hpp"
#include "soapstone/base/random.hpp"
#include "soapstone/linalg/blas.hpp"
#include "soapstone/linalg/cholesky.hpp"
#include "soapstone/linalg/products.hpp"
#include "soapstone/linalg/scalapack.hpp"
#include "soapstone/parallel/agree.hpp"
#include "soapstone/parallel/collectives.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>
#include <span>
#include <string>
#include <utility>

namespace soapstone::linalg {

namespace {

using Vector = std::vector<double>;

double norm_2(const Vector& v) {
  return std::sqrt(std::inner_product(v.begin(), v.end(), v.begin(), 0.0));
}

/// ‖a − b‖ / (scale ε n).
double distance(const Vector& a, const Vector& b, double scale) {
  Vector difference(a.size());
  std::transform(a.begin(), a.end(), b.begin(), difference.begin(), std::minus<>());
  const double found = norm_2(difference);
  const double ratio =
      found == 0 ? 0
                 : found / (scale * std::numeric_limits<double>::epsilon() * static_cast<double>(a.size()));
  return std::isfinite(ratio) ? ratio : std::numeric_limits<double>::infinity();
}

/// Holds what a matrix does to a random vector, asked before it is destroyed: two products with vectors tell
/// whether its eigenvectors do the same.
class Probe {
public:
  explicit Probe(const DistributedMatrix& matrix) : z_(static_cast<std::size_t>(matrix.rows().size())) {
    CounterRandom random(1);
    std::generate(z_.begin(), z_.end(), [&] { return random.normal(); });
    const auto z = column(matrix, z_);
    auto product = column(matrix, Vector(z_.size()));
    symmetric_multiply(Triangle::lower, 1.0, matrix, z, 0.0, product);
    az_ = gather(product);
  }

  double backward_error(const Eigenvectors& found) const {
    const auto projected = times(Op::transpose, found.vectors, z_);
    auto scaled = projected;
    double norm = 0; // of A
    for (std::size_t i = 0; i < scaled.size(); ++i) {
      scaled[i] *= found.values[i];
      norm = max_or_nan(norm, std::abs(found.values[i]));
    }
    return max_or_nan(distance(times(Op::none, found.vectors, scaled), az_, norm * norm_2(z_)),
                      distance(times(Op::none, found.vectors, projected), z_, norm_2(z_)));
  }

private:
  static DistributedMatrix column(const DistributedMatrix& like, const Vector& x) {
    return scatter(like.grid(), x, static_cast<std::int64_t>(x.size()), 1, like.rows().block());
  }

  static Vector times(Op op, const DistributedMatrix& vectors, const Vector& x) {
    auto product = column(vectors, Vector(x.size()));
    multiply(op, Op::none, 1.0, vectors, column(vectors, x), 0.0, product);
    return gather(product);
  }

  Vector z_, az_;
};

/// On a grid of one rank, by LAPACK; other ranks are idle.
Eigenvectors decompose_alone(DistributedMatrix matrix) {
  const auto n = matrix.rows().size();
  std::vector<double> values(static_cast<std::size_t>(n));
  parallel::agree(matrix.grid().all(), [&] {
    if (matrix.grid().active() && n > 0)
      values = eigen_symmetric({matrix.data(), n, n, matrix.leading_dimension()});
  });
  parallel::broadcast(matrix.grid().all(), std::span<double>(values));
  require_finite(matrix, "the matrix of eigenvectors");
  return {std::move(values), std::move(matrix), 0};
}

/// On larger grids, by ScaLAPACK.
Eigenvectors decompose_together(DistributedMatrix matrix) {
  const auto n = matrix.rows().size();
  Eigenvectors result{std::vector<double>(static_cast<std::size_t>(n)),
                      DistributedMatrix(matrix.grid(), n, n, matrix.rows().block()), 0};
  int info = 0;
  if (matrix.grid().active() && n > 0) {
    const Rendezvous rendezvous(matrix.grid());
    info = scalapack::pdsyevd(Triangle::lower, n, {matrix.data(), matrix.descriptor()}, result.values,
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

} // namespace

Eigenvectors eigen_decompose(DistributedMatrix matrix) {
  expects(matrix.cols().size() == matrix.rows().size(), "a square matrix");
  require_finite(matrix, "the matrix");
  const Probe probe(matrix);
  const auto decompose = matrix.grid().shape() == GridShape{1, 1} ? decompose_alone : decompose_together;
  auto found = decompose(std::move(matrix));
  found.backward_error = probe.backward_error(found);
  return found;
}

} // namespace soapstone::linalg
