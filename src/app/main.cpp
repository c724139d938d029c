// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/app/run.hpp"
#include "soapstone/base/text.hpp"
#include "soapstone/parallel/agree.hpp"

#include <csignal>
#include <iostream>

int main(int argc, char** argv) {
  using namespace soapstone;
  std::signal(SIGXFSZ, SIG_IGN); // writing beyond the limit of a file's size fails, and that is told
  const parallel::MpiEnvironment environment(argc, argv);
  const auto world = parallel::Communicator::world();
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  return parallel::run_agreed(
      world, [&] { return app::run_program(world, arguments); },
      [](const std::string& message) {
        std::cerr << "soapstone: error: " + printable(message) + "\n";
      }); // in one piece
}
