// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/commands/run.hpp"

#include "soapstone/base/check.hpp"
#include "soapstone/base/text_file.hpp"
#include "soapstone/cli/configuration.hpp"
#include "soapstone/cli/effective.hpp"
#include "soapstone/cli/input_files.hpp"
#include "soapstone/cli/regular_files.hpp"
#include "soapstone/cli/run_files.hpp"
#include "soapstone/commands/finish.hpp"
#include "soapstone/commands/session.hpp"
#include "soapstone/options/about.hpp"
#include "soapstone/parallel/agree.hpp"
#include "soapstone/parallel/collectives.hpp"
#include "soapstone/watchdog/watchdog.hpp"

#include <algorithm>
#include <iterator>
#include <optional>

namespace soapstone::commands {

namespace {

/// Rank 0 reads, everybody gets the text. MPI_COMM_WORLD because the parser's callback carries no
/// communicator.
std::string read_shared(const std::string& path) {
  const auto world = parallel::Communicator::world();
  auto text = parallel::agree(world, [&] {
    if (world.rank() != 0)
      return std::string();
    return read_text_file(path, "the configuration file");
  });
  parallel::broadcast(world, text);
  return text;
}

/// The row of a command: what runs it, and what `plan` and --dry-run do for it.
struct Runner {
  options::Command command;
  int (*run)(Session&);
  int (*plan)(Session&);
};

constexpr Runner runners[] = {{options::Command::train, train, plan_train},
                              {options::Command::predict, predict, plan_predict},
                              {options::Command::evaluate, evaluate, plan_evaluate},
                              {options::Command::learning_curve, learning_curve, plan_learning_curve},
                              {options::Command::search, search, plan_search},
                              {options::Command::optimize, optimize, plan_optimize},
                              {options::Command::kernel, kernel_matrix, plan_kernel_matrix},
                              {options::Command::features, features, plan_features}};

int run_session(Session& session) {
  const auto& configuration = session.configuration();
  const auto* runner = std::find_if(std::begin(runners), std::end(runners), [&](const Runner& one) {
    return one.command == options::purpose_of(configuration);
  });
  expects(runner != std::end(runners), "every command has a row");
  try {
    if (!configuration.dry_run && configuration.command != options::Command::plan)
      return runner->run(session);
    require_outputs(session, "");
    return runner->plan(session);
  } catch (const ConfigError& error) { // on all ranks alike
    throw cli::with_place(error, configuration);
  }
}

int run_command(const parallel::Communicator& comm, const options::Configuration& configuration) {
  parallel::agree(comm, [&] { // before a log is opened
    if (comm.rank() != 0)
      return;
    cli::require_read_once(configuration);
    cli::require_distinct_files(configuration);
    cli::require_regular_files(configuration);
  });
  if (configuration.command == options::Command::inspect)
    return inspect(comm, configuration);
  const watchdog::Watchdog watchdog(comm, configuration.parallel.watchdog_seconds);
  std::optional<report::Console> console;
  parallel::agree(comm, [&] {
    console.emplace(comm.rank() == 0, configuration.output.quiet, configuration.output.log_file);
  });
  Session session(comm, configuration, *console);
  for (const auto& warning : configuration.idle_keys)
    console->warn(warning);
  const int code = run_session(session);
  parallel::agree(comm, [&] { console->expect_whole_log(); });
  return code;
}

std::string text_of(const cli::Invocation& invocation) {
  switch (invocation.kind) {
  case cli::Invocation::Kind::version:
    return options::version_text();
  case cli::Invocation::Kind::cite:
    return options::cite_text();
  default:
    return invocation.text;
  }
}

} // namespace

int run_program(const parallel::Communicator& comm, const std::vector<std::string>& arguments) {
  const auto invocation = cli::parse_invocation(arguments, read_shared);
  if (invocation.kind == cli::Invocation::Kind::run)
    return run_command(comm, invocation.configuration);
  if (comm.rank() == 0)
    report::print_result(text_of(invocation));
  return 0;
}

} // namespace soapstone::commands
