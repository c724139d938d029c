// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/linalg/blas.hpp"

#include "blas_fortran.hpp"
#include "fortran_int.hpp"
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

} // namespace

void gemm(Op op_a, Op op_b, std::int64_t m, std::int64_t n, std::int64_t k, double alpha, const double* a,
          std::int64_t lda, const double* b, std::int64_t ldb, double beta, double* c, std::int64_t ldc) {
  if (m == 0 || n == 0)
    return;
  const char ta = static_cast<char>(op_a), tb = static_cast<char>(op_b);
  dgemm_(&ta, &tb, FortranInt(m), FortranInt(n), FortranInt(k), &alpha, a, leading(lda), b, leading(ldb),
         &beta, c, leading(ldc), 1, 1);
}

void gemm(Op op_a, Op op_b, std::int64_t m, std::int64_t n, std::int64_t k, float alpha, const float* a,
          std::int64_t lda, const float* b, std::int64_t ldb, float beta, float* c, std::int64_t ldc) {
  if (m == 0 || n == 0)
    return;
  const char ta = static_cast<char>(op_a), tb = static_cast<char>(op_b);
  sgemm_(&ta, &tb, FortranInt(m), FortranInt(n), FortranInt(k), &alpha, a, leading(lda), b, leading(ldb),
         &beta, c, leading(ldc), 1, 1);
}

void syrk(Triangle triangle, Op op, std::int64_t n, std::int64_t k, double alpha, const double* a,
          std::int64_t lda, double beta, double* c, std::int64_t ldc) {
  if (n == 0)
    return;
  const char uplo = static_cast<char>(triangle), trans = static_cast<char>(op);
  dsyrk_(&uplo, &trans, FortranInt(n), FortranInt(k), &alpha, a, leading(lda), &beta, c, leading(ldc), 1, 1);
}

void trmm_lower(Op op, std::int64_t m, std::int64_t n, const double* a, std::int64_t lda, double* b,
                std::int64_t ldb) {
  if (m == 0 || n == 0)
    return;
  const double one = 1;
  const char side = 'L', uplo = 'L', trans = static_cast<char>(op), unit = 'N';
  dtrmm_(&side, &uplo, &trans, &unit, FortranInt(m), FortranInt(n), &one, a, leading(lda), b, leading(ldb), 1,
         1, 1, 1);
}

void gemv(Op op, std::int64_t m, std::int64_t n, double alpha, const double* a, std::int64_t lda,
          const double* x, double beta, double* y) {
  const std::int64_t result = op == Op::none ? m : n, inner = op == Op::none ? n : m;
  if (result == 0)
    return;
  if (inner == 0) { // dgemv would return without touching y
    for (std::int64_t i = 0; i < result; ++i)
      y[i] = beta == 0 ? 0 : beta * y[i];
    return;
  }
  const char trans = static_cast<char>(op);
  dgemv_(&trans, FortranInt(m), FortranInt(n), &alpha, a, leading(lda), x, FortranInt(1), &beta, y,
         FortranInt(1), 1);
}

std::vector<double> eigen_symmetric(std::int64_t n, double* a, std::int64_t lda) {
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

std::int64_t potrf_lower(std::int64_t n, double* a, std::int64_t lda) {
  if (n == 0)
    return -1;
  int info = 0;
  dpotrf_("L", FortranInt(n), a, leading(lda), &info, 1);
  require_accepted(info, "dpotrf");
  return info > 0 ? info - 1 : -1;
}

void potri_lower(std::int64_t n, double* factor, std::int64_t lda) {
  int info = 0;
  dpotri_("L", FortranInt(n), factor, leading(lda), &info, 1);
  expects(info == 0, "dpotri accepts its arguments and a factor without zeros on its diagonal");
}

void potrs_lower(std::int64_t n, std::int64_t k, const double* factor, std::int64_t lda, double* b,
                 std::int64_t ldb) {
  if (n == 0 || k == 0)
    return;
  int info = 0;
  dpotrs_("L", FortranInt(n), FortranInt(k), factor, leading(lda), b, leading(ldb), &info, 1);
  require_accepted(info, "dpotrs");
}

std::vector<double> least_squares(std::int64_t m, std::int64_t n, std::vector<double> a,
                                  std::vector<double> b, double rcond, std::int64_t* rank) {
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
  if (rank != nullptr)
    *rank = found;
  b.resize(static_cast<std::size_t>(n), 0.0);
  return b;
}

} // namespace soapstone::linalg
