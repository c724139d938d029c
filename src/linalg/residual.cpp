// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/base/check.hpp"
#include "soapstone/base/maximum.hpp"
#include "soapstone/linalg/blas.hpp"
#include "soapstone/linalg/cholesky.hpp"
#include "soapstone/parallel/collectives.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>

// The original matrix is read from the strictly upper triangle and the separate diagonal. PBLAS' pdsymm would
// multiply with the factor's diagonal in its place, which then has to be subtracted again: for a small matrix
// (||L|| >> ||A||) that cancels away the residual. So each rank multiplies its own strictly upper blocks,
// both ways, and one reduction adds up.
namespace soapstone::linalg {

namespace {

std::size_t at(std::int64_t row, std::int64_t col, std::int64_t leading) {
  return static_cast<std::size_t>(row + col * leading);
}

/// Rows of the replicated x (n x k) in the order of my local indices.
std::vector<double> pick(const BlockCyclic& dimension, const std::vector<double>& x, std::int64_t k) {
  const auto mine = dimension.local_size();
  std::vector<double> picked(static_cast<std::size_t>(mine * k));
  for (std::int64_t col = 0; col < k; ++col)
    for (std::int64_t i = 0; i < mine; ++i)
      picked[at(i, col, mine)] = x[at(dimension.to_global(i), col, dimension.size())];
  return picked;
}

/// sums(global) += parts(local): the way back from pick().
void add_back(const BlockCyclic& dimension, const std::vector<double>& parts, std::int64_t k,
              std::vector<double>& sums) {
  const auto mine = dimension.local_size();
  for (std::int64_t col = 0; col < k; ++col)
    for (std::int64_t i = 0; i < mine; ++i)
      sums[at(dimension.to_global(i), col, dimension.size())] += parts[at(i, col, mine)];
}

/// C += op(A) B for A m x n and k columns in B and C; column by column when they are few, because GEMM would
/// pack A for nothing.
void add_product(Op op, std::int64_t m, std::int64_t n, std::int64_t k, const double* a, std::int64_t lda,
                 const double* b, std::int64_t ldb, double* c, std::int64_t ldc) {
  if (k > 4)
    return gemm(op, Op::none, 1.0,
                {a,
                 op == Op::none   ? op == Op::none ? m : n
                 : op == Op::none ? n
                                  : m,
                 op == Op::none   ? op == Op::none ? n : m
                 : op == Op::none ? m
                                  : n,
                 lda},
                {b, op == Op::none ? n : m, k, ldb}, 1.0, {c, op == Op::none ? m : n, k, ldc});
  const auto result = static_cast<std::size_t>(op == Op::none ? m : n),
             inner = static_cast<std::size_t>(op == Op::none ? n : m);
  for (std::int64_t col = 0; col < k; ++col)
    gemv(op, 1.0, {a, m, n, lda}, {b + col * ldb, inner}, 1.0, {c + col * ldc, result});
}

/// The first n indices of a dimension: they stand where they stood, in front.
BlockCyclic leading(const BlockCyclic& dimension, std::int64_t n) {
  return {n, dimension.block(), dimension.processes(), dimension.me()};
}

/// Holds what one rank's strictly upper elements of the leading n x n block contribute to A x and to the
/// column sums of |A|.
class UpperProduct {
public:
  UpperProduct(const DistributedMatrix& matrix, std::int64_t n, const std::vector<double>& x, std::int64_t k)
      : matrix_(matrix), rows_(leading(matrix.rows(), n)), cols_(leading(matrix.cols(), n)), k_(k),
        x_rows_(pick(rows_, x, k)), x_cols_(pick(cols_, x, k)), y_rows_(x_rows_.size()),
        y_cols_(x_cols_.size()), sums_rows_(static_cast<std::size_t>(rows_.local_size())),
        sums_cols_(static_cast<std::size_t>(cols_.local_size())) {
    for (std::int64_t col = 0; col < cols_.local_size(); col += cols_.block())
      add_panel(col, std::min(cols_.block(), cols_.local_size() - col));
  }

