// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/regression/conjugate_gradient.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace soapstone::workflow {

/// Records how the iterations for one target went.
struct TargetIterations {
  std::string name; ///< of the target
  bool converged = false;
  double residual = 0; ///< true relative residual at the end
  std::vector<regression::IterationRecord> history;
};

/// Records how far an iterative solution of several targets has come.
struct IterationProgress {
  std::int64_t target = 0;                  ///< under way; those before it are solved
  std::vector<double> coefficients, fitted; ///< of the solved ones, structures x target
  std::vector<TargetIterations> solved;     ///< as many as there are targets before `target`
  regression::IterationState state;         ///< of the one under way
};

/// Key -> value of all that a checkpoint depends on.
using TrainingIdentity = std::map<std::string, std::string>;

} // namespace soapstone::workflow
