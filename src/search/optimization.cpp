// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/search/optimization.hpp"

#include "soapstone/base/check.hpp"
#include "soapstone/base/error.hpp"
#include "soapstone/parallel/agree.hpp"
#include "soapstone/regression/minimize.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace soapstone::search {

namespace {

constexpr double no_value = std::numeric_limits<double>::infinity();

/// Returns whether L-BFGS can go on from there.
bool has_value(const Evaluation& found) {
  const auto is_finite = [](double value) { return std::isfinite(value); };
  return is_finite(found.objective) && found.objective > 0 &&
         std::all_of(found.gradient.begin(), found.gradient.end(), is_finite);
}

/// The objective of one cycle: known evaluations in their order, then new ones.
class Cycle {
public:
  Cycle(Optimization& state, const DifferentiableObjective& objective,
        const std::function<void(const std::vector<double>&)>& after_evaluation, std::vector<double> history)
      : state_(state), objective_(objective), after_(after_evaluation), history_(std::move(history)) {}

  /// ln(objective) and its gradient; infinite where there is none.
  double operator()(const std::vector<double>& x, std::vector<double>& gradient) {
    const Evaluation& found = next(x);
    if (!has_value(found)) {
      if (at_ == 1)
        throw NumericalError("the loss has no value at the start, or no gradient");
      return no_value;
    }
    for (std::size_t i = 0; i < gradient.size(); ++i)
      gradient[i] = found.gradient[i] / found.objective;
    if (history_.empty())
      history_.push_back(found.objective);
    return std::log(found.objective);
  }

  void iterated(double logarithm) { history_.push_back(std::exp(logarithm)); }
  const std::vector<double>& history() const { return history_; }

private:
  const Evaluation& next(const std::vector<double>& x) {
    if (at_ < state_.evaluations.size() && state_.evaluations[at_].x == x)
      return state_.evaluations[at_++];
    state_.evaluations.resize(at_); // of a machine that rounds differently
    state_.evaluations.push_back(evaluate(x));
    ++at_;
    after_(history_);
    return state_.evaluations.back();
  }

  Evaluation evaluate(const std::vector<double>& x) {
    try {
      return objective_(x);
    } catch (const parallel::AgreedError& error) {
      if (error.code() != ExitCode::numerical || at_ == 0) // at the start there is no shorter step
        throw;
      return {x, no_value, {}};
    }
  }

  Optimization& state_;
  const DifferentiableObjective& objective_;
  const std::function<void(const std::vector<double>&)>& after_;
  std::vector<double> history_;
  std::size_t at_ = 0;
};

std::int64_t evaluations_of(const Optimization& state) {
  return state.finished_evaluations + static_cast<std::int64_t>(state.evaluations.size());
}

/// Returns the result of the finished cycles alone.
OptimizationResult result_so_far(const Optimization& state) {
  return {state.start,           state.history, state.history.back(),
          evaluations_of(state), false,         "the maximum number of iterations is reached"};
}

} // namespace

OptimizationResult run_optimization(Optimization& state, const DifferentiableObjective& objective,
                                    const OptimizationOptions& options,
                                    const std::function<void(const std::vector<double>&)>& after_evaluation) {
  expects(options.iterations > 0, "at least one iteration");
  OptimizationResult result;
  for (;;) {
    const int done = static_cast<int>(state.history.size()) - (state.history.empty() ? 0 : 1);
    const int left = options.iterations - done;
    if (left <= 0)
      return result_so_far(state);
    Cycle cycle(state, objective, after_evaluation, state.history);
    regression::MinimizeOptions minimize;
    minimize.max_iterations = options.restart > 0 ? std::min(options.restart, left) : left;
    minimize.tolerance = options.tolerance;
    minimize.on_iteration = [&](double value) { cycle.iterated(value); };
    const auto found = regression::minimize(
        state.start, [&](const auto& x, auto& gradient) { return cycle(x, gradient); }, minimize);
    result = {found.x,         cycle.history(), std::exp(found.value), evaluations_of(state),
              found.converged, found.reason};
    const bool finished = found.converged || found.iterations == 0 ||
                          static_cast<int>(result.history.size()) > options.iterations;
    if (finished)
      return result;
    state.start = found.x;
    state.history = result.history;
    state.finished_evaluations = result.evaluations;
    state.evaluations.clear();
    ++state.cycles;
  }
}

} // namespace soapstone::search
