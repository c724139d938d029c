// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/regression/conjugate_gradient.hpp"

#include "soapstone/base/check.hpp"
#include "soapstone/base/text.hpp"

#include <cmath>
#include <numeric>

namespace soapstone::regression {

using kernel::CompactForm;
using Vector = std::vector<double>;

namespace {

double dot(const Vector& a, const Vector& b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

double root_mean_square(const Vector& a) {
  return a.empty() ? 0.0 : std::sqrt(dot(a, a) / static_cast<double>(a.size()));
}

/// y += factor x
void add_scaled(Vector& y, double factor, const Vector& x) {
  for (std::size_t i = 0; i < y.size(); ++i)
    y[i] += factor * x[i];
}

/// The operators of the problem, each two passes over the features.
class Operators {
public:
  Operators(const kernel::FeatureStore& store, const PrimalRidge& preconditioner,
            const soap::FeatureLayout& layout, const kernel::FeatureStore* probes)
      : store_(store), preconditioner_(preconditioner), probes_(probes),
        form_(preconditioner.columns().degree(), layout, 1) {}

  double lambda() const { return preconditioner_.lambda(); }

  /// K v, and in `on_probes` the prediction of the probes by coefficients v (without probes: K v itself).
  Vector kernel_times(const Vector& v, Vector& on_probes) {
    build_form(store_, v, form_);
    auto result = evaluate_form(store_, form_);
    on_probes = probes_ == nullptr ? result : evaluate_form(*probes_, form_);
    return result;
  }

  /// M^-1 r = (r - X (X^T X + lambda I)^-1 X^T r) / lambda
  Vector precondition(const Vector& r) {
    const auto& columns = preconditioner_.columns();
    build_form(store_, r, form_);
    const auto z = preconditioner_.solve(columns.gather(form_.values(0)));
    columns.scatter(z, form_.values(0));
    auto result = evaluate_form(store_, form_);
    for (std::size_t i = 0; i < r.size(); ++i)
      result[i] = (r[i] - result[i]) / lambda();
    return result;
  }

private:
  const kernel::FeatureStore& store_;
  const PrimalRidge& preconditioner_;
  const kernel::FeatureStore* probes_;
  CompactForm form_;
};

} // namespace

IterativeSolution solve_iteratively(const kernel::FeatureStore& store, const PrimalRidge& preconditioner,
                                    const soap::FeatureLayout& layout, std::span<const double> targets,
                                    const kernel::FeatureStore* probes, const IterationLimits& limits,
                                    const std::function<void(const IterationRecord&)>& watch) {
  Operators operators(store, preconditioner, layout, probes);
  const Vector y(targets.begin(), targets.end());
  const double norm = std::sqrt(dot(y, y));
  IterativeSolution solution{Vector(y.size(), 0.0), Vector(y.size(), 0.0), {}, 0.0, norm == 0};
  auto& x = solution.coefficients;
  Vector r = y, on_probes;
  Vector z = operators.precondition(r), p = z;
  double rz = dot(r, z);
  for (int iteration = 1; iteration <= limits.max_iterations && !solution.converged; ++iteration) {
    const Vector kp = operators.kernel_times(p, on_probes);
    Vector ap = kp;
    add_scaled(ap, operators.lambda(), p);
    const double alpha = rz / dot(p, ap);
    if (!std::isfinite(alpha))
      throw NumericalError(format(
          "the iterative solve broke down in iteration %d: raise regression.regularization", iteration));
    add_scaled(x, alpha, p);
    add_scaled(solution.fitted, alpha, kp);
    add_scaled(r, -alpha, ap);
    const IterationRecord record{iteration, std::sqrt(dot(r, r)) / norm,
                                 std::abs(alpha) * root_mean_square(on_probes)};
    const bool calm = record.prediction_change < limits.prediction_tolerance;
    solution.converged = calm && !solution.history.empty() &&
                         solution.history.back().prediction_change < limits.prediction_tolerance;
    solution.history.push_back(record);
    if (watch)
      watch(record);
    if (solution.converged)
      break;
    z = operators.precondition(r);
    const double rz_next = dot(r, z);
    const double beta = rz_next / rz;
    rz = rz_next;
    for (std::size_t i = 0; i < p.size(); ++i)
      p[i] = z[i] + beta * p[i];
  }
  Vector residual = y;
  add_scaled(residual, -1.0, operators.kernel_times(x, on_probes));
  add_scaled(residual, -operators.lambda(), x);
  solution.residual = norm == 0 ? 0.0 : std::sqrt(dot(residual, residual)) / norm;
  return solution;
}

} // namespace soapstone::regression
