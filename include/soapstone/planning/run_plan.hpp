// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/planning/calibration.hpp"
#include "soapstone/planning/checkpoint_value.hpp"
#include "soapstone/planning/solver_plan.hpp"

#include <optional>
#include <string>
#include <vector>

namespace soapstone::planning {

/// One stage as it is expected: time, and the bytes of the rank with most while it runs, the program and its
/// structures included.
struct PlannedStage {
  std::string name;
  double seconds = 0;
  std::int64_t bytes = 0;
};

/// Holds what a run will take.
struct RunPlan {
  options::Command command = options::Command::train;
  std::string solver; ///< or how it is validated; empty where nothing is solved
  Machine machine;
  std::int64_t program = 0;       ///< bytes of the program with its structures, measured
  MemoryNeed need;                ///< with the features that are kept
  std::int64_t feature_share = 0; ///< bytes of all features of the rank with most, kept or not
  std::vector<PlannedStage> stages;
  std::optional<KernelCheckpointValue> checkpoint; ///< train by Cholesky: of its kernel matrix

  std::int64_t peak() const; ///< bytes
  double seconds() const;
  std::int64_t nodes() const;
};

/// Stages of a training run, `repeats` times over (learning-curve). Times: features and kernel as calibrated;
/// Cholesky n^3/3 and the other matrix products at a share of DGEMM; rows gathered at 1 GB/s per rank.
void plan_training(const TrainingProblem& problem, const Rates& rates, int repeats, RunPlan& plan);

} // namespace soapstone::planning
