// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/app/report.hpp"
#include "soapstone/app/session.hpp"
#include "soapstone/regression/errors.hpp"

#include <map>
#include <string>
#include <vector>

namespace soapstone::app {

/// Errors of one set of structures ("train", "test"), for all targets.
class ErrorReport {
public:
  /// references and predictions: one vector of energies (eV per structure) per target.
  ErrorReport(const Configuration& configuration, std::string name,
              const std::vector<structure::Structure>& structures,
              const std::vector<std::vector<double>>& references,
              const std::vector<std::vector<double>>& predictions);

  const std::string& name() const { return name_; }
  const regression::ErrorSummary& first() const { return summaries_.front(); }
  /// The first target's errors, with `unit`; with several targets also `targets`, by name. Null where no
  /// structure has the target.
  Json json() const;
  /// One line per target that any structure has: "test  energy  1000  MAE 2.04 meV/atom ...".
  std::string table() const;

private:
  std::string name_;
  std::vector<std::string> targets_;
  std::vector<regression::ErrorSummary> summaries_;
};

/// Provenance to store with a model: version, ranks, grid, errors.
std::map<std::string, std::string> provenance(const Session& session,
                                              const std::vector<ErrorReport>& reports);

/// Collective. Before long work: throws IoError on all ranks unless `output`, the files that go with it, the
/// configured report and the checkpoint can be written.
void require_outputs(const Session& session, const std::string& output);

/// Collective. Prints the errors on standard output, the stage table and warnings on the console, and writes
/// the report file: what every report has, then `results`, then the errors by name (with what `results` has
/// under the same name).
void finish(Session& session, const Json& results, const std::vector<ErrorReport>& errors);

} // namespace soapstone::app
