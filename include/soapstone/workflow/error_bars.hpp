// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace soapstone::workflow {

/// Half widths in eV per structure, one vector per target: of the intervals that 68.3 % and 95 % of errors
/// are expected in. Both empty, or the latter alone, where they are not known.
struct ErrorBars {
  std::vector<std::vector<double>> uncertainties, intervals;
};

/// Some structures that have similar uncertainties; eV per structure.
struct CalibrationBin {
  std::int64_t count = 0;
  double uncertainty = 0, rmse = 0; ///< root mean squares
  double mae = 0;
  double within_one = 0;                 ///< share of errors of at most one uncertainty
  std::optional<double> within_interval; ///< share within the interval of 95 %, where that is known
};

/// Measures how well error bars tell the errors of one target.
struct Calibration {
  std::int64_t count = 0;                ///< structures with a reference
  double within_one = 0, within_two = 0; ///< shares of errors of at most one and two uncertainties
  std::optional<double> within_interval; ///< share within the interval of 95 %, where that is known
  /// Mean of |error| / uncertainty over that of a normal distribution (more than 1: heavier tails).
  double mean_standardized = 0;
  double rank_correlation = 0;      ///< Spearman's, of |error| and uncertainty
  std::vector<CalibrationBin> bins; ///< up to 10 of as many structures each, by uncertainty
};

/// Energies, uncertainties and intervals (or none) in eV per structure; structures without a reference (NaN)
/// do not count. Nothing without any reference.
std::optional<Calibration> calibration_of(std::span<const double> predicted,
                                          std::span<const double> reference,
                                          std::span<const double> uncertainty,
                                          std::span<const double> interval);

/// Returns the same for each target; empty where error bars are not known.
std::vector<std::optional<Calibration>> calibrations_of(const std::vector<std::vector<double>>& predicted,
                                                        const std::vector<std::vector<double>>& reference,
                                                        const ErrorBars& bars);

} // namespace soapstone::workflow
