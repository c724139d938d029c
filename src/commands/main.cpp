// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/base/cpu.hpp"
#include "soapstone/base/error.hpp"
#include "soapstone/base/text.hpp"
#include "soapstone/commands/run.hpp"
#include "soapstone/options/parameter_keys.hpp"
#include "soapstone/parallel/agree.hpp"

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <iostream>

namespace {

/// Runs before global objects are made, which may already take instructions that this CPU does not have.
[[gnu::constructor(101)]] void check_cpu() {
  if (const char* missing = soapstone::missing_instructions()) {
    std::fprintf(
        stderr,
        "soapstone: error: this CPU has no %s, which this program was compiled to use; compile soapstone "
        "on this kind of machine\n",
        missing);
    std::_Exit(static_cast<int>(soapstone::ExitCode::resources));
  }
}

} // namespace

int main(int argc, char** argv) {
  using namespace soapstone;
  std::signal(SIGXFSZ, SIG_IGN); // writing beyond the limit of a file's size fails, and that is told
  const parallel::MpiEnvironment environment(argc, argv);
  const auto world = parallel::Communicator::world();
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  return parallel::run_agreed(
      world, [&] { return commands::run_program(world, arguments); },
      [](const std::string& message) {
        std::cerr << "soapstone: error: " + printable(options::with_keys(message)) + "\n";
      }); // one write, so that messages of several ranks do not mix
}
