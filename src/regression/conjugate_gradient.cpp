// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/regression/conjugate_gradient.hpp"

#include "soapstone/base/check.hpp"
#include "soapstone/base/text.hpp"
#include "soapstone/parallel/collectives.hpp"

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

/// The operators of the problem, each two passes over the features; those of the preconditioner are over the
/// few columns of the forms that its products lie in (the first of uncorrelated features make most of them).
class Operators {
public:
  Operators(const kernel::PrimalTerms& terms, const PrimalRidge& preconditioner,
            const kernel::PrimalTerms& monitor)
      : terms_(terms), preconditioner_(preconditioner), monitor_(monitor),
        forms_(kernel::zero_forms(terms, 1)) {}

  double lambda() const { return preconditioner_.lambda(); }

  /// K v, and in `on_monitor` the prediction for the monitor set by coefficients v (without one: K v itself).
  Vector kernel_times(const Vector& v, Vector& on_monitor) {
    for (auto& form : forms_)
      use_columns(form, form.width());
    build_forms(terms_, v, forms_);
    auto result = evaluate_forms(terms_, forms_);
    on_monitor = monitor_.empty() ? result : evaluate_forms(monitor_, forms_);
    return result;
  }

  /// M^-1 r = (r - X (X^T X + lambda I)^-1 X^T r) / lambda
  Vector precondition(const Vector& r) {
    const auto& columns = preconditioner_.columns();
    for (std::size_t k = 0; k < forms_.size(); ++k)
      use_columns(forms_[k], columns.of(k).form_columns());
    build_forms(terms_, r, forms_);
    columns.scatter(preconditioner_.solve(columns.gather(forms_, 0)), 0, forms_);
    auto result = evaluate_forms(terms_, forms_);
    for (std::size_t i = 0; i < r.size(); ++i)
      result[i] = (r[i] - result[i]) / lambda();
    return result;
  }

private:
  static void use_columns(CompactForm& form, std::int64_t count) {
    if (form.degree() == 2)
      form.limit_columns(count);
  }

  const kernel::PrimalTerms& terms_;
  const PrimalRidge& preconditioner_;
  const kernel::PrimalTerms& monitor_;
  std::vector<CompactForm> forms_;
};

IterationState start(Operators& operators, const Vector& y) {
  IterationState state{Vector(y.size(), 0.0), Vector(y.size(), 0.0), y, operators.precondition(y), 0, {}};
  state.rz = dot(state.r, state.p);
  return state;
}

/// One step along p; what it did.
IterationRecord advance(Operators& operators, double norm, IterationState& s) {
  const int iteration = static_cast<int>(s.history.size()) + 1;
  Vector on_monitor;
  const Vector kp = operators.kernel_times(s.p, on_monitor);
  Vector ap = kp;
  add_scaled(ap, operators.lambda(), s.p);
  const double alpha = s.rz / dot(s.p, ap);
  if (!std::isfinite(alpha))
    throw NumericalError(
        format("the iterative solve broke down in iteration %d: raise `regularization`", iteration));
  add_scaled(s.x, alpha, s.p);
  add_scaled(s.fitted, alpha, kp);
  add_scaled(s.r, -alpha, ap);
  return {iteration, std::sqrt(dot(s.r, s.r)) / norm, std::abs(alpha) * root_mean_square(on_monitor)};
}

/// The next direction.
void turn(Operators& operators, IterationState& s) {
  const Vector z = operators.precondition(s.r);
  const double rz = dot(s.r, z), beta = rz / s.rz;
  s.rz = rz;
  for (std::size_t i = 0; i < s.p.size(); ++i)
    s.p[i] = z[i] + beta * s.p[i];
}

/// Returns whether the last two iterations moved the predictions by less than the tolerance.
bool settled(const std::vector<IterationRecord>& history, double tolerance) {
  const auto n = history.size();
  return n > 1 && history[n - 1].prediction_change < tolerance &&
         history[n - 2].prediction_change < tolerance;
}

/// Returns whether a relative residual is below `bound`, or whether the residual is negligible, given the
/// root mean square `targets` of the targets.
bool small_residual(double residual, double bound, double targets) {
  return residual <= bound || residual * targets <= negligible_residual;
}

double true_residual(Operators& operators, const Vector& y, const Vector& x) {
  Vector residual = y, on_monitor;
  add_scaled(residual, -1.0, operators.kernel_times(x, on_monitor));
  add_scaled(residual, -operators.lambda(), x);
  return std::sqrt(dot(residual, residual) / dot(y, y));
}

[[noreturn]] void refuse(double residual, const IterationRecord& last) {
  throw NumericalError(format(
      "the iterative solve is not accurate: after %d iterations its relative residual is %.2g (limit %.2g; "
      "%.2g by recurrence). Raise `preconditioner_columns`, `max_iterations` or "
      "`regularization`",
      last.iteration, residual, max_relative_residual, last.residual));
}

} // namespace

IterativeSolution solve_iteratively(const kernel::PrimalTerms& terms, const PrimalRidge& preconditioner,
                                    std::span<const double> targets, const kernel::PrimalTerms& monitor,
                                    const IterationLimits& limits,
                                    const std::function<void(const IterationRecord&)>& watch,
                                    const IterationContinuation& continuation) {
  Operators operators(terms, preconditioner, monitor);
  const Vector y(targets.begin(), targets.end());
  const double norm = std::sqrt(dot(y, y));
  if (norm == 0)
    return {Vector(y.size(), 0.0), Vector(y.size(), 0.0), {}, 0.0, true};
  auto state = continuation.from != nullptr ? *continuation.from : start(operators, y);
  expects(state.x.size() == y.size(), "a state of as many structures");
  const auto is_small = [&](double residual, double bound) {
    return small_residual(residual, bound, root_mean_square(y));
  };
  const auto& comm =
      terms.front().store->grid().all(); // rank 0 decides, so that all ranks make the same iterations
  int converged = 0;
  while (converged == 0 && static_cast<int>(state.history.size()) < limits.max_iterations) {
    state.history.push_back(advance(operators, norm, state));
    converged = settled(state.history, limits.prediction_tolerance) &&
                        is_small(state.history.back().residual, max_settled_residual)
                    ? 1
                    : 0;
    parallel::broadcast(comm, converged);
    if (watch)
      watch(state.history.back());
    if (converged != 0)
      break;
    turn(operators, state);
    if (continuation.keep)
      continuation.keep(state);
  }
  double residual = true_residual(operators, y, state.x);
  parallel::broadcast(comm, residual);
  if (!is_small(residual, max_relative_residual))
    refuse(residual, state.history.back());
  return {std::move(state.x), std::move(state.fitted), std::move(state.history), residual,
          converged != 0 && is_small(residual, max_settled_residual)};
}

std::int64_t iteration_memory(std::int64_t structures, std::int64_t form, std::int64_t columns) {
  constexpr std::int64_t vectors = 9; // y, the state, K p, A p, the values of a form and what is made of them
  return static_cast<std::int64_t>(sizeof(double)) * (2 * form + vectors * structures + 4 * columns);
}

} // namespace soapstone::regression
