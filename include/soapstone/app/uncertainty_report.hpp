// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/app/error_bars.hpp"
#include "soapstone/app/report.hpp"

#include <optional>
#include <string>
#include <vector>

namespace soapstone::app {

/// "uncertainty" of the report: of the first target unit, count, within_one, within_two, within_interval_95
/// (or null), mean_standardized, rank_correlation, and `bins` with count, uncertainty, within_one,
/// within_interval_95, rmse, mae; of several targets all in `targets`, by name. Null where the first has no
/// references.
Json calibration_json(const std::vector<std::string>& names,
                      const std::vector<std::optional<Calibration>>& calibrations);

/// One line of it for the user.
std::string describe_calibration(const Calibration& calibration);

} // namespace soapstone::app
