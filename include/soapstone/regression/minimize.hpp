// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace soapstone::regression {

/// Value of a function at x, and its gradient there (same length as x). Where it is not finite there is none,
/// and the search takes a shorter step.
using Objective = std::function<double(const std::vector<double>& x, std::vector<double>& gradient)>;

/// When L-BFGS ends.
struct MinimizeOptions {
  int max_iterations = 100;
  double tolerance = 1e-5; ///< stops when |gradient| is below this times max(1, |x|)
  int memory = 6;          ///< corrections kept
  std::function<void(double value)> on_iteration =
      nullptr; ///< after every iteration and a failed line search that improved; must not throw
};

/// Where it ended.
struct Minimum {
  std::vector<double> x; ///< after the last iteration, or the best one of a line search that failed
  double value = 0;
  int iterations = 0, evaluations = 0;
  bool converged = false;
  std::string reason; ///< why the search ended
};

/// Local minimum without constraints by L-BFGS (libLBFGS; Liu, Nocedal, Mathematical Programming 45, 503
/// (1989)) with a backtracking line search. Does not communicate: ranks that get the same values and
/// gradients take the same steps. libLBFGS because L-BFGS is all that is needed: it is small plain C under
/// the MIT licence and packaged by Debian, where GSL is under the GPL, and Ceres, NLopt and ensmallen bring
/// many more algorithms and dependencies. Exceptions of the objective end the search and are passed
/// on. Throws NumericalError where there is no value at the start.
Minimum minimize(std::vector<double> start, const Objective& objective, const MinimizeOptions& options = {});

} // namespace soapstone::regression
