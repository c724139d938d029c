// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/report/error_report.hpp"

#include "soapstone/base/error.hpp"
#include "soapstone/base/text.hpp"
#include "soapstone/base/units.hpp"

#include <cmath>
#include <nlohmann/json.hpp>

namespace soapstone::report {

namespace {

/// Errors over no structure are null, not zero.
Json to_json(const regression::ErrorSummary& errors) {
  const auto known = [&](double value) { return errors.count > 0 ? Json(value) : Json(nullptr); };
  return {{"unit", "eV"},
          {"count", errors.count},
          {"mae", known(errors.mae)},
          {"rmse", known(errors.rmse)},
          {"max_error", known(errors.max_error)},
          {"mae_per_structure", known(errors.mae_per_structure)},
          {"rmse_per_structure", known(errors.rmse_per_structure)}};
}

} // namespace

ErrorReport::ErrorReport(const std::vector<formats::TargetSpec>& targets, std::string name,
                         const std::vector<structure::Structure>& structures,
                         const std::vector<std::vector<double>>& references,
                         const std::vector<std::vector<double>>& predictions)
    : name_(std::move(name)) {
  std::vector<double> atoms;
  atoms.reserve(structures.size());
  for (const auto& structure : structures)
    atoms.push_back(static_cast<double>(structure.size()));
  for (std::size_t t = 0; t < references.size(); ++t) {
    targets_.push_back(targets[t].key);
    summaries_.push_back(regression::summarize_errors(predictions.at(t), references[t], atoms));
    if (!std::isfinite(summaries_.back().rmse_per_structure))
      throw NumericalError("the errors of the " + name_ + " structures in " + targets_.back() +
                           " are not finite");
  }
}

Json ErrorReport::json() const {
  auto json = to_json(first());
  if (summaries_.size() > 1)
    for (std::size_t t = 0; t < summaries_.size(); ++t)
      json["targets"][targets_[t]] = to_json(summaries_[t]);
  return json;
}

const char* ErrorReport::table_header() {
  return "set    target            structures   MAE      RMSE     max      MAE        MAE        MAE\n"
         "                                      meV/atom meV/atom meV/atom eV/struct. kcal/mol   kJ/mol\n";
}

std::string ErrorReport::table() const {
  std::string text;
  for (std::size_t t = 0; t < summaries_.size(); ++t) {
    const auto& e = summaries_[t];
    if (e.count == 0)
      continue;
    text += format("%-6s %-17s %-10lld %8.3f %8.3f %8.3f %10.5f %10.4f %10.4f\n", name_.c_str(),
                   targets_[t].c_str(), static_cast<long long>(e.count), e.mae * 1e3, e.rmse * 1e3,
                   e.max_error * 1e3, e.mae_per_structure, e.mae_per_structure / kcal_per_mol_in_ev,
                   e.mae_per_structure / kj_per_mol_in_ev);
  }
  return text;
}

} // namespace soapstone::report
