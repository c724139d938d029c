// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/linalg/products.hpp"

#include "meet.hpp"
#include "soapstone/base/check.hpp"

#include <algorithm>

namespace soapstone::linalg {

namespace {

scalapack::Source source(const DistributedMatrix& matrix) {
  return {matrix.data(), matrix.descriptor()};
}

scalapack::Target target(DistributedMatrix& matrix) {
  return {matrix.data(), matrix.descriptor()};
}

std::int64_t rows_of(Op op, const DistributedMatrix& matrix) {
  return (op == Op::none ? matrix.rows() : matrix.cols()).size();
}

std::int64_t cols_of(Op op, const DistributedMatrix& matrix) {
  return (op == Op::none ? matrix.cols() : matrix.rows()).size();
}

bool is_square(const DistributedMatrix& matrix) {
  return matrix.rows().size() == matrix.cols().size();
}

void expect_alike(const DistributedMatrix& a, const DistributedMatrix& b) {
  expects(&a.grid() == &b.grid() && a.rows().block() == b.rows().block(),
          "matrices on one grid in one block size");
}

/// Returns whether this rank has a part in the result. PBLAS wants no call for an empty result, and an inner
/// dimension of zero still means C := beta C.
bool has_part(const DistributedMatrix& result) {
  return result.grid().active() && result.rows().size() > 0 && result.cols().size() > 0;
}

} // namespace

void multiply(Op op_a, Op op_b, double alpha, const DistributedMatrix& a, const DistributedMatrix& b,
              double beta, DistributedMatrix& c) {
  const auto m = rows_of(op_a, a), n = cols_of(op_b, b), k = cols_of(op_a, a);
  expect_alike(a, b), expect_alike(a, c);
  expects(rows_of(op_b, b) == k && c.rows().size() == m && c.cols().size() == n, "shapes that conform");
  if (has_part(c)) {
    const Rendezvous rendezvous(c.grid());
    scalapack::pdgemm(op_a, op_b, m, n, k, alpha, source(a), source(b), beta, target(c));
  }
}

void symmetric_rank_k(Triangle triangle, Op op, double alpha, const DistributedMatrix& a, double beta,
                      DistributedMatrix& c) {
  const auto n = rows_of(op, a);
  expect_alike(a, c);
  expects(c.rows().size() == n && is_square(c), "shapes that conform");
  if (has_part(c)) {
    const Rendezvous rendezvous(c.grid());
    scalapack::pdsyrk(triangle, op, n, cols_of(op, a), alpha, source(a), beta, target(c));
  }
}

void symmetric_multiply(Triangle triangle, double alpha, const DistributedMatrix& a,
                        const DistributedMatrix& b, double beta, DistributedMatrix& c) {
  const auto m = a.rows().size(), n = b.cols().size();
  expect_alike(a, b), expect_alike(a, c);
  expects(is_square(a) && b.rows().size() == m && c.rows().size() == m && c.cols().size() == n,
          "shapes that conform");
  if (has_part(c)) {
    const Rendezvous rendezvous(c.grid());
    scalapack::pdsymm(scalapack::Side::left, triangle, m, n, alpha, source(a), source(b), beta, target(c));
  }
}

void triangular_solve(scalapack::Side side, Triangle triangle, Op op, double alpha,
                      const DistributedMatrix& a, DistributedMatrix& b) {
  const auto order = (side == scalapack::Side::left ? b.rows() : b.cols()).size();
  expect_alike(a, b);
  expects(is_square(a) && a.rows().size() == order, "shapes that conform");
  if (has_part(b)) {
    const Rendezvous rendezvous(b.grid());
    scalapack::pdtrsm(side, triangle, op, scalapack::Diagonal::general, b.rows().size(), b.cols().size(),
                      alpha, source(a), target(b));
  }
}

void transpose(const DistributedMatrix& a, DistributedMatrix& b) {
  expect_alike(a, b);
  expects(a.rows().size() == b.cols().size() && a.cols().size() == b.rows().size(), "shapes that conform");
  if (has_part(b)) {
    const Rendezvous rendezvous(b.grid());
    scalapack::pdtran(b.rows().size(), b.cols().size(), 1.0, source(a), 0.0, target(b));
  }
}

void copy_part(const DistributedMatrix& a, std::int64_t row, std::int64_t col, DistributedMatrix& b) {
  const auto m = b.rows().size(), n = b.cols().size();
  expect_alike(a, b);
  expects(row >= 0 && col >= 0 && row + m <= a.rows().size() && col + n <= a.cols().size(),
          "a part within the matrix");
  if (has_part(b)) {
    const Rendezvous rendezvous(b.grid());
    scalapack::pdgeadd(m, n, 1.0, {a.data(), a.descriptor(), row, col}, 0.0, target(b));
  }
}

void transpose_part(const DistributedMatrix& a, std::int64_t row, std::int64_t col, std::int64_t m,
                    std::int64_t n, DistributedMatrix& b, std::int64_t row_b, std::int64_t col_b) {
  expect_alike(a, b);
  expects(row >= 0 && col >= 0 && row + m <= a.rows().size() && col + n <= a.cols().size(),
          "a part within the matrix");
  expects(row_b >= 0 && col_b >= 0 && row_b + n <= b.rows().size() && col_b + m <= b.cols().size(),
          "room for the part");
  if (m > 0 && n > 0 && has_part(b)) {
    const Rendezvous rendezvous(b.grid());
    scalapack::pdtran(n, m, 1.0, {a.data(), a.descriptor(), row, col}, 0.0,
                      {b.data(), b.descriptor(), row_b, col_b});
  }
}

void multiply_rows(double alpha, const DistributedMatrix& a, std::int64_t row, const DistributedMatrix& b,
                   DistributedMatrix& c) {
  const auto m = c.rows().size(), n = c.cols().size(), k = a.cols().size();
  expect_alike(a, b), expect_alike(a, c);
  expects(row >= 0 && row + m <= a.rows().size() && b.rows().size() == k && b.cols().size() == n,
          "shapes that conform");
  if (has_part(c)) {
    const Rendezvous rendezvous(c.grid());
    scalapack::pdgemm(Op::none, Op::none, m, n, k, alpha, {a.data(), a.descriptor(), row, 0}, source(b), 0.0,
                      target(c));
  }
}

} // namespace soapstone::linalg
