// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/regression/primal.hpp"

#include "soapstone/base/check.hpp"
#include "soapstone/base/maximum.hpp"
#include "soapstone/base/text.hpp"
#include "soapstone/linalg/cholesky.hpp"
#include "soapstone/regression/krr.hpp"

#include <algorithm>
#include <functional>
#include <utility>

namespace soapstone::regression {

using kernel::CompactForm;

PrimalRidge::PrimalRidge(const kernel::PrimalTerms& terms, kernel::SumColumns columns, std::int64_t block,
                         const Progress& progress)
    : columns_(std::move(columns)),
      gram_(terms.front().store->grid(), columns_.count(), columns_.count(), block) {
  flops_ = kernel::accumulate_gram(terms, columns_, gram_, progress);
  linalg::require_finite(gram_, "the matrix of the primal problem");
}

void PrimalRidge::factorize(double lambda) {
  lambda_ = lambda;
  linalg::add_to_diagonal(gram_, lambda);
  linalg::mirror_lower_to_upper(gram_);
  diagonal_ = linalg::gather_diagonal(gram_);
  try {
    linalg::cholesky_factorize(gram_);
  } catch (const linalg::NotPositiveDefinite& failure) {
    throw NumericalError(
        format("the primal matrix of order %lld plus regularization is not positive definite (pivot %lld): "
               "`regularization` is too small for this problem, try ten times its value",
               static_cast<long long>(columns_.count()), static_cast<long long>(failure.pivot())));
  }
}

std::vector<double> PrimalRidge::solve(const std::vector<double>& right_hand_side) const {
  auto rhs = linalg::scatter(gram_.grid(), right_hand_side, columns_.count(), 1, gram_.rows().block());
  linalg::cholesky_solve(gram_, rhs);
  return linalg::gather(rhs);
}

double PrimalRidge::backward_error(const std::vector<double>& right_hand_side,
                                   const std::vector<double>& solution) const {
  return linalg::solve_residual(gram_, diagonal_, right_hand_side, solution, 1).backward_error;
}

namespace {

using Forms = std::vector<CompactForm>;

/// Adds (X^T X + lambda I)^-1 (X^T r - lambda w), r = y - X w, to the weights w in `forms`. r and lambda w
/// are small, so that little is lost in their difference: what remains is rounding over the root of lambda,
/// not over lambda as by way of the dual coefficients.
void refine(const kernel::PrimalTerms& terms, const PrimalRidge& ridge, const std::vector<double>& targets,
            Forms& forms) {
  auto residuals = kernel::evaluate_forms(terms, forms);
  std::transform(targets.begin(), targets.end(), residuals.begin(), residuals.begin(), std::minus<>());
  auto gradients = forms;
  kernel::build_forms(terms, residuals, gradients);
  for (std::int64_t t = 0; t < forms.front().targets(); ++t) {
    auto weights = ridge.columns().gather(forms, t);
    auto step = ridge.columns().gather(gradients, t);
    for (std::size_t f = 0; f < weights.size(); ++f)
      step[f] -= ridge.lambda() * weights[f];
    step = ridge.solve(step);
    std::transform(weights.begin(), weights.end(), step.begin(), weights.begin(), std::plus<>());
    ridge.columns().scatter(weights, t, forms);
  }
}

} // namespace

double solve_primal(const kernel::PrimalTerms& terms, const PrimalRidge& ridge,
                    const std::vector<double>& targets, Forms& forms) {
  constexpr int refinements = 2; // always, since a decision by the residual would be one by rounding
  kernel::build_forms(terms, targets, forms);
  double worst = 0;
  for (std::int64_t t = 0; t < forms.front().targets(); ++t) {
    const auto rhs = ridge.columns().gather(forms, t);
    const auto weights = ridge.solve(rhs);
    const double error = ridge.backward_error(rhs, weights);
    require_accurate(error, "primal matrix");
    worst = max_or_nan(worst, error);
    ridge.columns().scatter(weights, t, forms);
  }
  for (int i = 0; i < refinements; ++i)
    refine(terms, ridge, targets, forms);
  return worst;
}

std::int64_t primal_memory(std::int64_t structures, std::int64_t form, std::int64_t columns,
                           std::int64_t targets) {
  constexpr std::int64_t vectors = 4; // values and residuals; weights, right-hand side, steps and solutions
  return static_cast<std::int64_t>(sizeof(double)) *
         (2 * form * targets + vectors * (structures * targets + columns));
}

} // namespace soapstone::regression
