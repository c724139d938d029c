// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/regression/weights.hpp"

#include "fold_batches.hpp"
#include "soapstone/base/check.hpp"
#include "soapstone/base/error.hpp"
#include "soapstone/linalg/products.hpp"
#include "soapstone/parallel/collectives.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

namespace soapstone::regression {

using linalg::DistributedMatrix;
using linalg::Op;

namespace {

/// Collective. Sum of the products of all elements.
double dot(const DistributedMatrix& a, const DistributedMatrix& b) {
  const double mine = std::inner_product(a.local().begin(), a.local().end(), b.local().begin(), 0.0);
  return parallel::all_reduce(a.grid().all(), mine);
}

DistributedMatrix weighted_sum(const std::vector<DistributedMatrix>& kernels,
                               const std::vector<double>& weights) {
  auto sum = kernels.front();
  for (double& value : sum.local())
    value *= weights.front();
  for (std::size_t i = 1; i < kernels.size(); ++i)
    for (std::size_t j = 0; j < sum.local().size(); ++j)
      sum.local()[j] += weights[i] * kernels[i].local()[j];
  return sum;
}

double mean_diagonal_of(const DistributedMatrix& kernel) {
  const auto diagonal = linalg::gather_diagonal(kernel);
  return std::accumulate(diagonal.begin(), diagonal.end(), 0.0) / static_cast<double>(diagonal.size());
}

/// lambda as a function of the weights: constant, or rho sum_i w_i d_i with the mean diagonals d_i.
class LambdaRule {
public:
  LambdaRule(const std::vector<DistributedMatrix>& kernels, double value, LambdaScale scale)
      : value_(value), scale_(scale) {
    for (const auto& kernel : kernels)
      diagonals_.push_back(mean_diagonal_of(kernel));
  }
  double mean_diagonal(const std::vector<double>& weights) const {
    return std::inner_product(weights.begin(), weights.end(), diagonals_.begin(), 0.0);
  }
  double lambda(const std::vector<double>& weights) const {
    return scale_ == LambdaScale::absolute ? value_ : value_ * mean_diagonal(weights);
  }
  double derivative(std::size_t i) const { ///< d lambda / d w_i
    return scale_ == LambdaScale::absolute ? 0.0 : value_ * diagonals_[i];
  }

private:
  double value_;
  LambdaScale scale_;
  std::vector<double> diagonals_;
};

} // namespace

class ValidationObjective::Parts {
public:
  Parts(const std::vector<DistributedMatrix>& kernels, const ValidationProblem& problem)
      : kernels_(kernels), name_(problem.name), grid_(kernels.front().grid()),
        block_(kernels.front().rows().block()), targets_(grid_.all(), problem),
        batches_(batches_of(targets_.folds())) {}

  ValidationLoss evaluate(const std::vector<double>& weights, double lambda) const {
    expects(weights.size() == kernels_.size(), "one weight per kernel");
    KernelRidge ridge(weighted_sum(kernels_, weights), lambda, name_, LambdaScale::absolute);
    ridge.factorize();
    const auto inverse = std::move(ridge).inverse();
    return derive(inverse);
  }

private:
  std::int64_t n() const { return targets_.structures(); }
  std::size_t at(std::int64_t structure, std::int64_t target) const {
    return static_cast<std::size_t>(structure + n() * target);
  }

  /// -(G_ff)^-1 r_f of all folds, structures x targets; r structures x (folds x targets).
  std::vector<double> solve_folds(const DistributedMatrix& inverse, const DistributedMatrix& r) const {
    std::vector<double> all(static_cast<std::size_t>(n() * targets_.targets()));
    for (const auto& batch : batches_) {
      DistributedMatrix block(grid_, batch.size(), batch.size(), block_);
      DistributedMatrix part(grid_, batch.size(), (batch.last - batch.first) * targets_.targets(), block_);
      linalg::copy_part(inverse, batch.begin, batch.begin, block);
      linalg::copy_part(r, batch.begin, batch.first * targets_.targets(), part);
      const auto values = solve_batch(targets_, batch, std::move(block), std::move(part));
      for (std::int64_t t = 0; t < targets_.targets(); ++t)
        std::copy_n(values.begin() + t * batch.size(), batch.size(),
                    all.begin() + static_cast<std::ptrdiff_t>(at(batch.begin, t)));
    }
    return all;
  }

  /// Adds values (structures x targets) to the rows of their folds: columns (f, t) += E_f values_f.
  void add_in_folds(const std::vector<double>& values, DistributedMatrix& columns) const {
    for (std::int64_t col = 0; col < columns.cols().local_size(); ++col) {
      const auto column = columns.cols().to_global(col);
      const auto fold = column / targets_.targets(), target = column % targets_.targets();
      const auto end = columns.rows().mine_below(targets_.folds().end(fold));
      for (auto row = columns.rows().mine_below(targets_.folds().begin(fold)); row < end; ++row)
        columns.at_local(row, col) += values[at(columns.rows().to_global(row), target)];
    }
  }

