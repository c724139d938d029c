// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/app/report.hpp"
#include "soapstone/app/run_plan.hpp"

#include <string>

namespace soapstone::app {

/// "plan" of the report.
Json plan_json(const RunPlan& plan);

/// The same for reading.
std::string plan_table(const RunPlan& plan);

/// "calibration" of a plan.
Json rates_json(const Rates& rates);

} // namespace soapstone::app
