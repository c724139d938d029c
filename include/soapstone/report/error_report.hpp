// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/formats/data_set.hpp"
#include "soapstone/regression/errors.hpp"
#include "soapstone/report/report.hpp"

#include <string>
#include <vector>

namespace soapstone::report {

/// Errors of one set of structures ("train", "test"), for all targets.
class ErrorReport {
public:
  /// references and predictions: one vector of energies (eV per structure) per target.
  ErrorReport(const std::vector<formats::TargetSpec>& targets, std::string name,
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
  static const char* table_header(); ///< two lines above those

private:
  std::string name_;
  std::vector<std::string> targets_;
  std::vector<regression::ErrorSummary> summaries_;
};

} // namespace soapstone::report
