// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/app/report.hpp"
#include "soapstone/app/search_plan.hpp"

#include <string>

namespace soapstone::app {

/// Every row of every record: rung, structures, point, the axes' keys, regression.regularization, the
/// columns of the search (energies in eV), error. Ordered by rung, point and regularisation; without times,
/// so that equal results make equal tables. What failed has empty cells and an error.
std::string search_csv(const search::Checkpoint& search);

/// "best": keys and errors of the best point and regularisation, null if there is none; "table": the rows of
/// search_csv; "points", "rungs".
Json search_json(const search::Checkpoint& search);

/// For reading: a line per record with its best regularisation, the best record of each rung first.
std::string search_table(const search::Checkpoint& search);

/// "radial-scaling.scale 2, radial-scaling.exponent 7, regression.regularization 1e-08": a record's keys,
/// with its best regularisation if it has one.
std::string describe_point(const search::Checkpoint& search, const search::Record& record);

/// The configuration of the best record as a file that `train` takes: data, features, kernel, regression.
std::string best_ini(const Configuration& base, const SearchPlan& plan, const search::Record& best);

/// For `inspect`: keys, progress, the best so far.
std::string describe_search(const search::Checkpoint& search);

} // namespace soapstone::app