  void add_to(std::vector<double>& product, std::vector<double>& column_sums) const {
    add_back(rows_, y_rows_, k_, product);
    add_back(cols_, y_cols_, k_, product);
    add_back(rows_, sums_rows_, 1, column_sums);
    add_back(cols_, sums_cols_, 1, column_sums);
  }

private:
  /// Local block column: the rows above its diagonal block are contiguous, the diagonal block is taken
  /// element by element.
  void add_panel(std::int64_t col, std::int64_t width) {
    const auto first = cols_.to_global(col);
    const auto above = rows_.mine_below(first);
    const double* panel = matrix_.data() + col * matrix_.leading_dimension();
    const auto ld = matrix_.leading_dimension(), lr = rows_.local_size(), lc = cols_.local_size();
    add_product(Op::none, above, width, k_, panel, ld, x_cols_.data() + col, lc, y_rows_.data(), lr);
    add_product(Op::transpose, above, width, k_, panel, ld, x_rows_.data(), lr, y_cols_.data() + col, lc);
    for (std::int64_t j = col; j < col + width; ++j) {
      const auto below_too = rows_.mine_below(cols_.to_global(j));
      add_sums(0, below_too, j);
      for (std::int64_t i = above; i < below_too; ++i)
        add_element(i, j, matrix_.at_local(i, j));
    }
  }

  void add_sums(std::int64_t begin, std::int64_t end, std::int64_t col) {
    const double* column = matrix_.data() + col * matrix_.leading_dimension();
    double sum = 0;
    for (std::int64_t i = begin; i < end; ++i) {
      const double size = std::fabs(column[i]);
      sums_rows_[static_cast<std::size_t>(i)] += size;
      sum += size;
    }
    sums_cols_[static_cast<std::size_t>(col)] += sum;
  }

  void add_element(std::int64_t row, std::int64_t col, double value) {
    const auto lr = rows_.local_size(), lc = cols_.local_size();
    for (std::int64_t s = 0; s < k_; ++s) {
      y_rows_[at(row, s, lr)] += value * x_cols_[at(col, s, lc)];
      y_cols_[at(col, s, lc)] += value * x_rows_[at(row, s, lr)];
    }
  }

  const DistributedMatrix& matrix_;
  BlockCyclic rows_, cols_;
  std::int64_t k_;
  std::vector<double> x_rows_, x_cols_, y_rows_, y_cols_, sums_rows_, sums_cols_;
};

double norm_1(std::span<const double> values) {
  double sum = 0;
  for (const double value : values)
    sum += std::fabs(value);
  return sum;
}

/// ||r||_1 / ((||A||_1 ||x||_1 + ||b||_1) n ε): Higham, Accuracy and Stability of Numerical Algorithms, 2nd
/// ed., theorem 7.1, over n ε. Infinite rather than NaN when anything is not finite, so that no comparison
/// passes by accident.
double backward_error_of(double residual, double matrix, double x, double b, std::int64_t n) {
  const double scale = (matrix * x + b) * static_cast<double>(n) * std::numeric_limits<double>::epsilon();
  if (!std::isfinite(residual) || !std::isfinite(scale))
    return std::numeric_limits<double>::infinity();
  return residual == 0 ? 0 : residual / scale;
}

} // namespace

Residual solve_residual(const DistributedMatrix& factor_and_upper, const std::vector<double>& diagonal,
                        const std::vector<double>& rhs, const std::vector<double>& x, std::int64_t k) {
  const auto size = diagonal.size(), all = size * static_cast<std::size_t>(k);
  const auto n = static_cast<std::int64_t>(size), order = factor_and_upper.rows().size();
  expects(factor_and_upper.cols().size() == order && n <= order && rhs.size() == all && x.size() == all,
          "a square matrix, its leading diagonal, and n x k right-hand sides and solutions");
  std::vector<double> product(all), column_sums(size);
  UpperProduct(factor_and_upper, n, x, k).add_to(product, column_sums);
  parallel::all_reduce(factor_and_upper.grid().all(), std::span<double>(product));
  parallel::all_reduce(factor_and_upper.grid().all(), std::span<double>(column_sums));

  double norm_a = 0;
  for (std::size_t i = 0; i < size; ++i)
    norm_a = max_or_nan(norm_a, column_sums[i] + std::fabs(diagonal[i]));
  Residual result{std::vector<double>(all), 0};
  for (std::int64_t col = 0; col < k; ++col) {
    const auto from = static_cast<std::size_t>(col) * size;
    for (std::size_t i = 0; i < size; ++i)
      result.values[from + i] = rhs[from + i] - (product[from + i] + diagonal[i] * x[from + i]);
    const auto norm_of = [&](const std::vector<double>& v) {
      return norm_1(std::span(v).subspan(from, size));
    };
    result.backward_error =
        max_or_nan(result.backward_error,
                   backward_error_of(norm_of(result.values), norm_a, norm_of(x), norm_of(rhs), n));
  }
  return result;
}

} // namespace soapstone::linalg
