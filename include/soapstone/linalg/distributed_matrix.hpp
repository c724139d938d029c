// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/base/large_array.hpp"
#include "soapstone/linalg/block_cyclic.hpp"
#include "soapstone/linalg/process_grid.hpp"

#include <array>
#include <span>
#include <vector>

namespace soapstone::linalg {

/// Block size that measured fastest for a Cholesky of order n on a grid of this shape: 128 up to n = 10 000
/// and 192 above; smaller, down to 32, where a process would otherwise own fewer than 8 blocks of rows or
/// columns and have up to a fifth more of a triangle than others; never so large that a process owns none.
std::int64_t choose_block_size(std::int64_t n, GridShape shape);

/// Dense matrix of doubles, block-cyclic over a process grid, local part column-major as ScaLAPACK wants it.
/// Refers to the grid, which must outlive it.
class DistributedMatrix {
public:
  /// Zero-filled. Throws ResourceError when a local part would have 2^31 elements or more (ScaLAPACK's 32-bit
  /// indices fail there, some builds silently), with the number of ranks that would do, or when it cannot be
  /// allocated.
  DistributedMatrix(const ProcessGrid& grid, std::int64_t rows, std::int64_t cols, std::int64_t block);

  const ProcessGrid& grid() const noexcept { return *grid_; }
  const BlockCyclic& rows() const noexcept { return rows_; }
  const BlockCyclic& cols() const noexcept { return cols_; }
  std::int64_t leading_dimension() const noexcept { return leading_; } ///< max(1, local rows)
  double* data() noexcept { return local_.data(); }
  const double* data() const noexcept { return local_.data(); }
  std::span<double> local() noexcept { return local_; }
  std::span<const double> local() const noexcept { return local_; }
  double& at_local(std::int64_t row, std::int64_t col) {
    return local_[static_cast<std::size_t>(row + col * leading_)];
  }
  double at_local(std::int64_t row, std::int64_t col) const {
    return local_[static_cast<std::size_t>(row + col * leading_)];
  }
  const std::array<int, 9>& descriptor() const noexcept { return descriptor_; } ///< ScaLAPACK's DESC

private:
  const ProcessGrid* grid_;
  BlockCyclic rows_, cols_;
  std::int64_t leading_;
  LargeArray<double> local_;
  std::array<int, 9> descriptor_{};
};

/// Bytes of the largest local part of such a matrix, without making it.
std::int64_t local_bytes(std::int64_t rows, std::int64_t cols, std::int64_t block, GridShape shape);

/// Collective over grid.all(). A matrix with the values of the replicated column-major array `values` (rows x
/// cols).
DistributedMatrix scatter(const ProcessGrid& grid, std::span<const double> values, std::int64_t rows,
                          std::int64_t cols, std::int64_t block);

/// Collective over grid.all(). The whole matrix, column-major, on every rank (idle ones too). For small
/// matrices.
std::vector<double> gather(const DistributedMatrix& matrix);

/// Collective. The diagonal, on every rank.
std::vector<double> gather_diagonal(const DistributedMatrix& matrix);

/// Collective. Mean of the diagonal, on every rank; 0 for an empty matrix.
double mean_diagonal(const DistributedMatrix& matrix);

/// Local. Σ_i weights[i] matrices[i]; at least one, all spread alike.
DistributedMatrix weighted_sum(std::span<const DistributedMatrix> matrices, std::span<const double> weights);

/// Local. Adds `value` to my diagonal elements.
void add_to_diagonal(DistributedMatrix& matrix, double value);

/// Local. The diagonal of a square matrix := values, which are the same on every rank.
void set_diagonal(DistributedMatrix& matrix, std::span<const double> values);

} // namespace soapstone::linalg
