// SPDX-License-Identifier: BSD-3-Clause
#include "resolvent.hpp"

#include "soapstone/linalg/products.hpp"

#include <cmath>

namespace soapstone::regression {

using linalg::DistributedMatrix;
using linalg::Op;

void InverseResolvent::product(std::size_t, std::int64_t row, const DistributedMatrix& prepared,
                               DistributedMatrix& r) const {
  linalg::multiply_rows(1.0, inverse_, row, prepared, r);
}

void InverseResolvent::block(std::size_t, std::int64_t row, DistributedMatrix& b) const {
  linalg::copy_part(inverse_, row, row, b);
}

DistributedMatrix EigenResolvent::prepare(DistributedMatrix t) const {
  DistributedMatrix projected(t.grid(), eigen_.vectors.cols().size(), t.cols().size(), t.rows().block());
  linalg::multiply(Op::transpose, Op::none, 1.0, eigen_.vectors, t, 0.0, projected);
  return projected;
}

void EigenResolvent::product(std::size_t i, std::int64_t row, const DistributedMatrix& prepared,
                             DistributedMatrix& r) const {
  auto scaled = prepared;
  for (std::int64_t j = 0; j < scaled.rows().local_size(); ++j) {
    const double factor =
        1.0 / (eigen_.values[static_cast<std::size_t>(scaled.rows().to_global(j))] + lambdas_[i]);
    for (std::int64_t col = 0; col < scaled.cols().local_size(); ++col)
      scaled.at_local(j, col) *= factor;
  }
  linalg::multiply_rows(1.0, eigen_.vectors, row, scaled, r);
}

// V_f (D + lambda)^-1 V_fᵀ as the square of V_f (D + lambda)^-1/2: symmetric and positive definite whatever
// rounding does.
void EigenResolvent::block(std::size_t i, std::int64_t row, DistributedMatrix& b) const {
  DistributedMatrix rows(b.grid(), b.rows().size(), eigen_.vectors.cols().size(), b.rows().block());
  linalg::copy_part(eigen_.vectors, row, 0, rows);
  for (std::int64_t col = 0; col < rows.cols().local_size(); ++col) {
    const double factor =
        1.0 / std::sqrt(eigen_.values[static_cast<std::size_t>(rows.cols().to_global(col))] + lambdas_[i]);
    for (std::int64_t j = 0; j < rows.rows().local_size(); ++j)
      rows.at_local(j, col) *= factor;
  }
  linalg::symmetric_rank_k(linalg::Triangle::lower, Op::none, 1.0, rows, 0.0, b);
}

} // namespace soapstone::regression
