// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/commands/session.hpp"
#include "soapstone/planning/calibration.hpp"
#include "soapstone/planning/run_plan.hpp"
#include "soapstone/report/report.hpp"
#include "soapstone/workflow/search_plan.hpp"
#include "soapstone/workflow/training_set.hpp"

#include <span>

namespace soapstone::commands {

// The plans of several commands share these. All functions are collective.

/// Returns the data of a command that learns. A dry run needs the targets that the run will need; `plan`
/// takes structures alone.
formats::DataSet load_planned(Session& session, const options::Configuration& configuration);

/// Returns a plan for this run's machine, or for that of plan.*, with the stages that have run already.
planning::RunPlan start_plan(Session& session);

/// Measures what structures like these take (stage "calibration").
planning::Rates measure_rates(Session& session, const std::vector<kernel::KernelSpec>& kernels,
                              std::span<const structure::Structure> structures);

/// Shows the plan, writes the report with `details`, and throws MemoryError where the need does not fit.
/// Returns the exit code.
int conclude_plan(Session& session, const planning::RunPlan& plan, const planning::Rates& rates,
                  const report::Json& details, const planning::NeedOn& need);

/// Plans the training of so many models, one after the other.
int plan_models(Session& session, planning::TrainingProblem problem, const workflow::DrawnData& data,
                int models);

/// Plans a cross-validation, or a search (which may be null) as so many cross-validations of its first point,
/// one after the other on all ranks.
int plan_evaluations(Session& session, const formats::DataSet& all, const workflow::SearchPlan* search);

/// Plans features of so many environments, maybe kernel values between `pairs` pairs of structures, and what
/// is written.
int plan_features_and_pairs(Session& session, const std::vector<kernel::KernelSpec>& kernels,
                            std::span<const structure::Structure> sample, double environments, double pairs,
                            const planning::NeedOn& need);

/// Returns the number of all atoms.
double environments_of(std::span<const structure::Structure> structures);

} // namespace soapstone::commands