  DistributedMatrix multiplied(const DistributedMatrix& inverse, const DistributedMatrix& columns) const {
    DistributedMatrix product(grid_, n(), columns.cols().size(), block_);
    linalg::multiply(Op::none, Op::none, 1.0, inverse, columns, 0.0, product);
    return product;
  }

  /// Loss and derivatives from G. With predictions p_f of the held-out fold, beta_f = y_f - p_f, and b_f = G
  /// (t + E_f p_f): what the model without f explains exactly on all structures.
  ValidationLoss derive(const DistributedMatrix& inverse) const {
    auto columns = targets_.columns(grid_, block_, 0, targets_.folds().count());
    const auto predicted = solve_folds(inverse, multiplied(inverse, columns));
    const auto errors = errors_of(predicted);
    add_in_folds(predicted, columns);
    const auto b = multiplied(inverse, columns);

    DistributedMatrix negative(grid_, n(), columns.cols().size(), block_), v = negative;
    std::vector<double> minus(errors.size());
    std::transform(errors.begin(), errors.end(), minus.begin(), std::negate<>());
    add_in_folds(minus, negative);
    add_in_folds(solve_folds(inverse, negative), v);
    const auto a = multiplied(inverse, v);

    ValidationLoss result;
    result.loss = std::inner_product(errors.begin(), errors.end(), errors.begin(), 0.0);
    result.lambda = -2 * dot(a, b);
    for (const auto& kernel : kernels_) {
      linalg::symmetric_multiply(linalg::Triangle::lower, 1.0, kernel, b, 0.0, v);
      result.weights.push_back(-2 * dot(a, v));
    }
    return result;
  }

  std::vector<double> errors_of(const std::vector<double>& predicted) const {
    std::vector<double> errors(predicted.size());
    for (std::int64_t t = 0; t < targets_.targets(); ++t)
      for (std::int64_t fold = 0; fold < targets_.folds().count(); ++fold)
        for (auto s = targets_.folds().begin(fold); s < targets_.folds().end(fold); ++s)
          errors[at(s, t)] = targets_.deviation(fold, t, s) - predicted[at(s, t)];
    return errors;
  }

  const std::vector<DistributedMatrix>& kernels_;
  KernelRidge::NameStructure name_;
  const linalg::ProcessGrid& grid_;
  std::int64_t block_;
  FoldTargets targets_;
  std::vector<Batch> batches_;
};

ValidationObjective::ValidationObjective(const std::vector<DistributedMatrix>& kernels,
                                         const ValidationProblem& problem) {
  expects(!kernels.empty(), "at least one kernel");
  parts_ = std::make_unique<Parts>(kernels, problem);
}

ValidationObjective::~ValidationObjective() = default;

ValidationLoss ValidationObjective::operator()(const std::vector<double>& weights, double lambda) const {
  return parts_->evaluate(weights, lambda);
}

OptimizedWeights optimize_weights(const std::vector<DistributedMatrix>& kernels,
                                  const ValidationProblem& problem, std::vector<double> weights,
                                  double lambda, LambdaScale scale, const MinimizeOptions& options,
                                  const std::function<void(const WeightStep&)>& on_step) {
  expects(weights.size() == kernels.size(), "one weight per kernel");
  if (std::any_of(weights.begin(), weights.end(), [](double weight) { return !(weight > 0); }))
    throw ConfigError("weights are optimised on a logarithmic scale: each must start above 0",
                      "kernel.N.weight");
  const LambdaRule rule(kernels, lambda, scale);
  const ValidationObjective objective(kernels, problem);
  OptimizedWeights result;
  // ln L as a function of ln w: dimensionless, and its gradient of order 1 far from the minimum.
  const auto value = [&](const std::vector<double>& logarithms, std::vector<double>& gradient) {
    WeightStep step;
    for (const double logarithm : logarithms)
      step.weights.push_back(std::exp(logarithm));
    const auto found = objective(step.weights, rule.lambda(step.weights));
    for (std::size_t i = 0; i < gradient.size(); ++i)
      gradient[i] = step.weights[i] * (found.weights[i] + found.lambda * rule.derivative(i)) / found.loss;
    step.loss = found.loss;
    if (on_step)
      on_step(step);
    result.history.push_back(std::move(step));
    return std::log(found.loss);
  };
  for (double& weight : weights)
    weight = std::log(weight);
  const auto minimum = minimize(std::move(weights), value, options);
  for (const double logarithm : minimum.x)
    result.weights.push_back(std::exp(logarithm));
  result.loss_before = result.history.front().loss;
  result.loss = std::exp(minimum.value);
  result.regularization = rule.lambda(result.weights) / rule.mean_diagonal(result.weights);
  result.iterations = minimum.iterations;
  result.converged = minimum.converged;
  result.reason = minimum.reason;
  return result;
}

} // namespace soapstone::regression
