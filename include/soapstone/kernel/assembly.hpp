// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/kernel/feature_store.hpp"
#include "soapstone/linalg/distributed_matrix.hpp"

namespace soapstone::kernel {

class SparseCoupling;

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
  const SparseCoupling* coupling = nullptr; ///< of features that it has made
};

/// Collective over the grid. matrix += weight x average kernel between the structures of two feature stores,
/// computed where the block-cyclic matrix keeps it. Features travel, the matrix does not: every rank gathers
/// the row blocks of its grid row once per pass, and column blocks are broadcast down their grid column while
/// the one before is worked on. Blocks that no rank keeps are computed by their owners, once per pass. The
/// matrix's block size must equal that of the stores. Where these are cut by atoms, what ranks have of the
/// elements of a structure is added up in panels of columns. Returns the floating-point operations of the
/// matrix products on this rank.
double assemble_kernel(linalg::DistributedMatrix& matrix, const FeatureStore& rows, const FeatureStore& cols,
                       const AssemblyOptions& options, const Progress& progress = {});

/// Of a panel, unless one block takes more.
inline constexpr std::int64_t panel_bytes = std::int64_t{32} << 20;

/// Row blocks [first, last) of every pass, so that no rank gathers more than `row_memory` bytes at once (at
/// least one block a pass).
std::vector<std::pair<std::int64_t, std::int64_t>> plan_passes(const FeatureStore& rows,
                                                               std::int64_t row_memory);

} // namespace soapstone::kernel
