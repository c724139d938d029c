// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/kernel/feature_store.hpp"
#include "soapstone/kernel/kernel_spec.hpp"

#include <span>

namespace soapstone::kernel {

class PairwiseCoupling;

/// Holds what to multiply: sum_M weight K(A, M) x_M for every new structure A, over the structures M of a
/// store.
struct ApplyOptions {
  int zeta = 2;
  double weight = 1.0;
  std::int64_t targets = 1; ///< k, columns of the coefficients
  /// What `features` gives for new structures. With environments the result has one row for each of them,
  /// sum_M weight 1/N_M sum_{k in M} (p_j . p_k)^zeta x_M, whose mean over a structure is its K(A, M) x_M.
  RowsOf rows = RowsOf::structures;
  const PairwiseCoupling* coupling = nullptr; ///< of features that it has made
  RunLimits batches = prediction_limits;      ///< of new structures
};

/// Returns the bytes that apply_kernel() takes on a rank beside the training features where all of these are
/// kept, for batches whose features take `batch` bytes, and `work` while they are computed: three copies of a
/// batch while it is shared, the partial sums of k columns by training blocks, and the copy in which MPI adds
/// them up. Where they are not all kept it takes as much again as the store may keep.
std::int64_t apply_memory(const RunLimits& limits, std::int64_t batch, std::int64_t work, std::int64_t k,
                          std::int64_t training_blocks);

/// Collective over training.grid(). Returns K(new, training) x as new x k, column-major, on every rank.
/// `coefficients` is training x k, column-major. New structures are spread over the ranks for their features;
/// the training features stay where they are. Partial sums are taken per training block and added in block
/// order, so that the result has the same bits on any number of ranks. Large structures are cut, new ones
/// too.
std::vector<double> apply_kernel(const FeatureStore& training,
                                 std::span<const structure::Structure> structures,
                                 const FeatureFunction& features, const std::vector<double>& coefficients,
                                 const ApplyOptions& options, const Progress& progress = {});

} // namespace soapstone::kernel
