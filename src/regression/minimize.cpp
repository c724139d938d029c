// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/regression/minimize.hpp"

#include "soapstone/base/check.hpp"
#include "soapstone/base/error.hpp"

#include <algorithm>
#include <cmath>
#include <exception>
#include <lbfgs.h>
#include <limits>
#include <memory>

namespace soapstone::regression {

namespace {

/// Holds what the C callbacks work on. No exception may pass through the library.
class Search {
public:
  Search(const Objective& objective, std::size_t size, const std::function<void(double)>& on_iteration)
      : objective_(objective), on_iteration_(on_iteration), x_(size), gradient_(size) {}

  static lbfgsfloatval_t evaluate(void* self, const lbfgsfloatval_t* x, lbfgsfloatval_t* gradient, int n,
                                  lbfgsfloatval_t) {
    return static_cast<Search*>(self)->evaluate(x, gradient, n);
  }
  static int progress(void* self, const lbfgsfloatval_t* x, const lbfgsfloatval_t*, lbfgsfloatval_t value,
                      lbfgsfloatval_t, lbfgsfloatval_t, lbfgsfloatval_t, int, int iteration, int) {
    auto& search = *static_cast<Search*>(self);
    if (search.failure)
      return 1;
    search.best.iterations = iteration;
    search.best.x.assign(x, x + search.x_.size()); // not a lower point that the line search passed over
    search.best.value = value;
    search.accept();
    return 0;
  }

  /// A line search that fails ends in the lowest point that it found, if it improved anything.
  void end() {
    if (best.value < accepted_)
      accept();
  }

  Minimum best;
  std::exception_ptr failure;

private:
  void accept() {
    accepted_ = best.value;
    if (on_iteration_)
      on_iteration_(accepted_);
  }

  double evaluate(const double* x, double* gradient, int n) {
    std::fill_n(gradient, n, 0.0);
    if (failure)
      return std::numeric_limits<double>::infinity();
    try {
      std::copy_n(x, x_.size(), x_.begin()); // n may be rounded up for vector instructions
      const double value = objective_(x_, gradient_);
      ++best.evaluations;
      if (!std::isfinite(value)) {
        if (best.x.empty())
          throw NumericalError("the objective has no value at the start");
        return std::numeric_limits<double>::infinity();
      }
      std::copy(gradient_.begin(), gradient_.end(), gradient);
      if (best.x.empty())
        accepted_ = value;
      if (best.x.empty() || value < best.value) {
        best.x = x_;
        best.value = value;
      }
      return value;
    } catch (...) {
      failure = std::current_exception();
    }
    return std::numeric_limits<double>::infinity();
  }

  const Objective& objective_;
  const std::function<void(double)>& on_iteration_;
  std::vector<double> x_, gradient_;
  double accepted_ = 0; ///< value at the start, then after every iteration
};

struct FreeVector {
  void operator()(lbfgsfloatval_t* values) const { lbfgs_free(values); }
};

std::string reason_of(int status) {
  switch (status) {
  case LBFGS_SUCCESS:
    return "the gradient vanishes";
  case LBFGS_STOP:
    return "the value no longer changes";
  case LBFGS_ALREADY_MINIMIZED:
    return "the start is a minimum";
  case LBFGSERR_MAXIMUMITERATION:
    return "the maximum number of iterations is reached";
  default: // line searches that end in rounding
    return "no step improves the value";
  }
}

} // namespace

Minimum minimize(std::vector<double> start, const Objective& objective, const MinimizeOptions& options) {
  if (start.empty())
    return {{}, 0, 0, 0, true, "nothing to optimise"};
  const auto n = narrow<int>(static_cast<std::int64_t>(start.size()), "a number of variables");
  lbfgs_parameter_t parameters;
  lbfgs_parameter_init(&parameters);
  parameters.m = options.memory;
  parameters.epsilon = options.tolerance;
  parameters.max_iterations = options.max_iterations;
  // Backtracking copes with places without a value, which are infinite.
  parameters.linesearch = LBFGS_LINESEARCH_BACKTRACKING_WOLFE;
  const std::unique_ptr<lbfgsfloatval_t, FreeVector> x(lbfgs_malloc(n));
  if (!x)
    throw ResourceError("no memory for the variables of a minimisation");
  std::copy(start.begin(), start.end(), x.get());
  Search search(objective, start.size(), options.on_iteration);
  const int status = lbfgs(n, x.get(), nullptr, Search::evaluate, Search::progress, &search, &parameters);
  if (search.failure)
    std::rethrow_exception(search.failure);
  expects(!search.best.x.empty(), "L-BFGS accepts its parameters");
  search.end();
  search.best.converged =
      status == LBFGS_SUCCESS || status == LBFGS_STOP || status == LBFGS_ALREADY_MINIMIZED;
  search.best.reason = reason_of(status);
  return std::move(search.best);
}

} // namespace soapstone::regression
