// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/linalg/matrix_view.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace soapstone::linalg {

// Thin wrappers of BLAS and LAPACK, column-major, 64-bit sizes at the surface (checked against the library's
// 32 bits).

/// Says whether a factor is transposed.
enum class Op : char { none = 'N', transpose = 'T' };
/// Says which triangle is read or written.
enum class Triangle : char { lower = 'L', upper = 'U' };

// All throw InternalError where shapes do not go together.

/// C := alpha op(A) op(B) + beta C.
void gemm(Op op_a, Op op_b, double alpha, MatrixView<const double> a, MatrixView<const double> b, double beta,
          MatrixView<double> c);
/// Does the same in float32.
void gemm(Op op_a, Op op_b, float alpha, MatrixView<const float> a, MatrixView<const float> b, float beta,
          MatrixView<float> c);

/// Triangle of C := alpha A Aᵀ + beta C (op none) or alpha Aᵀ A + beta C (transpose).
void syrk(Triangle triangle, Op op, double alpha, MatrixView<const double> a, double beta,
          MatrixView<double> c);

/// B := op(L) B with L the lower triangle of A.
void trmm_lower(Op op, MatrixView<const double> a, MatrixView<double> b);

/// y := alpha op(A) x + beta y, of as many numbers as the shape of A says.
void gemv(Op op, double alpha, MatrixView<const double> a, std::span<const double> x, double beta,
          std::span<double> y);

/// Eigenvalues (ascending) of a symmetric matrix; `a` (lower triangle read) is overwritten with the
/// eigenvectors as columns (dsyevd). Throws NumericalError if it does not converge.
std::vector<double> eigen_symmetric(MatrixView<double> a);

/// In-place serial Cholesky, lower (dpotrf); returns -1 on success or the index of the failing pivot.
std::int64_t potrf_lower(MatrixView<double> a);
/// Lower triangle of (L Lᵀ)^-1 in place of the factor (dpotri).
void potri_lower(MatrixView<double> factor);
/// B := (L Lᵀ)^-1 B (dpotrs).
void potrs_lower(MatrixView<const double> factor, MatrixView<double> b);

/// The solution of a least-squares problem.
struct LeastSquares {
  std::vector<double> x;
  std::int64_t rank = 0; ///< of its matrix
};

/// Minimum-norm least squares min ||A x - b|| by singular values (dgelsd), singular values below rcond times
/// the largest dropped. A m x n column-major, b m, x n.
LeastSquares least_squares(std::int64_t m, std::int64_t n, std::vector<double> a, std::vector<double> b,
                           double rcond);

} // namespace soapstone::linalg
