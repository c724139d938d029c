// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/app/report.hpp"

#include <span>
#include <string>
#include <vector>

namespace soapstone::app {

/// How well error bars tell the errors of one target: energies and uncertainties in eV per structure;
/// structures without a reference (NaN) do not count. `count`; `within_one`, `within_two`: shares of errors
/// of at most one and two uncertainties (0.683 and 0.954 of a normal distribution); `mean_standardized`: mean
/// of |error| / uncertainty over that of a normal distribution; `rank_correlation` (Spearman's) of |error|
/// and uncertainty; `bins`: up to 10 of as many structures each, by uncertainty: `count`, `uncertainty` and
/// `rmse` (root mean squares), `mae`. Null without any reference.
Json calibration_json(std::span<const double> predicted, std::span<const double> reference,
                      std::span<const double> uncertainty);

/// The first target's, and of several all in `targets`, by name.
Json calibration_json(const std::vector<std::string>& names,
                      const std::vector<std::vector<double>>& predicted,
                      const std::vector<std::vector<double>>& reference,
                      const std::vector<std::vector<double>>& uncertainty);

/// One line of it for the user; empty for null.
std::string describe_calibration(const Json& calibration);

} // namespace soapstone::app
