// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/commands/session.hpp"
#include "soapstone/report/error_report.hpp"

#include <map>
#include <string>
#include <vector>

namespace soapstone::commands {

/// Returns what is said of a run before its results.
report::ReportHead head_of(const options::Configuration& configuration, linalg::GridShape grid);

/// Provenance to store with a model: version, ranks, grid, errors.
std::map<std::string, std::string> provenance(const Session& session,
                                              const std::vector<report::ErrorReport>& reports);

/// Collective. Before long work: throws IoError on all ranks unless `output`, the files that go with it, the
/// configured report and the checkpoint can be written.
void require_outputs(const Session& session, const std::string& output);

/// Collective. Prints the errors on standard output, the stage table and warnings on the console, and writes
/// the report file: what every report has, then `results`, then the errors by name (with what `results` has
/// under the same name).
void finish(Session& session, const report::Json& results, const std::vector<report::ErrorReport>& errors);

} // namespace soapstone::commands
