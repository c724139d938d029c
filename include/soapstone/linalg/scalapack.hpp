// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/linalg/blas.hpp"

#include <array>
#include <cstdint>
#include <span>

/// The typed tier over PBLAS and ScaLAPACK: 64-bit sizes, places that count from 0, enums for characters,
/// nothing checked but the width of integers. To be called by the active ranks of the grid only, all of them.
/// Use products.hpp and cholesky.hpp instead where they do.
namespace soapstone::linalg::scalapack {

using Descriptor = std::array<int, 9>; ///< ScaLAPACK's array descriptor

/// Says on which side the triangular factor stands.
enum class Side : char { left = 'L', right = 'R' };
/// Says what the diagonal of a triangular factor is.
enum class Diagonal : char { general = 'N', unit = 'U' };

/// DESC of a matrix with square blocks whose first block is on process (0, 0).
Descriptor make_descriptor(int context, std::int64_t rows, std::int64_t cols, std::int64_t block,
                           std::int64_t leading);

/// A submatrix: local array and descriptor of the whole, and where the submatrix starts.
struct Source {
  const double* data;
  const Descriptor& descriptor;
  std::int64_t row = 0, col = 0;
};
/// A part of a distributed matrix that a routine writes: local data, descriptor, first row and column (from
/// 0).
struct Target {
  double* data;
  const Descriptor& descriptor;
  std::int64_t row = 0, col = 0;
};

/// C (m x n) := alpha op(A) op(B) + beta C.
void pdgemm(Op op_a, Op op_b, std::int64_t m, std::int64_t n, std::int64_t k, double alpha, Source a,
            Source b, double beta, Target c);
/// Triangle of C (n x n) := alpha op(A) op(A)ᵀ + beta C with op(A) n x k.
void pdsyrk(Triangle triangle, Op op, std::int64_t n, std::int64_t k, double alpha, Source a, double beta,
            Target c);
/// C (m x n) := alpha A B + beta C (left) or alpha B A + beta C (right); A symmetric, one triangle read.
void pdsymm(Side side, Triangle triangle, std::int64_t m, std::int64_t n, double alpha, Source a, Source b,
            double beta, Target c);
/// B (m x n) := alpha op(A)^-1 B (left) or alpha B op(A)^-1 (right); A triangular.
void pdtrsm(Side side, Triangle triangle, Op op, Diagonal diagonal, std::int64_t m, std::int64_t n,
            double alpha, Source a, Target b);
/// C (m x n) := alpha Aᵀ + beta C.
void pdtran(std::int64_t m, std::int64_t n, double alpha, Source a, double beta, Target c);
/// C (m x n) := alpha A + beta C, from any place to any place.
void pdgeadd(std::int64_t m, std::int64_t n, double alpha, Source a, double beta, Target c);
/// Cholesky factor in place; returns INFO: 0, or the order of the first leading minor that is not positive.
int pdpotrf(Triangle triangle, std::int64_t n, Target a);
/// B (n x k) := A^-1 B with the factor of pdpotrf; returns INFO.
int pdpotrs(Triangle triangle, std::int64_t n, std::int64_t k, Source factor, Target b);
/// Triangle of A^-1 in place of the factor of pdpotrf; returns INFO.
int pdpotri(Triangle triangle, std::int64_t n, Target a);
/// Eigenvalues (ascending, n of them) and eigenvectors (columns of Z) of a symmetric matrix, which is
/// destroyed; returns INFO. Allocates pdsyevd's workspace, about two more local parts.
int pdsyevd(Triangle triangle, std::int64_t n, Target a, std::span<double> eigenvalues, Target z);

} // namespace soapstone::linalg::scalapack
