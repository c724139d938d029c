// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/regression/weights.hpp"

#include "fold_derivatives.hpp"
#include "soapstone/base/check.hpp"
#include "soapstone/base/error.hpp"
#include "soapstone/linalg/products.hpp"
#include "soapstone/parallel/agree.hpp"
#include "soapstone/parallel/collectives.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

namespace soapstone::regression {

using linalg::DistributedMatrix;

namespace {

/// Collective. Sum of the products of all elements.
double dot(const DistributedMatrix& a, const DistributedMatrix& b) {
  const double mine = std::inner_product(a.local().begin(), a.local().end(), b.local().begin(), 0.0);
  return parallel::all_reduce(a.grid().all(), mine);
}

/// lambda as a function of the weights: constant, or rho sum_i w_i d_i with the mean diagonals d_i.
class LambdaRule {
public:
  LambdaRule(const std::vector<DistributedMatrix>& kernels, double value, LambdaScale scale)
      : value_(value), scale_(scale) {
    for (const auto& kernel : kernels)
      diagonals_.push_back(linalg::mean_diagonal(kernel));
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
      : kernels_(kernels), name_(problem.name), targets_(kernels.front().grid().all(), problem) {}

  ValidationLoss evaluate(const std::vector<double>& weights, double lambda) const {
    expects(weights.size() == kernels_.size(), "one weight per kernel");
    KernelRidge ridge(linalg::weighted_sum(kernels_, weights), lambda, name_, LambdaScale::absolute);
    ridge.factorize();
    const auto inverse = std::move(ridge).inverse().matrix;
    return derive(inverse);
  }

private:
  ValidationLoss derive(const DistributedMatrix& inverse) const {
    const auto found = differentiate_folds(inverse, targets_);
    ValidationLoss result;
    result.loss = std::inner_product(found.errors.begin(), found.errors.end(), found.errors.begin(), 0.0);
    result.lambda = -2 * dot(found.a, found.b);
    auto product = found.b;
    for (const auto& kernel : kernels_) {
      linalg::symmetric_multiply(linalg::Triangle::lower, 1.0, kernel, found.b, 0.0, product);
      result.weights.push_back(-2 * dot(found.a, product));
    }
    return result;
  }

  const std::vector<DistributedMatrix>& kernels_;
  NameStructure name_;
  FoldTargets targets_;
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
    throw ConfigError("weights are optimised on a logarithmic scale: each must start above 0", "weight");
  const LambdaRule rule(kernels, lambda, scale);
  const ValidationObjective objective(kernels, problem);
  const auto meet = kernels.front().grid().all().duplicate(); // others may still be amid an evaluation
  OptimizedWeights result;
  // ln L as a function of ln w: dimensionless, and its gradient of order 1 far from the minimum.
  const auto value = [&](const std::vector<double>& logarithms, std::vector<double>& gradient) {
    WeightStep step;
    for (const double logarithm : logarithms)
      step.weights.push_back(std::exp(logarithm));
    ValidationLoss found;
    try {
      found = parallel::agree_after(meet, [&] { return objective(step.weights, rule.lambda(step.weights)); });
    } catch (const parallel::AgreedError& error) {
      if (error.code() != ExitCode::numerical || result.history.empty()) // no shorter step at the start
        throw;
      return std::numeric_limits<double>::infinity();
    }
    // All ranks use rank 0's values, so that they take the same steps.
    parallel::broadcast(meet, found.loss);
    parallel::broadcast(meet, found.lambda);
    parallel::broadcast(meet, found.weights);
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

std::int64_t weights_memory(const ValidationSize& size, linalg::GridShape grid) {
  const auto ranks = std::int64_t{grid.rows} * grid.cols;
  return 6 * static_cast<std::int64_t>(sizeof(double)) * size.structures *
         (size.folds * size.targets / ranks + 1);
}

} // namespace soapstone::regression
