// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/report/report.hpp"
#include "soapstone/workflow/learning_curve.hpp"

#include <string>
#include <vector>

namespace soapstone::report {

/// One target's errors over the repeats that have any; NaN when none has.
struct CurveErrors {
  double mae_mean = 0, mae_std = 0, rmse_mean = 0, mae_per_structure_mean = 0;
};

/// Means over the repeats, and the standard deviation of the sample (n - 1; 0 for a single repeat).
CurveErrors summarize_repeats(const std::vector<regression::ErrorSummary>& repeats);

/// "points" of the report: n_train, repeats, mae_mean, mae_std, rmse_mean, mae_per_structure_mean, `values`
/// of each repeat, all of the first target; with several targets also `targets`, by name. eV, per atom unless
/// the name says otherwise.
Json curve_json(const std::vector<workflow::CurvePoint>& points, const std::vector<std::string>& targets);

/// Returns the same as CSV, one row per size and target:
/// n_train,target,repeats,mae_mean,mae_std,rmse_mean,mae_per_structure_mean,mae_1,rmse_1,mae_2,...
std::string curve_csv(const std::vector<workflow::CurvePoint>& points,
                      const std::vector<std::string>& targets);

/// Returns the same for reading, in meV per atom.
std::string curve_table(const std::vector<workflow::CurvePoint>& points,
                        const std::vector<std::string>& targets);

} // namespace soapstone::report
