// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/base/error.hpp"
#include "soapstone/linalg/distributed_matrix.hpp"

#include <cstdint>
#include <vector>

namespace soapstone::linalg {

/// The matrix is not positive definite: the leading minor of order pivot + 1 is not. `pivot` counts from 0.
class NotPositiveDefinite : public NumericalError {
public:
  explicit NotPositiveDefinite(std::int64_t pivot);
  std::int64_t pivot() const noexcept { return pivot_; }

private:
  std::int64_t pivot_;
};

/// Returns the bytes of the panels of local rows and columns into which PBLAS packs what it sends of an m x n
/// matrix.
constexpr std::int64_t panel_memory(std::int64_t m, std::int64_t n, GridShape grid) {
  constexpr std::int64_t width = 256;
  return static_cast<std::int64_t>(sizeof(double)) * width *
         ((m + grid.rows - 1) / grid.rows + (n + grid.cols - 1) / grid.cols);
}

/// Collective. Copies the strictly lower triangle of a square matrix onto its strictly upper one.
void mirror_lower_to_upper(DistributedMatrix& matrix);

/// Collective over grid.all(). Throws NumericalError on all ranks, naming `what` and the first place, if any
/// local element is not finite.
void require_finite(const DistributedMatrix& matrix, const char* what);

/// Collective over grid.all(). In place A = L Lᵀ (pdpotrf, lower); the strictly upper triangle is left as it
/// was. Throws NotPositiveDefinite, or NumericalError when the factor is not finite (pdpotrf itself lets NaN
/// through), on all ranks.
void cholesky_factorize(DistributedMatrix& matrix);

/// Collective. In place rhs := (L Lᵀ)^-1 rhs (pdpotrs); rhs is n x k with the block size of the factor.
void cholesky_solve(const DistributedMatrix& factor, DistributedMatrix& rhs);

/// Collective. The same with the leading n x n block of the factor, which is the factor of the leading block
/// of the matrix; rhs is n x k with n at most the order of the factor.
void cholesky_solve_leading(const DistributedMatrix& factor, DistributedMatrix& rhs);

/// Collective. In place of the factor L the lower triangle of (L Lᵀ)^-1 (pdpotri); the strictly upper
/// triangle is left as it was.
void cholesky_invert(DistributedMatrix& factor);

/// Residual of a solve, for judging it.
struct Residual {
  std::vector<double> values; ///< b - A x, n x k column-major, on every rank
  double backward_error =
      0; ///< ||b - A x||_1 / ((||A||_1 ||x||_1 + ||b||_1) n ε); of order 1 or less when all is well
};

/// Collective over grid.all(). Residual of x against the original matrix A, whose strictly upper triangle
/// still stands above the factor and whose diagonal was kept. rhs and x: n x k column-major, the same on
/// every rank. n is the length of `diagonal`: when that is less than the order of the matrix, the leading n x
/// n block is what was solved with.
Residual solve_residual(const DistributedMatrix& factor_and_upper, const std::vector<double>& diagonal,
                        const std::vector<double>& rhs, const std::vector<double>& x, std::int64_t k);

} // namespace soapstone::linalg
