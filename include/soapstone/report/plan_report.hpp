// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/planning/run_plan.hpp"
#include "soapstone/report/report.hpp"

#include <string>

namespace soapstone::report {

/// "plan" of the report.
Json plan_json(const planning::RunPlan& plan);

/// Returns the same for reading.
std::string plan_table(const planning::RunPlan& plan);

/// "calibration" of a plan.
Json rates_json(const planning::Rates& rates);

} // namespace soapstone::report
