// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/app/finish.hpp"

#include "soapstone/app/about.hpp"
#include "soapstone/app/effective.hpp"
#include "soapstone/app/run_files.hpp"
#include "soapstone/base/atomic_file.hpp"
#include "soapstone/base/text.hpp"
#include "soapstone/parallel/agree.hpp"

#include <nlohmann/json.hpp>

namespace soapstone::app {

namespace {

/// Errors, and after them what the results say under the same name.
Json with_details(Json errors, const Json& results, const std::string& name) {
  if (results.contains(name))
    errors.update(results[name]);
  return errors;
}

} // namespace

ReportHead head_of(const Configuration& configuration, linalg::GridShape grid) {
  return {std::string(name_of(configuration.command)), version_number(), to_string(grid),
          effective_values(configuration)};
}

std::map<std::string, std::string> provenance(const Session& session,
                                              const std::vector<ErrorReport>& reports) {
  std::map<std::string, std::string> entries{{"version", version_number()},
                                             {"ranks", std::to_string(session.comm().size())},
                                             {"grid", to_string(session.machine().grid)}};
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
    if (configuration.dry_run || configuration.command == Command::plan)
      return;
    for (const auto& name : files_beside_the_output(configuration))
      require_writable(name);
    require_writable(configuration.checkpoint.file);
  });
}

void finish(Session& session, const Json& results, const std::vector<ErrorReport>& errors) {
  const auto& output = session.configuration().output;
  const auto stages = session.stages().summarize();
  auto report = common_report(session.comm(), head_of(session.configuration(), session.machine().grid),
                              stages, session.console().warnings());
  report.update(results);
  for (const auto& part : errors)
    report[part.name()] = with_details(part.json(), results, part.name());
  session.console().line(stage_table(stages, session.machine().dgemm_gflops, session.comm().size()));
  session.console().line("peak memory " + format_bytes(report["peak_memory_bytes"].get<double>()) +
                         (session.comm().size() > 1 ? " on the rank that used most" : ""));
  parallel::agree(session.comm(), [&] {
    if (!session.root())
      return;
    for (const auto& warning : write_report(output.report, report))
      session.console().warn(warning);
    std::string table = errors.empty() ? "" : ErrorReport::table_header();
    for (const auto& part : errors)
      table += part.table();
    print_result(table);
  });
  session.console().repeat_warnings();
}

} // namespace soapstone::app
