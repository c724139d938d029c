// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/report/report.hpp"
#include "soapstone/workflow/search_plan.hpp"
#include "soapstone/workflow/search_run.hpp"

#include <string>
#include <vector>

namespace soapstone::report {

/// Every row of every record: rung, structures, point, the axes' keys, regression.regularization, the
/// columns of the search (energies in eV), error. Ordered by rung, point and regularisation; without times,
/// so that equal results make equal tables. What failed has empty cells and an error.
std::string search_csv(const search::Checkpoint& search);

/// "best": keys and errors of the best point and regularisation, null if there is none; "table": the rows of
/// search_csv; "points", "rungs".
Json search_json(const search::Checkpoint& search);

/// Returns a text for reading: a line per record with its best regularisation, the best record of each rung
/// first.
std::string search_table(const search::Checkpoint& search);

/// "throughput" of the report.
Json throughput_json(const workflow::SearchThroughput& throughput);

/// The two parts of a configuration file of the best record, which `train` takes: its heading (comment
/// lines), ...
std::string best_heading(const search::Checkpoint& search, const search::Record& best);
/// ... and its keys: those of the point, with the data of the whole search.
std::vector<options::EffectiveKey> best_keys(const options::Configuration& base,
                                             const workflow::SearchPlan& plan, const search::Record& best,
                                             const options::WithValues& with_values);

/// Returns a text for `inspect`: keys, progress, the best so far.
std::string describe_search(const search::Checkpoint& search);

} // namespace soapstone::report
