// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/base/stop_signal.hpp"
#include "soapstone/base/text.hpp"
#include "soapstone/base/text_file.hpp"
#include "soapstone/cli/configuration.hpp"
#include "soapstone/cli/effective.hpp"
#include "soapstone/cli/model_ini.hpp"
#include "soapstone/cli/run_files.hpp"
#include "soapstone/commands/finish.hpp"
#include "soapstone/commands/plan_parts.hpp"
#include "soapstone/commands/session.hpp"
#include "soapstone/options/output_names.hpp"
#include "soapstone/parallel/agree.hpp"
#include "soapstone/parallel/collectives.hpp"
#include "soapstone/report/error_report.hpp"
#include "soapstone/report/search_report.hpp"
#include "soapstone/workflow/load_data.hpp"
#include "soapstone/workflow/search_run.hpp"

#include <nlohmann/json.hpp>

namespace soapstone::commands {

namespace {

void write_results(const Session& session, const workflow::SearchRun& run) {
  const auto& configuration = session.configuration();
  const auto& search = run.plan().search;
  const auto table = cli::output_file(configuration);
  parallel::agree(session.comm(), [&] {
    if (!session.root())
      return;
    const auto& best = *search::best_record(search);
    write_text_file(table, report::search_csv(search));
    write_text_file(options::search_best_file(table),
                    cli::model_ini(report::best_heading(search, best),
                                   report::best_keys(configuration, run.plan(), best, cli::with_values)));
    report::print_result(report::search_table(search));
  });
}

int stop(Session& session, const workflow::SearchRun& run) {
  const int signal = parallel::all_reduce(session.comm(), StopSignal::received(), MPI_MAX);
  session.console().line(
      format("stopped by %s after %zu of %lld points; run the same command again to resume",
             StopSignal::name(signal), run.plan().search.records.size(),
             static_cast<long long>(run.plan().search.planned())));
  return static_cast<int>(ExitCode::stopped);
}

/// Ends a search in which no point has a result: tells what happened to the first one, and leaves no files.
void expect_a_best(const Session& session, workflow::SearchRun& run) {
  const auto& search = run.plan().search;
  if (search::best_record(search) != nullptr)
    return;
  run.discard_checkpoint();
  parallel::agree(session.comm(), [&] {
    if (session.root())
      report::print_result(report::search_table(search));
  });
  const auto& first = search.records.begin()->second;
  std::string reason = first.message;
  for (const auto& failure : first.failures)
    if (reason.empty())
      reason = failure;
  throw Error(first.code != 0 ? static_cast<ExitCode>(first.code) : ExitCode::numerical,
              "no point of the search could be evaluated; the first error: " + reason);
}

} // namespace

int search(Session& session) {
  const auto& configuration = session.configuration();
  const auto table = cli::output_file(configuration);
  require_outputs(session, table);
  const auto all = workflow::load_data(session.stages(), configuration.data, formats::Presence::required);
  const StopSignal catching; // there is nothing to keep before, and a pipe may keep the reader waiting
  workflow::SearchRun run(session.context(),
                          {configuration, cli::with_values,
                           report::run_texts(cli::effective_values(configuration)),
                           options::search_checkpoint_file(configuration.search, table)},
                          all);
  const bool done = session.stages().run("search", [&](const Progress&) { return run.run(); });
  if (!done)
    return stop(session, run);
  expect_a_best(session, run);
  session.stages().did(static_cast<double>(run.plan().search.records.size()), "points");
  write_results(session, run);
  auto results = report::search_json(run.plan().search);
  results["throughput"] = report::throughput_json(run.throughput());
  finish(session, results, {});
  session.console().line("table written to " + table + ", best configuration to " +
                         options::search_best_file(table));
  return 0;
}

int plan_search(Session& session) {
  const auto& configuration = session.configuration();
  const auto all = load_planned(session, configuration);
  const auto search = workflow::plan_search(configuration, static_cast<std::int64_t>(all.size()));
  return plan_evaluations(session, all, &search);
}

} // namespace soapstone::commands
