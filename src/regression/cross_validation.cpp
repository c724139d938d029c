// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/regression/cross_validation.hpp"

#include "fold_targets.hpp"
#include "resolvent.hpp"
#include "soapstone/base/check.hpp"
#include "soapstone/base/error.hpp"
#include "soapstone/base/text.hpp"
#include "soapstone/linalg/blas.hpp"
#include "soapstone/linalg/cholesky.hpp"

#include <algorithm>
#include <limits>
#include <numeric>
#include <utility>

namespace soapstone::regression {

using linalg::DistributedMatrix;

namespace {

// Folds are taken together up to this many structures, whose block of G every rank then has; a larger one is
// taken alone, and its block stays distributed.
constexpr std::int64_t most_gathered = 256;

/// Consecutive folds [first, last) with structures [begin, end).
struct Batch {
  std::int64_t first, last, begin, end;
  std::int64_t size() const { return end - begin; }
};

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

[[noreturn]] void refuse_block(std::int64_t fold) {
  throw NumericalError(
      format("the inverse of the kernel matrix plus regularization is not accurate: its block "
             "of fold %lld is not positive definite. Raise regression.regularization (try ten "
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
    for (std::int64_t fold = batch_.first; fold < batch_.last; ++fold)
      solve_fold(fold, all, products, values);
    return values;
  }

  void solve_fold(std::int64_t fold, const std::vector<double>& block, const std::vector<double>& products,
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
    if (linalg::potrf_lower(m, factor.data(), m) >= 0)
      refuse_block(fold);
    linalg::potrs_lower(m, targets_.targets(), factor.data(), m, x.data(), m);
    for (std::int64_t t = 0; t < targets_.targets(); ++t)
      std::copy_n(x.begin() + t * m, m, values.begin() + t * leading + row);
  }

  const FoldTargets& targets_;
  const Batch& batch_;
};

/// Writes a batch's values into the predictions as energies.
void store(const FoldTargets& targets, const Batch& batch, const std::vector<double>& values,
           std::vector<std::vector<double>>& energies) {
  for (std::int64_t t = 0; t < targets.targets(); ++t)
    for (std::int64_t fold = batch.first; fold < batch.last; ++fold)
      for (auto s = targets.folds().begin(fold); s < targets.folds().end(fold); ++s) {
        const auto value = values[static_cast<std::size_t>(t * batch.size() + s - batch.begin)];
        energies[static_cast<std::size_t>(t)][static_cast<std::size_t>(s)] =
            targets.energy(fold, t, s, value);
      }
}

/// Predictions for lambdas that share a resolvent.
class Validation {
public:
  Validation(const linalg::ProcessGrid& grid, std::int64_t block, const FoldTargets& targets)
      : grid_(grid), block_(block), targets_(targets) {}

  void run(Resolvent& resolvent, std::span<HeldOut> results, const Progress& progress) const {
    for (auto& result : results)
      if (result.failure.empty())
        result.energies.assign(static_cast<std::size_t>(targets_.targets()),
                               std::vector<double>(static_cast<std::size_t>(targets_.structures())));
    for (const auto& batch : batches_of(targets_.folds())) {
      const auto columns = targets_.columns(grid_, block_, batch.first, batch.last);
      resolvent.prepare(columns);
      for (std::size_t i = 0; i < results.size(); ++i)
        if (results[i].failure.empty())
          attempt(results[i], [&] { predict(resolvent, i, batch, columns.cols().size(), results[i]); });
      if (progress)
        progress(static_cast<double>(batch.end) / static_cast<double>(targets_.structures()));
    }
  }

  /// Runs what may fail for one lambda, alike on all ranks.
  template <typename Work>
  static void attempt(HeldOut& result, Work&& work) {
    try {
      work();
    } catch (const NumericalError& error) {
      result.failure = error.what();
      result.energies.clear();
    }
  }

private:
  void predict(const Resolvent& resolvent, std::size_t i, const Batch& batch, std::int64_t columns,
               HeldOut& result) const {
    DistributedMatrix product(grid_, batch.size(), columns, block_);
    DistributedMatrix block(grid_, batch.size(), batch.size(), block_);
    resolvent.product(i, batch.begin, product);
    resolvent.block(i, batch.begin, block);
    const auto values = BatchSolver(targets_, batch).solve(std::move(block), std::move(product));
    store(targets_, batch, values, result.energies);
  }

  const linalg::ProcessGrid& grid_;
  std::int64_t block_;
  const FoldTargets& targets_;
};

/// The progress of part i of several as that of the whole.
Progress part(const Progress& progress, std::size_t i, std::size_t parts) {
  if (!progress)
    return {};
  return [&progress, i, parts](double share) {
    progress((static_cast<double>(i) + share) / static_cast<double>(parts));
  };
}

void by_inverses(DistributedMatrix kernel, const ValidationProblem& problem, const Validation& validation,
                 std::vector<HeldOut>& results, const Progress& progress) {
  for (std::size_t i = 0; i < results.size(); ++i) {
    Validation::attempt(results[i], [&] {
      const bool last = i + 1 == results.size();
      KernelRidge ridge(last ? std::move(kernel) : kernel, results[i].lambda, problem.name,
                        LambdaScale::absolute);
      ridge.factorize();
      InverseResolvent inverse(std::move(ridge).inverse());
      validation.run(inverse, std::span(results).subspan(i, 1), part(progress, i, results.size()));
    });
  }
}

/// Where K + lambda I is no more than rounding in some direction (backward error of the eigenvalues: n eps
/// ||K||) there is nothing to predict with.
void refuse_lost(const std::vector<double>& eigenvalues, std::vector<HeldOut>& results) {
  const double rounding = static_cast<double>(eigenvalues.size()) * std::numeric_limits<double>::epsilon() *
                          std::max(std::abs(eigenvalues.front()), std::abs(eigenvalues.back()));
  for (auto& result : results)
    if (!(eigenvalues.front() + result.lambda > rounding))
      result.failure = format(
          "the kernel matrix plus regularization is not positive definite: its least eigenvalue, %.3g, is "
          "no more than rounding (%.3g). Likely causes: duplicate structures, or a regularization too "
          "small for this kernel. Remove duplicates or raise regression.regularization",
          eigenvalues.front() + result.lambda, rounding);
}

void by_eigenvectors(DistributedMatrix kernel, const Validation& validation, std::vector<HeldOut>& results,
                     const Progress& progress) {
  auto eigen = linalg::eigen_decompose(std::move(kernel));
  refuse_lost(eigen.values, results);
  std::vector<double> lambdas;
  for (const auto& result : results)
    lambdas.push_back(result.lambda);
  EigenResolvent resolvent(std::move(eigen), std::move(lambdas));
  validation.run(resolvent, results, progress);
}

void require_some(const std::vector<HeldOut>& results) {
  const auto works = [](const HeldOut& result) { return result.failure.empty(); };
  if (!results.empty() && std::none_of(results.begin(), results.end(), works))
    throw NumericalError(results.back().failure);
}

} // namespace

std::vector<HeldOut> cross_validate(DistributedMatrix kernel, const ValidationProblem& problem,
                                    const std::vector<double>& lambdas, ValidationMethod method,
                                    const Progress& progress) {
  expects(kernel.rows().size() == static_cast<std::int64_t>(problem.structures.size()),
          "a kernel between the structures");
  linalg::require_finite(kernel, "the kernel matrix");
  const auto& grid = kernel.grid();
  const FoldTargets targets(grid.all(), problem);
  const Validation validation(grid, kernel.rows().block(), targets);
  std::vector<HeldOut> results;
  for (const double lambda : lambdas)
    results.push_back({lambda, {}, {}});
  if (method == ValidationMethod::inverse)
    by_inverses(std::move(kernel), problem, validation, results, progress);
  else
    by_eigenvectors(std::move(kernel), validation, results, progress);
  require_some(results);
  return results;
}

} // namespace soapstone::regression
