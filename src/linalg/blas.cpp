// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/linalg/blas.hpp"

#include "blas_fortran.hpp"
#include "fortran_int.hpp"
#include "soapstone/base/check.hpp"
#include "soapstone/base/error.hpp"

#include <algorithm>
#include <cmath>
#include <string>

namespace soapstone::linalg {

namespace {

void require_accepted(int info, const char* routine) {
  if (info < 0)
    throw InternalError(std::string(routine) + " rejects its argument " + std::to_string(-info));
}

bool all_finite(const double* values, std::int64_t count) {
  return std::all_of(values, values + count, [](double value) { return std::isfinite(value); });
}

/// A workspace size that LAPACK answered as a floating-point number.
std::int64_t workspace_size(double answer) {
  return std::max<std::int64_t>(1, std::llround(answer));
}

/// The inner dimension of op(A) op(B), which must have the shape of C.
template <typename T>
std::int64_t inner_size(Op op_a, MatrixView<const T> a, Op op_b, MatrixView<const T> b, MatrixView<T> c) {
  const bool ta = op_a == Op::transpose, tb = op_b == Op::transpose;
  const auto inner = ta ? a.rows : a.columns;
  expects((ta ? a.columns : a.rows) == c.rows && (tb ? b.rows : b.columns) == c.columns &&
              (tb ? b.columns : b.rows) == inner,
          "factors that have the shape of their product");
  return inner;
}

template <typename T>
std::int64_t order_of(MatrixView<T> a) {
  expects(a.rows == a.columns, "a square matrix");
  return a.rows;
}

} // namespace

void gemm(Op op_a, Op op_b, double alpha, MatrixView<const double> a, MatrixView<const double> b, double beta,
          MatrixView<double> c) {
  const auto inner = inner_size(op_a, a, op_b, b, c);
  if (c.rows == 0 || c.columns == 0)
    return;
  const char ta = static_cast<char>(op_a), tb = static_cast<char>(op_b);
  dgemm_(&ta, &tb, FortranInt(c.rows), FortranInt(c.columns), FortranInt(inner), &alpha, a.data,
         leading(a.leading), b.data, leading(b.leading), &beta, c.data, leading(c.leading), 1, 1);
}

void gemm(Op op_a, Op op_b, float alpha, MatrixView<const float> a, MatrixView<const float> b, float beta,
          MatrixView<float> c) {
  const auto inner = inner_size(op_a, a, op_b, b, c);
  if (c.rows == 0 || c.columns == 0)
    return;
  const char ta = static_cast<char>(op_a), tb = static_cast<char>(op_b);
  sgemm_(&ta, &tb, FortranInt(c.rows), FortranInt(c.columns), FortranInt(inner), &alpha, a.data,
         leading(a.leading), b.data, leading(b.leading), &beta, c.data, leading(c.leading), 1, 1);
}

void syrk(Triangle triangle, Op op, double alpha, MatrixView<const double> a, double beta,
          MatrixView<double> c) {
  const auto n = op == Op::none ? a.rows : a.columns, inner = op == Op::none ? a.columns : a.rows;
  expects(c.rows == n && c.columns == n, "a square matrix of the order of the factor");
  if (n == 0)
    return;
  const char uplo = static_cast<char>(triangle), trans = static_cast<char>(op);
  dsyrk_(&uplo, &trans, FortranInt(n), FortranInt(inner), &alpha, a.data, leading(a.leading), &beta, c.data,
         leading(c.leading), 1, 1);
}

void trmm_lower(Op op, MatrixView<const double> a, MatrixView<double> b) {
  expects(a.rows == a.columns && a.rows == b.rows, "a triangle that fits the matrix");
  if (b.rows == 0 || b.columns == 0)
    return;
  const double one = 1;
  const char side = 'L', uplo = 'L', trans = static_cast<char>(op), unit = 'N';
  dtrmm_(&side, &uplo, &trans, &unit, FortranInt(b.rows), FortranInt(b.columns), &one, a.data,
         leading(a.leading), b.data, leading(b.leading), 1, 1, 1, 1);
}

void gemv(Op op, double alpha, MatrixView<const double> a, std::span<const double> x, double beta,
          std::span<double> y) {
  const auto result = op == Op::none ? a.rows : a.columns, inner = op == Op::none ? a.columns : a.rows;
  expects(std::ssize(x) >= inner && std::ssize(y) >= result, "vectors as long as the matrix");
  if (result == 0)
    return;
  if (inner == 0) { // dgemv would return without touching y
    for (auto& value : y.first(static_cast<std::size_t>(result)))
      value = beta == 0 ? 0 : beta * value;
    return;
  }
  const char trans = static_cast<char>(op);
  dgemv_(&trans, FortranInt(a.rows), FortranInt(a.columns), &alpha, a.data, leading(a.leading), x.data(),
         FortranInt(1), &beta, y.data(), FortranInt(1), 1);
}

std::vector<double> eigen_symmetric(MatrixView<double> matrix) {
  const auto n = order_of(matrix), lda = matrix.leading;
  double* const a = matrix.data;
  std::vector<double> values(static_cast<std::size_t>(n));
  for (std::int64_t col = 0; col < n; ++col) // NaN can keep the iteration from ending
    if (!all_finite(a + col * lda + col, n - col))
      throw NumericalError("a matrix to be diagonalised is not finite");
  if (n == 0)
    return values;
  FortranInt(1 + 6 * n + 2 * n * n); // dsyevd's workspace must itself be addressable
  int info = 0, integers = 0;
  double reals = 0;
  dsyevd_("V", "L", FortranInt(n), a, leading(lda), values.data(), &reals, FortranInt(-1), &integers,
          FortranInt(-1), &info, 1, 1);
  require_accepted(info, "dsyevd");
  std::vector<double> work(static_cast<std::size_t>(std::max(workspace_size(reals), 1 + 6 * n + 2 * n * n)));
  std::vector<int> integer_work(static_cast<std::size_t>(std::max<std::int64_t>(integers, 3 + 5 * n)));
  dsyevd_("V", "L", FortranInt(n), a, leading(lda), values.data(), work.data(),
          FortranInt(static_cast<std::int64_t>(work.size())), integer_work.data(),
          FortranInt(static_cast<std::int64_t>(integer_work.size())), &info, 1, 1);
  require_accepted(info, "dsyevd");
  if (info > 0)
    throw NumericalError("an eigendecomposition of order " + std::to_string(n) + " did not converge");
  return values;
}

std::int64_t potrf_lower(MatrixView<double> a) {
  const auto n = order_of(a);
  if (n == 0)
    return -1;
  int info = 0;
  dpotrf_("L", FortranInt(n), a.data, leading(a.leading), &info, 1);
  require_accepted(info, "dpotrf");
  return info > 0 ? info - 1 : -1;
}

void potri_lower(MatrixView<double> factor) {
  int info = 0;
  dpotri_("L", FortranInt(order_of(factor)), factor.data, leading(factor.leading), &info, 1);
  expects(info == 0, "dpotri accepts its arguments and a factor without zeros on its diagonal");
}

void potrs_lower(MatrixView<const double> factor, MatrixView<double> b) {
  expects(order_of(factor) == b.rows, "right-hand sides of the order of the factor");
  if (b.rows == 0 || b.columns == 0)
    return;
  int info = 0;
  dpotrs_("L", FortranInt(b.rows), FortranInt(b.columns), factor.data, leading(factor.leading), b.data,
          leading(b.leading), &info, 1);
  require_accepted(info, "dpotrs");
}

LeastSquares least_squares(std::int64_t m, std::int64_t n, std::vector<double> a, std::vector<double> b,
                           double rcond) {
  expects(a.size() == static_cast<std::size_t>(m * n) && b.size() == static_cast<std::size_t>(m),
          "least squares with an m x n matrix and m values");
  if (!all_finite(a.data(), m * n) || !all_finite(b.data(), m))
    throw NumericalError("a least-squares problem is not finite");
  b.resize(static_cast<std::size_t>(std::max(m, n)), 0.0);
  int found = 0, info = 0, integers = 0;
  if (m > 0 && n > 0) {
    std::vector<double> singular(static_cast<std::size_t>(std::min(m, n)));
    double reals = 0;
    const auto ldb = leading(static_cast<std::int64_t>(b.size()));
    dgelsd_(FortranInt(m), FortranInt(n), FortranInt(1), a.data(), leading(m), b.data(), ldb, singular.data(),
            &rcond, &found, &reals, FortranInt(-1), &integers, &info);
    require_accepted(info, "dgelsd");
    const auto lwork = workspace_size(reals);
    std::vector<double> work(static_cast<std::size_t>(lwork));
    std::vector<int> integer_work(static_cast<std::size_t>(std::max(1, integers)));
    dgelsd_(FortranInt(m), FortranInt(n), FortranInt(1), a.data(), leading(m), b.data(), ldb, singular.data(),
            &rcond, &found, work.data(), FortranInt(lwork), integer_work.data(), &info);
    require_accepted(info, "dgelsd");
  }
  if (info > 0)
    throw NumericalError("the singular values of a least-squares problem did not converge");
  b.resize(static_cast<std::size_t>(n), 0.0);
  return {std::move(b), found};
}

} // namespace soapstone::linalg
