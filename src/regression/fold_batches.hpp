// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "fold_targets.hpp"

#include <vector>

namespace soapstone::regression {

/// Consecutive folds [first, last) with structures [begin, end), whose blocks of G are solved together.
struct Batch {
  std::int64_t first, last, begin, end;
  std::int64_t size() const { return end - begin; }
};

/// Folds are taken together up to this many structures, whose block of G every rank then has; a larger one is
/// taken alone, and its block stays distributed.
inline constexpr std::int64_t most_gathered = 256;

/// Small folds are put together; a large one is alone.
std::vector<Batch> batches_of(const Folds& folds);

/// Collective. -(G_ff)^-1 r_f for every fold of a batch, structures x targets (column-major), on every rank.
/// block: G of the batch's structures (lower triangle); r: structures x (folds x targets), of which column
/// (fold - first) * targets + target is read in the rows of its fold. Throws NumericalError when a block is
/// not positive definite.
std::vector<double> solve_batch(const FoldTargets& targets, const Batch& batch,
                                linalg::DistributedMatrix block, linalg::DistributedMatrix r);

} // namespace soapstone::regression
