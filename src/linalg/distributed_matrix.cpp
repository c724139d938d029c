// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/linalg/distributed_matrix.hpp"

#include "fortran_int.hpp"
#include "soapstone/base/check.hpp"
#include "soapstone/base/text.hpp"
#include "soapstone/linalg/scalapack.hpp"
#include "soapstone/parallel/agree.hpp"
#include "soapstone/parallel/collectives.hpp"

#include <algorithm>
#include <limits>
#include <new>
#include <numeric>
#include <string>

namespace soapstone::linalg {

namespace {

constexpr std::int64_t max_elements = std::numeric_limits<std::int32_t>::max();

/// Elements of the largest local part, which is process (0, 0)'s; -1 if even 64 bits do not hold them.
std::int64_t largest_part(std::int64_t rows, std::int64_t cols, std::int64_t block, GridShape shape) {
  const auto m = BlockCyclic(rows, block, shape.rows, 0).local_size();
  const auto n = BlockCyclic(cols, block, shape.cols, 0).local_size();
  std::int64_t elements = 0;
  return __builtin_mul_overflow(m, n, &elements) ? -1 : elements;
}

bool fits(std::int64_t rows, std::int64_t cols, std::int64_t block, int ranks) {
  const auto elements = largest_part(rows, cols, block, choose_grid(ranks));
  return elements >= 0 && elements <= max_elements;
}

/// " (N ranks or more would do)", or nothing if no such number is found near the lower bound.
std::string enough_ranks(std::int64_t rows, std::int64_t cols, std::int64_t block) {
  const double least =
      static_cast<double>(rows) * static_cast<double>(cols) / static_cast<double>(max_elements);
  if (least > 1e6)
    return "";
  const int first = std::max(1, static_cast<int>(least));
  for (int ranks = first; ranks < 2 * first + 1000; ++ranks)
    if (fits(rows, cols, block, ranks))
      return format("; at least %d ranks are needed", ranks);
  return "";
}

/// Refuses on every rank alike, before anything is allocated.
void require_indexable(std::int64_t rows, std::int64_t cols, std::int64_t block, GridShape shape) {
  FortranInt{rows}, FortranInt{cols};
  const auto elements = largest_part(rows, cols, block, shape);
  if (elements >= 0 && elements <= max_elements)
    return;
  throw ResourceError(
      format("a %lld x %lld matrix on a process grid of %d x %d has 2^31 or more elements on one rank, "
             "which ScaLAPACK's 32-bit indices cannot address",
             static_cast<long long>(rows), static_cast<long long>(cols), shape.rows, shape.cols) +
      enough_ranks(rows, cols, block));
}

template <typename Visit>
void for_each_local_diagonal(const BlockCyclic& rows, const BlockCyclic& cols, Visit&& visit) {
  const auto size = std::min(rows.size(), cols.size());
  for (std::int64_t col = 0; col < cols.mine_below(size); ++col) {
    const auto global = cols.to_global(col);
    if (rows.is_mine(global))
      visit(global, rows.to_local(global), col);
  }
}

} // namespace

std::int64_t choose_block_size(std::int64_t n, GridShape shape) {
  constexpr std::int64_t blocks_for_balance = 8, smallest = 32;
  const std::int64_t fastest = n <= 10000 ? 128 : 192;
  const std::int64_t one_for_each = n / std::max(shape.rows, shape.cols);
  const auto balanced = std::max(one_for_each / blocks_for_balance, std::min(smallest, one_for_each));
  return std::max<std::int64_t>(1, std::min(fastest, balanced));
}

DistributedMatrix::DistributedMatrix(const ProcessGrid& grid, std::int64_t rows, std::int64_t cols,
                                     std::int64_t block)
    : grid_(&grid), rows_(rows, block, grid.shape().rows, grid.row()),
      cols_(cols, block, grid.shape().cols, grid.col()),
      leading_(std::max<std::int64_t>(1, rows_.local_size())) {
  require_indexable(rows, cols, block, grid.shape());
  descriptor_ = scalapack::make_descriptor(grid.context(), rows, cols, block, leading_);
  const auto elements = static_cast<std::size_t>(rows_.local_size() * cols_.local_size());
  try {
    local_.resize(elements, 0.0);
  } catch (const std::bad_alloc&) {
    throw ResourceError("no memory for " + format_bytes(8.0 * static_cast<double>(elements)) + " of a " +
                        std::to_string(rows) + " x " + std::to_string(cols) + " matrix on one rank");
  }
}

std::int64_t local_bytes(std::int64_t rows, std::int64_t cols, std::int64_t block, GridShape shape) {
  const auto elements = largest_part(rows, cols, block, shape);
  if (elements < 0 || elements > std::numeric_limits<std::int64_t>::max() / 8)
    throw ResourceError(format("the size of a %lld x %lld matrix does not fit 64 bits",
                               static_cast<long long>(rows), static_cast<long long>(cols)));
  return 8 * elements;
}

DistributedMatrix scatter(const ProcessGrid& grid, std::span<const double> values, std::int64_t rows,
                          std::int64_t cols, std::int64_t block) {
  return parallel::agree(grid.all(), [&] {
    expects(static_cast<std::int64_t>(values.size()) == rows * cols, "scatter is given rows x cols values");
    DistributedMatrix matrix(grid, rows, cols, block);
    for (std::int64_t col = 0; col < matrix.cols().local_size(); ++col)
      for (std::int64_t row = 0; row < matrix.rows().local_size(); ++row)
        matrix.at_local(row, col) = values[static_cast<std::size_t>(matrix.rows().to_global(row) +
                                                                    matrix.cols().to_global(col) * rows)];
    return matrix;
  });
}

std::vector<double> gather(const DistributedMatrix& matrix) {
  const auto& grid = matrix.grid();
  const auto n_rows = matrix.rows().size(), n_cols = matrix.cols().size(), block = matrix.rows().block();
  const auto parts =
      parallel::all_gather(grid.all(), std::vector<double>(matrix.local().begin(), matrix.local().end()));
  std::vector<double> whole(static_cast<std::size_t>(n_rows * n_cols));
  std::size_t next = 0;
  // The parts arrive in rank order, and ranks run through the grid row by row.
  for (int grid_row = 0; grid_row < grid.shape().rows; ++grid_row)
    for (int grid_col = 0; grid_col < grid.shape().cols; ++grid_col) {
      const BlockCyclic rows(n_rows, block, grid.shape().rows, grid_row);
      const BlockCyclic cols(n_cols, block, grid.shape().cols, grid_col);
      for (std::int64_t col = 0; col < cols.local_size(); ++col)
        for (std::int64_t row = 0; row < rows.local_size(); ++row)
          whole[static_cast<std::size_t>(rows.to_global(row) + cols.to_global(col) * n_rows)] = parts[next++];
    }
  return whole;
}

std::vector<double> gather_diagonal(const DistributedMatrix& matrix) {
  const auto size = std::min(matrix.rows().size(), matrix.cols().size());
  std::vector<double> diagonal(static_cast<std::size_t>(size), 0.0);
  for_each_local_diagonal(matrix.rows(), matrix.cols(),
                          [&](std::int64_t global, std::int64_t row, std::int64_t col) {
                            diagonal[static_cast<std::size_t>(global)] = matrix.at_local(row, col);
                          });
  parallel::all_reduce(matrix.grid().all(), std::span<double>(diagonal));
  return diagonal;
}

double mean_diagonal(const DistributedMatrix& matrix) {
  const auto diagonal = gather_diagonal(matrix);
  if (diagonal.empty())
    return 0;
  return std::accumulate(diagonal.begin(), diagonal.end(), 0.0) / static_cast<double>(diagonal.size());
}

DistributedMatrix weighted_sum(std::span<const DistributedMatrix> matrices, std::span<const double> weights) {
  auto sum = matrices.front();
  for (double& value : sum.local())
    value *= weights.front();
  for (std::size_t i = 1; i < matrices.size(); ++i)
    for (std::size_t j = 0; j < sum.local().size(); ++j)
      sum.local()[j] += weights[i] * matrices[i].local()[j];
  return sum;
}

void add_to_diagonal(DistributedMatrix& matrix, double value) {
  for_each_local_diagonal(
      matrix.rows(), matrix.cols(),
      [&](std::int64_t, std::int64_t row, std::int64_t col) { matrix.at_local(row, col) += value; });
}

void set_diagonal(DistributedMatrix& matrix, std::span<const double> values) {
  for_each_local_diagonal(matrix.rows(), matrix.cols(),
                          [&](std::int64_t i, std::int64_t row, std::int64_t col) {
                            matrix.at_local(row, col) = values[static_cast<std::size_t>(i)];
                          });
}

} // namespace soapstone::linalg
