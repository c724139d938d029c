// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/report/report.hpp"
#include "soapstone/workflow/evaluation.hpp"

#include <string>
#include <vector>

namespace soapstone::report {

/// Returns what `cv` of the report holds beside the errors of the best regularisation: regularization,
/// lambda, method, folds (a list of n, mae, rmse, max_error, mae_per_structure) and spread (standard
/// deviation over folds of mae and rmse; eV per atom). No folds and no spread when each structure is one.
Json cv_details(const workflow::EvaluateResult& result, const std::vector<std::string>& targets);

/// "regularization" of the report: for each value its lambda, errors of the first target over all structures,
/// mae_std over folds, and failure (or null); with several targets also `targets`, by name.
Json regularization_json(const workflow::EvaluateResult& result, const std::vector<std::string>& targets);

/// Returns the same as a table, the best marked.
std::string regularization_table(const workflow::EvaluateResult& result,
                                 const std::vector<std::string>& targets);

} // namespace soapstone::report
