// SPDX-License-Identifier: BSD-3-Clause
#include "fold_batches.hpp"

#include "soapstone/base/error.hpp"
#include "soapstone/base/text.hpp"
#include "soapstone/linalg/blas.hpp"
#include "soapstone/linalg/cholesky.hpp"
#include "soapstone/parallel/collectives.hpp"

#include <algorithm>
#include <utility>

namespace soapstone::regression {

using linalg::DistributedMatrix;

namespace {

[[noreturn]] void refuse_block(std::int64_t fold) {
  throw NumericalError(
      format("the inverse of the kernel matrix plus regularization is not accurate: its block "
             "of fold %lld is not positive definite. Raise `regularization` (try ten "
             "times its value)",
             static_cast<long long>(fold)));
}

/// Held-out values -(G_ff)^-1 (G t)_f of one batch, structures x targets, on every rank.
class BatchSolver {
public:
  BatchSolver(const FoldTargets& targets, const Batch& batch) : targets_(targets), batch_(batch) {}

  std::vector<double> solve(DistributedMatrix block, DistributedMatrix product) const {
    return batch_.size() > most_gathered ? distributed(block, product) : gathered(block, product);
  }

private:
  /// The whole batch is one fold.
  std::vector<double> distributed(DistributedMatrix& block, DistributedMatrix& product) const {
    try {
      linalg::cholesky_factorize(block);
    } catch (const linalg::NotPositiveDefinite&) {
      refuse_block(batch_.first);
    }
    linalg::cholesky_solve(block, product);
    auto values = linalg::gather(product);
    for (double& value : values)
      value = -value;
    return values;
  }

  std::vector<double> gathered(const DistributedMatrix& block, const DistributedMatrix& product) const {
    const auto all = linalg::gather(block), products = linalg::gather(product);
    std::vector<double> values(static_cast<std::size_t>(batch_.size() * targets_.targets()));
    std::int64_t refused = -1;
    for (std::int64_t fold = batch_.first; fold < batch_.last && refused < 0; ++fold)
      if (!solve_fold(fold, all, products, values))
        refused = fold;
    parallel::broadcast(block.grid().all(), refused); // All ranks solve the same block, and rank 0 decides.
    if (refused >= 0)
      refuse_block(refused);
    return values;
  }

  /// Returns whether the block of the fold is positive definite.
  bool solve_fold(std::int64_t fold, const std::vector<double>& block, const std::vector<double>& products,
                  std::vector<double>& values) const {
    const auto& folds = targets_.folds();
    const auto m = folds.size(fold), row = folds.begin(fold) - batch_.begin, leading = batch_.size();
    const auto at = [leading](std::int64_t r, std::int64_t c) {
      return static_cast<std::size_t>(r + c * leading);
    };
    std::vector<double> factor, x;
    for (std::int64_t col = 0; col < m; ++col)
      for (std::int64_t i = 0; i < m; ++i)
        factor.push_back(block[at(row + i, row + col)]);
    for (std::int64_t t = 0; t < targets_.targets(); ++t)
      for (std::int64_t i = 0; i < m; ++i)
        x.push_back(-products[at(row + i, (fold - batch_.first) * targets_.targets() + t)]);
    if (linalg::potrf_lower({factor.data(), m, m}) >= 0)
      return false;
    linalg::potrs_lower({factor.data(), m, m}, {x.data(), m, targets_.targets()});
    for (std::int64_t t = 0; t < targets_.targets(); ++t)
      std::copy_n(x.begin() + t * m, m, values.begin() + t * leading + row);
    return true;
  }

  const FoldTargets& targets_;
  const Batch& batch_;
};

} // namespace

std::vector<Batch> batches_of(const Folds& folds) {
  std::vector<Batch> batches;
  for (std::int64_t fold = 0; fold < folds.count(); ++fold) {
    if (batches.empty() || folds.end(fold) - batches.back().begin > most_gathered)
      batches.push_back({fold, fold, folds.begin(fold), folds.begin(fold)});
    batches.back().last = fold + 1;
    batches.back().end = folds.end(fold);
  }
  return batches;
}

std::vector<double> solve_batch(const FoldTargets& targets, const Batch& batch, DistributedMatrix block,
                                DistributedMatrix r) {
  return BatchSolver(targets, batch).solve(std::move(block), std::move(r));
}

} // namespace soapstone::regression
