// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/kernel/feature_store.hpp"
#include "soapstone/linalg/distributed_matrix.hpp"

namespace soapstone::kernel {

class PairwiseCoupling;

/// Which elements of the matrix to compute.
enum class Extent {
  lower, ///< square, rows and columns are the same structures: blocks on and below the diagonal, diagonal
         ///< blocks in full
  full
};

/// Exponent, weight, extent and memory of one assembly.
struct AssemblyOptions {
  int zeta = 2;
  double weight = 1.0;
  Extent extent = Extent::lower;
  /// Bytes that a rank may use for row blocks that it does not keep: those of other ranks, and those that are
  /// computed anew. The assembly takes as many passes as that needs.
  std::int64_t row_memory = std::int64_t{1} << 30;
  const PairwiseCoupling* coupling = nullptr; ///< of features that it has made
};

/// Collective over the grid. Computes matrix += weight x average kernel between the structures of two feature
/// stores, where the block-cyclic matrix keeps each element. Only features are sent: every rank gathers the
/// row blocks of its grid row once per pass, and column blocks are broadcast down their grid column while the
/// previous one is used. The owners of blocks that no rank keeps compute them once per pass. The matrix's
/// block size must equal that of the stores. Where stores are cut by atoms, the contributions of the ranks to
/// the elements of a structure are added up in panels of columns. Returns the floating-point operations of
/// the matrix products on this rank.
double assemble_kernel(linalg::DistributedMatrix& matrix, const FeatureStore& rows, const FeatureStore& cols,
                       const AssemblyOptions& options, const Progress& progress = {});

/// The bytes of a panel, unless one block takes more.
inline constexpr std::int64_t panel_bytes = std::int64_t{32} << 20;

/// Returns the bytes that assemble_kernel() takes on a rank beside the rows that it gathers, for blocks of
/// features of so many bytes: a row block as message and as features, the column block likewise where it
/// travels, and what MPI holds of long messages.
std::int64_t assembly_memory(std::int64_t row_block, std::int64_t col_block, linalg::GridShape grid);

/// Returns the bytes of the panels in which contributions of parts of structures to an m x n matrix are added
/// up: one, and its copy while it grows or is sent.
std::int64_t panels_memory(std::int64_t m, std::int64_t n, std::int64_t block);

/// Returns the row blocks [first, last) of every pass, so that no rank gathers more than `row_memory` bytes
/// at once (at least one block a pass).
std::vector<std::pair<std::int64_t, std::int64_t>> plan_passes(const FeatureStore& rows,
                                                               std::int64_t row_memory);

} // namespace soapstone::kernel
