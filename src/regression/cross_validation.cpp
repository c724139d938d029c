// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/regression/cross_validation.hpp"

#include "fold_batches.hpp"
#include "resolvent.hpp"
#include "soapstone/base/check.hpp"
#include "soapstone/base/error.hpp"
#include "soapstone/base/text.hpp"
#include "soapstone/linalg/cholesky.hpp"
#include "soapstone/regression/krr.hpp"

#include <algorithm>
#include <limits>
#include <numeric>
#include <utility>

namespace soapstone::regression {

using linalg::DistributedMatrix;

namespace {

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

  void run(const Resolvent& resolvent, std::span<HeldOut> results, const Progress& progress) const {
    for (auto& result : results)
      if (result.failure.empty())
        result.energies.assign(static_cast<std::size_t>(targets_.targets()),
                               std::vector<double>(static_cast<std::size_t>(targets_.structures())));
    for (const auto& batch : batches_of(targets_.folds())) {
      const auto prepared = resolvent.prepare(targets_.columns(grid_, block_, batch.first, batch.last));
      for (std::size_t i = 0; i < results.size(); ++i)
        if (results[i].failure.empty())
          attempt(results[i], [&] { predict(resolvent, i, batch, prepared, results[i]); });
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
  void predict(const Resolvent& resolvent, std::size_t i, const Batch& batch,
               const DistributedMatrix& prepared, HeldOut& result) const {
    DistributedMatrix product(grid_, batch.size(), prepared.cols().size(), block_);
    DistributedMatrix block(grid_, batch.size(), batch.size(), block_);
    resolvent.product(i, batch.begin, prepared, product);
    resolvent.block(i, batch.begin, block);
    const auto values = solve_batch(targets_, batch, std::move(block), std::move(product));
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
      auto found = std::move(ridge).inverse();
      results[i].backward_error = found.backward_error;
      const InverseResolvent inverse(std::move(found.matrix));
      validation.run(inverse, std::span(results).subspan(i, 1), part(progress, i, results.size()));
    });
  }
}

/// Returns the backward error of eigenvalues, n eps ||K||.
double rounding_of(const std::vector<double>& eigenvalues) {
  return static_cast<double>(eigenvalues.size()) * std::numeric_limits<double>::epsilon() *
         std::max(std::abs(eigenvalues.front()), std::abs(eigenvalues.back()));
}

/// Where K + lambda I is no more than rounding in some direction there is nothing to predict with.
void refuse_lost(const std::vector<double>& eigenvalues, std::vector<HeldOut>& results) {
  const double rounding = rounding_of(eigenvalues);
  for (auto& result : results)
    if (!(eigenvalues.front() + result.lambda > rounding))
      result.failure = format(
          "the kernel matrix plus regularization is not positive definite: its smallest eigenvalue, %.3g, "
          "does not exceed rounding errors (%.3g). Likely causes: duplicate structures, or a regularization "
          "too small for this kernel. Remove duplicates or raise `regularization`",
          eigenvalues.front() + result.lambda, rounding);
}

void by_eigenvectors(DistributedMatrix kernel, const Validation& validation, std::vector<HeldOut>& results,
                     const Progress& progress) {
  auto eigen = linalg::eigen_decompose(std::move(kernel));
  require_accurate(eigen.backward_error, "kernel matrix");
  for (auto& result : results)
    result.backward_error = eigen.backward_error;
  refuse_lost(eigen.values, results);
  // Eigenvalues that are nothing but rounding differ between grids, and a small lambda makes that visible.
  std::replace_if(
      eigen.values.begin(), eigen.values.end(),
      [rounding = rounding_of(eigen.values)](double value) { return std::abs(value) <= rounding; }, 0.0);
  std::vector<double> lambdas;
  lambdas.reserve(results.size());
  for (const auto& result : results)
    lambdas.push_back(result.lambda);
  const EigenResolvent resolvent(std::move(eigen), std::move(lambdas));
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
  results.reserve(lambdas.size());
  for (const double lambda : lambdas)
    results.push_back({lambda, {}, {}, 0});
  if (method == ValidationMethod::inverse)
    by_inverses(std::move(kernel), problem, validation, results, progress);
  else
    by_eigenvectors(std::move(kernel), validation, results, progress);
  require_some(results);
  return results;
}

std::int64_t validation_memory(const ValidationSize& size, std::int64_t largest, linalg::GridShape grid) {
  const auto folds = std::max<std::int64_t>(1, most_gathered / std::max<std::int64_t>(1, largest));
  const auto rows = std::max(most_gathered, largest);
  const auto block = 2 * rows * rows / (largest > most_gathered ? grid.rows * grid.cols : 1);
  constexpr std::int64_t elements = 16; // energies of a baseline, usually fewer
  return static_cast<std::int64_t>(sizeof(double)) *
         (3 * folds * size.targets * (size.structures + rows) / grid.rows + block +
          size.targets * (2 * size.structures * (size.lambdas + 1) + elements * size.folds));
}

} // namespace soapstone::regression
