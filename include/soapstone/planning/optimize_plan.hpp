// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/kernel/gradient_choice.hpp"
#include "soapstone/options/options.hpp"
#include "soapstone/planning/run_plan.hpp"
#include "soapstone/planning/solver_plan.hpp"
#include "soapstone/regression/folds.hpp"
#include "soapstone/search/hyperparameter_loss.hpp"

#include <span>
#include <vector>

namespace soapstone::planning {

/// Returns what `optimize` works on: the species coupling starts from eq. 20 where nothing else is said and u
/// is among optimize.parameters. Throws ConfigError for soap.precision = float32.
options::Configuration optimized_configuration(options::Configuration configuration);

/// An optimisation, as far as memory and time depend on it.
struct OptimizationProblem {
  OptimizationProblem(const options::Configuration& configuration,
                      const std::vector<kernel::KernelSpec>& kernels,
                      std::span<const structure::Structure> structures, const regression::Folds& folds);

  TrainingProblem training; ///< of all structures, for features and kernel
  options::OptimizeOptions wanted;
  std::int64_t densities = 0;                  ///< bytes, of all kernels and ranks, if all are kept
  std::int64_t folds = 0;                      ///< how many
  std::vector<kernel::GradientSize> gradients; ///< of the kernels with zeta >= 2
  std::int64_t back = 0; ///< of gradients in full features at once, on the way back through soap.contraction
};

/// Returns what it may use of a rank's memory on this machine: features and densities beyond that are
/// computed again.
search::LossOptions loss_options(const OptimizationProblem& problem, const Machine& machine);

/// Returns what it takes then.
MemoryNeed optimization_need(const OptimizationProblem& problem, const Machine& machine);

/// Adds its stages, timed as those of a training; each is gone through once per evaluation of the loss.
void plan_optimization(const OptimizationProblem& problem, const Rates& rates, RunPlan& plan);

} // namespace soapstone::planning
