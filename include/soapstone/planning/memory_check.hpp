// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/base/log.hpp"
#include "soapstone/planning/feature_sizes.hpp"
#include "soapstone/planning/machine.hpp"

#include <functional>

namespace soapstone::planning {

/// Bytes that the rank with most needs, beyond the program and its structures.
struct MemoryNeed {
  std::int64_t matrix = 0;        ///< its part of the matrix that is factorised or written
  std::int64_t features = 0;      ///< features that it keeps
  std::int64_t feature_work = 0;  ///< beside them while they are computed
  std::int64_t again_work = 0;    ///< to compute a block again that is not kept; 0: features must be kept
  std::int64_t gathered = 0;      ///< other ranks' rows, if all were gathered at once; fewer cost more passes
  std::int64_t assembly_work = 0; ///< beside all these while the matrix is assembled
  std::int64_t solve_work = 0;    ///< beside features and matrix while it is factorised and solved
  std::int64_t predict_work = 0;  ///< beside the features, when the matrix is gone
  bool recomputes = false;        ///< `features` is not all that the rank needs

  std::int64_t computing_features() const { return features + feature_work; }
  std::int64_t assembling(std::int64_t row_memory) const;
  std::int64_t solving() const { return features + matrix + solve_work; }
  std::int64_t predicting() const { return features + predict_work; }
  /// The largest of these, with as many passes over the rows as are still reasonable.
  std::int64_t least() const;
  /// Returns the same run within so much memory: if its features do not fit they are kept in part, and the
  /// rest is computed anew whenever it is needed.
  MemoryNeed within(std::int64_t memory) const;
  bool fits(const Machine& machine) const;
};

/// The need of a run on any machine.
using NeedOn = std::function<MemoryNeed(const Machine&)>;

/// To compute a block of features that is not kept.
std::int64_t block_again(const FeatureSizes& sizes, std::int64_t block);

/// The kernel matrix between structures and its features. cols null: between the rows themselves.
MemoryNeed kernel_need(const FeatureSizes& rows, const FeatureSizes* cols, std::int64_t block,
                       linalg::GridShape grid);

/// Returns what predictions for structures of these sizes need beside the training features: batches of
/// features, three times over while they are shared, and partial sums of k columns.
std::int64_t prediction_work(const FeatureSizes& structures, std::int64_t training_blocks, std::int64_t k);

/// Throws ResourceError with the remedy, the least number of ranks that would do, when the need does not fit
/// or a matrix has 2^31 elements or more on one rank, which ScaLAPACK's 32-bit indices cannot address.
void check_memory(const NeedOn& need, const Machine& machine);

/// Bytes that a rank may use in a run that fits.
struct MemoryBudget {
  std::int64_t rows = 0;     ///< to gather rows that it does not keep: AssemblyOptions::row_memory
  std::int64_t features = 0; ///< to keep features: StoreOptions::memory
};
/// Returns the budget of a need that fits the machine.
MemoryBudget memory_budget(const MemoryNeed& need, const Machine& machine);

/// Tells the log, checks, and returns the budget.
MemoryBudget require_memory(Log& log, const Machine& machine, const NeedOn& need);

} // namespace soapstone::planning
