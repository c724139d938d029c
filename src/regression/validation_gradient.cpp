// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/regression/validation_gradient.hpp"

#include "fold_derivatives.hpp"
#include "soapstone/regression/krr.hpp"

#include <numeric>
#include <utility>

namespace soapstone::regression {

class ValidationLossGradient::Parts {
public:
  Parts(const parallel::Communicator& comm, const ValidationProblem& problem, const ErrorLoss& of_errors)
      : targets(comm, problem), name(problem.name), loss(of_errors) {}
  FoldTargets targets;
  NameStructure name;
  ErrorLoss loss;
};

ValidationLossGradient::ValidationLossGradient(const parallel::Communicator& comm,
                                               const ValidationProblem& problem, const ErrorLoss& loss)
    : parts_(std::make_unique<const Parts>(comm, problem, loss)) {}

ValidationLossGradient::~ValidationLossGradient() = default;

ValidationSlope ValidationLossGradient::operator()(linalg::DistributedMatrix kernel,
                                                   double regularization) const {
  KernelRidge ridge(std::move(kernel), regularization, parts_->name);
  const double mean_diagonal = ridge.mean_diagonal();
  ValidationSlope slope;
  slope.lambda = ridge.lambda();
  ridge.factorize();
  const auto inverse = std::move(ridge).inverse();
  slope.backward_error = inverse.backward_error;
  auto found = differentiate_folds(inverse.matrix, parts_->targets, parts_->loss);
  for (const double error : found.errors)
    slope.loss += parts_->loss.value(error);
  slope.errors = std::move(found.errors);
  auto& dk = slope.dk;
  dk.structures = parts_->targets.structures();
  dk.columns = found.a.cols().size();
  dk.a = linalg::gather(found.a);
  dk.b = linalg::gather(found.b);
  // lambda = regularization x trace K / n, so that its slope acts on every diagonal element too.
  const double by_lambda = -std::inner_product(dk.a.begin(), dk.a.end(), dk.b.begin(), 0.0);
  slope.regularization = by_lambda * mean_diagonal;
  dk.diagonal = by_lambda * regularization / static_cast<double>(dk.structures);
  return slope;
}

} // namespace soapstone::regression
