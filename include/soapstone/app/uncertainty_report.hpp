// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/app/report.hpp"

#include <span>
#include <string>
#include <vector>

namespace soapstone::app {

/// Half widths in eV per structure, one vector per target: of the intervals that 68.3 % and 95 % of errors
/// are expected in. Both empty, or the latter alone, where they are not known.
struct ErrorBars {
  std::vector<std::vector<double>> uncertainties, intervals;
};

/// How well error bars tell the errors of one target: energies, uncertainties and intervals (or none) in eV
/// per structure; structures without a reference (NaN) do not count. `count`; `within_one`, `within_two`:
/// shares of errors of at most one and two uncertainties; `within_interval_95`: within the interval, or null;
/// `mean_standardized`: mean of |error| / uncertainty over that of a normal distribution (more than 1:
/// heavier tails); `rank_correlation` (Spearman's) of |error| and uncertainty; `bins`: up to 10 of as many
/// structures each, by uncertainty: `count`, `uncertainty` and `rmse` (root mean squares), `mae`,
/// `within_one`, `within_interval_95`. Null without any reference.
Json calibration_json(std::span<const double> predicted, std::span<const double> reference,
                      std::span<const double> uncertainty, std::span<const double> interval);

/// The first target's, and of several all in `targets`, by name.
Json calibration_json(const std::vector<std::string>& names,
                      const std::vector<std::vector<double>>& predicted,
                      const std::vector<std::vector<double>>& reference, const ErrorBars& bars);

/// One line of it for the user; empty for null.
std::string describe_calibration(const Json& calibration);

} // namespace soapstone::app
