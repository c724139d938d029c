// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/linalg/cholesky.hpp"

#include "meet.hpp"
#include "soapstone/base/check.hpp"
#include "soapstone/base/text.hpp"
#include "soapstone/linalg/blas.hpp"
#include "soapstone/linalg/scalapack.hpp"
#include "soapstone/parallel/collectives.hpp"

#include <bit>
#include <limits>
#include <string>

namespace soapstone::linalg {

namespace {

constexpr std::int64_t nowhere = std::numeric_limits<std::int64_t>::max();

void expect_square(const DistributedMatrix& matrix) {
  expects(matrix.rows().size() == matrix.cols().size(), "a square matrix");
}

bool is_finite(double value) {
  constexpr std::uint64_t exponent = 0x7ff0000000000000; // all ones: infinite or not a number
  return (std::bit_cast<std::uint64_t>(value) & exponent) != exponent;
}

/// First local row from `first` on that is not finite, or `end`. Whole columns are scanned without branches
/// first: this pass over the matrix runs at the speed of memory.
std::int64_t first_bad_row(const double* column, std::int64_t first, std::int64_t end) {
  unsigned bad = 0;
  for (std::int64_t row = first; row < end; ++row)
    bad |= static_cast<unsigned>(!is_finite(column[row]));
  while (bad != 0 && first < end && is_finite(column[first]))
    ++first;
  return bad != 0 ? first : end;
}

/// Collective over grid.all(). Column-major position of the first element that is not finite, in the whole
/// matrix or its lower triangle.
std::int64_t first_not_finite(const DistributedMatrix& matrix, bool lower_only) {
  std::int64_t first = nowhere;
  const auto& rows = matrix.rows();
  for (std::int64_t col = 0; col < matrix.cols().local_size() && first == nowhere; ++col) {
    const auto global_col = matrix.cols().to_global(col);
    const auto start = lower_only ? rows.mine_below(global_col) : 0;
    const auto row =
        first_bad_row(matrix.data() + col * matrix.leading_dimension(), start, rows.local_size());
    if (row < rows.local_size())
      first = global_col * rows.size() + rows.to_global(row);
  }
  return parallel::all_reduce(matrix.grid().all(), first, MPI_MIN);
}

void throw_unless_finite(const DistributedMatrix& matrix, bool lower_only, const char* what) {
  const auto place = first_not_finite(matrix, lower_only);
  if (place == nowhere)
    return;
  const auto n_rows = matrix.rows().size();
  throw NumericalError(format("%s is not finite at row %lld, column %lld (counted from 0)", what,
                              static_cast<long long>(place % n_rows),
                              static_cast<long long>(place / n_rows)));
}

/// Collective over grid.all(). NaN and Inf reach the diagonal of L, because L_ii² = A_ii - Σ_j L_ij² takes in
/// all of row i.
void require_finite_diagonal(const DistributedMatrix& factor) {
  const auto diagonal = gather_diagonal(factor);
  for (std::size_t i = 0; i < diagonal.size(); ++i)
    if (!is_finite(diagonal[i]))
      throw NumericalError("the Cholesky factor is not finite from row " + std::to_string(i) +
                           " on (counted from 0): the matrix holds NaN or infinite numbers");
}

/// The diagonal blocks' part of the mirroring, which needs no communication.
void mirror_diagonal_block(DistributedMatrix& matrix, std::int64_t block) {
  if (matrix.rows().owner_of_block(block) != matrix.rows().me() ||
      matrix.cols().owner_of_block(block) != matrix.cols().me())
    return;
  const auto row0 = matrix.rows().to_local(block * matrix.rows().block());
  const auto col0 = matrix.cols().to_local(block * matrix.cols().block());
  for (std::int64_t col = 0; col < matrix.rows().block_size(block); ++col)
    for (std::int64_t row = 0; row < col; ++row)
      matrix.at_local(row0 + row, col0 + col) = matrix.at_local(row0 + col, col0 + row);
}

/// On ranks of the grid: the failing pivot, or `nowhere`. One rank alone is faster by LAPACK, which does not
/// cut its work into distribution blocks.
std::int64_t factorize_active(DistributedMatrix& matrix) {
  const auto n = matrix.rows().size();
  if (matrix.grid().shape() == GridShape{1, 1}) {
    const auto pivot = potrf_lower({matrix.data(), n, n, matrix.leading_dimension()});
    return pivot < 0 ? nowhere : pivot;
  }
  const Rendezvous rendezvous(matrix.grid());
  const int info = scalapack::pdpotrf(Triangle::lower, n, {matrix.data(), matrix.descriptor()});
  expects(info >= 0, "pdpotrf accepts its arguments");
  return info > 0 ? info - 1 : nowhere;
}

} // namespace

NotPositiveDefinite::NotPositiveDefinite(std::int64_t pivot)
    : NumericalError("the matrix is not positive definite: Cholesky fails at pivot " + std::to_string(pivot) +
                     " (counted from 0)"),
      pivot_(pivot) {}

void mirror_lower_to_upper(DistributedMatrix& matrix) {
  expect_square(matrix);
  if (!matrix.grid().active())
    return;
  const auto n = matrix.rows().size(), block = matrix.rows().block();
  const auto& desc = matrix.descriptor();
  const Rendezvous rendezvous(matrix.grid());
  // One panel of block columns at a time: it lies below the diagonal, its image above, so that source and
  // target never overlap.
  for (std::int64_t b = 0; b < matrix.rows().blocks(); ++b) {
    mirror_diagonal_block(matrix, b);
    const auto from = b * block, width = matrix.rows().block_size(b), below = from + width;
    if (below < n)
      scalapack::pdtran(width, n - below, 1.0, {matrix.data(), desc, below, from}, 0.0,
                        {matrix.data(), desc, from, below});
  }
}

void require_finite(const DistributedMatrix& matrix, const char* what) {
  throw_unless_finite(matrix, false, what);
}

void cholesky_factorize(DistributedMatrix& matrix) {
  expect_square(matrix);
  const auto n = matrix.rows().size();
  std::int64_t failing = nowhere;
  if (matrix.grid().active() && n > 0)
    failing = factorize_active(matrix);
  failing = parallel::all_reduce(matrix.grid().all(), failing, MPI_MIN);
  if (failing == nowhere)
    return require_finite_diagonal(matrix);
  throw_unless_finite(matrix, true, "the matrix"); // a pivot can also fail because of an infinite number
  throw NotPositiveDefinite(failing);
}

void cholesky_solve(const DistributedMatrix& factor, DistributedMatrix& rhs) {
  expects(factor.rows().size() == rhs.rows().size(), "a right-hand side with the rows of the factor");
  cholesky_solve_leading(factor, rhs);
}

void cholesky_solve_leading(const DistributedMatrix& factor, DistributedMatrix& rhs) {
  expect_square(factor);
  expects(&factor.grid() == &rhs.grid() && factor.rows().size() >= rhs.rows().size() &&
              factor.rows().block() == rhs.rows().block(),
          "a right-hand side on the grid, with the blocks and no more than the rows of the factor");
  const auto n = rhs.rows().size(), k = rhs.cols().size();
  if (!factor.grid().active() || n == 0 || k == 0)
    return;
  const Rendezvous rendezvous(factor.grid());
  const int info = scalapack::pdpotrs(Triangle::lower, n, k, {factor.data(), factor.descriptor()},
                                      {rhs.data(), rhs.descriptor()});
  expects(info == 0, "pdpotrs accepts its arguments");
}

void cholesky_invert(DistributedMatrix& factor) {
  expect_square(factor);
  const auto n = factor.rows().size();
  if (!factor.grid().active() || n == 0)
    return;
  if (factor.grid().shape() == GridShape{1, 1})
    return potri_lower({factor.data(), n, n, factor.leading_dimension()});
  const Rendezvous rendezvous(factor.grid());
  const int info = scalapack::pdpotri(Triangle::lower, n, {factor.data(), factor.descriptor()});
  // Not collective inside, and cholesky_factorize lets no zero on the diagonal through.
  expects(info == 0, "pdpotri accepts its arguments and a factor without zeros on its diagonal");
}

} // namespace soapstone::linalg
