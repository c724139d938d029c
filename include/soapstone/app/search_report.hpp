// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/app/report.hpp"
#include "soapstone/app/search_plan.hpp"
#include "soapstone/app/search_run.hpp"

#include <string>
#include <vector>

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

/// "throughput" of the report.
Json throughput_json(const SearchThroughput& throughput);

/// What `train` takes as a file, the best record: its heading (comment lines), ...
std::string best_heading(const search::Checkpoint& search, const search::Record& best);
/// ... and its keys: those of the point, with the data of the whole search.
std::vector<EffectiveKey> best_keys(const Configuration& base, const SearchPlan& plan,
                                    const search::Record& best, const WithValues& with_values);

/// For `inspect`: keys, progress, the best so far.
std::string describe_search(const search::Checkpoint& search);

} // namespace soapstone::app
