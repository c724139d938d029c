// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <vector>

namespace soapstone::linalg {

// Thin wrappers of BLAS and LAPACK, column-major, 64-bit sizes at the surface (checked against the library's
// 32 bits).

/// Says whether a factor is transposed.
enum class Op : char { none = 'N', transpose = 'T' };
/// Says which triangle is read or written.
enum class Triangle : char { lower = 'L', upper = 'U' };

/// C (m x n) := alpha op(A) op(B) + beta C, inner dimension k.
void gemm(Op op_a, Op op_b, std::int64_t m, std::int64_t n, std::int64_t k, double alpha, const double* a,
          std::int64_t lda, const double* b, std::int64_t ldb, double beta, double* c, std::int64_t ldc);
/// Does the same in float32.
void gemm(Op op_a, Op op_b, std::int64_t m, std::int64_t n, std::int64_t k, float alpha, const float* a,
          std::int64_t lda, const float* b, std::int64_t ldb, float beta, float* c, std::int64_t ldc);

/// Triangle of C (n x n) := alpha A Aᵀ + beta C (op none, A n x k) or alpha Aᵀ A + beta C (transpose, A k x
/// n).
void syrk(Triangle triangle, Op op, std::int64_t n, std::int64_t k, double alpha, const double* a,
          std::int64_t lda, double beta, double* c, std::int64_t ldc);

/// B (m x n) := op(L) B with L the lower triangle of A (m x m).
void trmm_lower(Op op, std::int64_t m, std::int64_t n, const double* a, std::int64_t lda, double* b,
                std::int64_t ldb);

/// y := alpha op(A) x + beta y with A m x n.
void gemv(Op op, std::int64_t m, std::int64_t n, double alpha, const double* a, std::int64_t lda,
          const double* x, double beta, double* y);

/// Eigenvalues (ascending) of a symmetric n x n matrix; `a` (lower triangle read) is overwritten with the
/// eigenvectors as columns (dsyevd). Throws NumericalError if it does not converge.
std::vector<double> eigen_symmetric(std::int64_t n, double* a, std::int64_t lda);

/// In-place serial Cholesky, lower (dpotrf); returns -1 on success or the index of the failing pivot.
std::int64_t potrf_lower(std::int64_t n, double* a, std::int64_t lda);
/// Lower triangle of (L Lᵀ)^-1 in place of the factor (dpotri).
void potri_lower(std::int64_t n, double* factor, std::int64_t lda);
/// B (n x k) := (L Lᵀ)^-1 B (dpotrs).
void potrs_lower(std::int64_t n, std::int64_t k, const double* factor, std::int64_t lda, double* b,
                 std::int64_t ldb);

/// Minimum-norm least squares min ||A x - b|| by singular values (dgelsd), singular values below rcond times
/// the largest dropped. A m x n column-major, b m; returns x (n) and, if asked, the rank.
std::vector<double> least_squares(std::int64_t m, std::int64_t n, std::vector<double> a,
                                  std::vector<double> b, double rcond, std::int64_t* rank = nullptr);

} // namespace soapstone::linalg
