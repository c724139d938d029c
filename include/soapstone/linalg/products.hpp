// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/linalg/distributed_matrix.hpp"
#include "soapstone/linalg/scalapack.hpp"

namespace soapstone::linalg {

// Products of whole distributed matrices (PBLAS). Collective over the active ranks, idle ones return at once.
// All matrices stand on the same grid in the same block size and their shapes conform, else InternalError on
// every rank.

/// C := alpha op(A) op(B) + beta C (pdgemm).
void multiply(Op op_a, Op op_b, double alpha, const DistributedMatrix& a, const DistributedMatrix& b,
              double beta, DistributedMatrix& c);

/// Triangle of C := alpha op(A) op(A)ᵀ + beta C (pdsyrk); the other triangle is left as it was.
void symmetric_rank_k(Triangle triangle, Op op, double alpha, const DistributedMatrix& a, double beta,
                      DistributedMatrix& c);

/// C := alpha A B + beta C, A symmetric and given by one triangle (pdsymm).
void symmetric_multiply(Triangle triangle, double alpha, const DistributedMatrix& a,
                        const DistributedMatrix& b, double beta, DistributedMatrix& c);

/// B := alpha op(A)^-1 B (left) or alpha B op(A)^-1 (right), A triangular with a general diagonal (pdtrsm).
void triangular_solve(scalapack::Side side, Triangle triangle, Op op, double alpha,
                      const DistributedMatrix& a, DistributedMatrix& b);

/// B := Aᵀ (pdtran).
void transpose(const DistributedMatrix& a, DistributedMatrix& b);

// Parts of a matrix that start anywhere, not only where a block does.

/// B (m x n) := A(row : row + m, col : col + n) (pdgeadd).
void copy_part(const DistributedMatrix& a, std::int64_t row, std::int64_t col, DistributedMatrix& b);

/// B(row_b : row_b + n, col_b : col_b + m) := A(row : row + m, col : col + n)ᵀ (pdtran).
void transpose_part(const DistributedMatrix& a, std::int64_t row, std::int64_t col, std::int64_t m,
                    std::int64_t n, DistributedMatrix& b, std::int64_t row_b, std::int64_t col_b);

/// C (m x n) := alpha A(row : row + m, :) B (pdgemm).
void multiply_rows(double alpha, const DistributedMatrix& a, std::int64_t row, const DistributedMatrix& b,
                   DistributedMatrix& c);

} // namespace soapstone::linalg
