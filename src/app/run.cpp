// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/app/run.hpp"

#include "soapstone/app/about.hpp"
#include "soapstone/app/input_files.hpp"
#include "soapstone/app/regular_files.hpp"
#include "soapstone/app/run_files.hpp"
#include "soapstone/app/session.hpp"
#include "soapstone/base/text_file.hpp"
#include "soapstone/parallel/agree.hpp"
#include "soapstone/parallel/collectives.hpp"
#include "soapstone/watchdog/watchdog.hpp"

#include <optional>

namespace soapstone::app {

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

int run_session(Session& session) {
  const auto& configuration = session.configuration();
  if (configuration.dry_run || configuration.command == "plan")
    return plan(session);
  if (configuration.command == "train")
    return train(session);
  if (configuration.command == "predict")
    return predict(session);
  if (configuration.command == "learning-curve")
    return learning_curve(session);
  if (configuration.command == "evaluate")
    return evaluate(session);
  if (configuration.command == "search")
    return search(session);
  if (configuration.command == "optimize")
    return optimize(session);
  if (configuration.command == "kernel")
    return kernel_matrix(session);
  if (configuration.command == "features")
    return features(session);
  throw ConfigError("the command '" + configuration.command + "' is not available in this version");
}

int run_command(const parallel::Communicator& comm, const Configuration& configuration) {
  parallel::agree(comm, [&] { // before a log is opened
    if (comm.rank() != 0)
      return;
    require_read_once(configuration);
    require_distinct_files(configuration);
    require_regular_files(configuration);
  });
  if (configuration.command == "inspect")
    return inspect(comm, configuration);
  const watchdog::Watchdog watchdog(comm, configuration.parallel.watchdog_seconds);
  std::optional<Console> console;
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

std::string text_of(const Invocation& invocation) {
  switch (invocation.kind) {
  case Invocation::Kind::version:
    return version_text();
  case Invocation::Kind::cite:
    return cite_text();
  default:
    return invocation.text;
  }
}

} // namespace

int run_program(const parallel::Communicator& comm, const std::vector<std::string>& arguments) {
  const auto invocation = parse_invocation(arguments, read_shared);
  if (invocation.kind == Invocation::Kind::run)
    return run_command(comm, invocation.configuration);
  if (comm.rank() == 0)
    print_result(text_of(invocation));
  return 0;
}

} // namespace soapstone::app
