// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/app/error_report.hpp"

#include "soapstone/app/about.hpp"
#include "soapstone/app/run_files.hpp"
#include "soapstone/base/atomic_file.hpp"
#include "soapstone/base/error.hpp"
#include "soapstone/base/text.hpp"
#include "soapstone/base/units.hpp"
#include "soapstone/parallel/agree.hpp"

#include <cmath>

namespace soapstone::app {

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

/// Errors, and after them what the results say under the same name.
Json with_details(Json errors, const Json& results, const std::string& name) {
  if (results.contains(name))
    errors.update(results[name]);
  return errors;
}

const char* const table_header =
    "set    target            structures   MAE      RMSE     max      MAE        MAE        MAE\n"
    "                                      meV/atom meV/atom meV/atom eV/struct. kcal/mol   kJ/mol\n";

} // namespace

ErrorReport::ErrorReport(const Configuration& configuration, std::string name,
                         const std::vector<structure::Structure>& structures,
                         const std::vector<std::vector<double>>& references,
                         const std::vector<std::vector<double>>& predictions)
    : name_(std::move(name)) {
  std::vector<double> atoms;
  atoms.reserve(structures.size());
  for (const auto& structure : structures)
    atoms.push_back(static_cast<double>(structure.size()));
  for (std::size_t t = 0; t < references.size(); ++t) {
    targets_.push_back(configuration.data.targets[t].key);
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

std::map<std::string, std::string> provenance(const Session& session,
                                              const std::vector<ErrorReport>& reports) {
  std::map<std::string, std::string> entries{{"version", version_number()},
                                             {"ranks", std::to_string(session.comm().size())},
                                             {"grid", session.grid_text()}};
  for (const auto& report : reports)
    entries[report.name() + "_mae_eV_per_atom"] = format("%.17g", report.first().mae);
  return entries;
}

void require_outputs(const Session& session, const std::string& output) {
  parallel::agree(session.comm(), [&] {
    if (!session.root())
      return;
    const auto& configuration = session.configuration();
    require_writable(output);
    require_writable(configuration.output.report);
    if (configuration.dry_run || configuration.command == "plan")
      return;
    for (const auto& name : files_beside_the_output(configuration))
      require_writable(name);
    require_writable(configuration.checkpoint.file);
  });
}

void finish(Session& session, const Json& results, const std::vector<ErrorReport>& errors) {
  const auto& output = session.configuration().output;
  const auto stages = session.timer().summarize();
  auto report = common_report(session.comm(), session.configuration(), session.grid_text(), stages,
                              session.console().warnings());
  report.update(results);
  for (const auto& part : errors)
    report[part.name()] = with_details(part.json(), results, part.name());
  session.console().line(stage_table(stages, session.dgemm_gflops(), session.comm().size()));
  session.console().line("peak memory " + format_bytes(report["peak_memory_bytes"].get<double>()) +
                         (session.comm().size() > 1 ? " on the rank that used most" : ""));
  parallel::agree(session.comm(), [&] {
    if (!session.root())
      return;
    for (const auto& warning : write_report(output.report, report))
      session.console().warn(warning);
    std::string table = errors.empty() ? "" : table_header;
    for (const auto& part : errors)
      table += part.table();
    print_result(table);
  });
  session.console().repeat_warnings();
}

} // namespace soapstone::app
