// SPDX-License-Identifier: BSD-3-Clause
// A program that fails in the way its first argument says, on the rank its second argument says; see
// check_agreed_program.py.
#include "soapstone/parallel/agree.hpp"
#include "soapstone/parallel/library_calls.hpp"
#include "soapstone/watchdog/watchdog.hpp"

#include <cstdio>
#include <new>
#include <string>

using namespace soapstone;
using parallel::Communicator;

namespace {

/// Tells that the work it is part of has been unwound.
struct Tidy {
  ~Tidy() { std::printf("tidied\n"), std::fflush(stdout); }
};

void find_no_memory() {
  throw std::bad_alloc();
}

/// Finds none where no exception may get out.
struct Hungry {
  ~Hungry() { find_no_memory(); }
};

/// One rank fails while the others wait for it under a watchdog, in a collective or in a library's receive.
void fail_while_others_wait(const Communicator& world, bool in_a_library, bool mine) {
  const watchdog::Watchdog watchdog(world, 60);
  const Tidy tidy;
  if (mine)
    throw IoError("MARK disk full", "model.h5");
  if (!in_a_library)
    return world.barrier();
  const parallel::LibraryCalls calls(world.get());
  int never = 0;
  MPI_Recv(&never, 1, MPI_INT, MPI_ANY_SOURCE, 1, world.get(), MPI_STATUS_IGNORE);
}

int fail_as_told(const Communicator& world, const std::string& kind, int failing) {
  const bool mine = world.rank() == failing;
  if (kind == "agreed")
    parallel::agree(world, [&] {
      if (mine)
        throw NumericalError("MARK not positive definite");
    });
  if (kind == "all")
    throw DataError("MARK bad frame", {"a.xyz", 1, 2});
  if (kind == "all_differently") // nobody may hang, and one of the codes must come back
    throw Error(mine ? ExitCode::io : ExitCode::data, "MARK rank " + std::to_string(world.rank()));
  if (kind == "one" && mine)
    throw IoError("MARK disk full", "model.h5");
  if (kind == "memory" && mine)
    throw std::bad_alloc();
  if (kind == "destructor" && mine)
    const Hungry hungry;
  if (kind == "all_but_one" && !mine)
    throw IoError("MARK disk full", "model.h5");
  if (kind == "group") {
    const auto rest = world.split(mine ? -1 : 0, world.rank());
    if (!mine)
      parallel::agree(rest, [] { throw IoError("MARK disk full", "model.h5"); });
  }
  if (kind == "watched" || kind == "watched_library")
    fail_while_others_wait(world, kind == "watched_library", mine);
  if (kind == "at_the_end") {
    world.barrier();
    if (mine)
      throw IoError("MARK disk full", "model.h5");
    return 0;
  }
  world.barrier(); // where the ranks without a failure wait
  return kind == "stopped" ? 75 : 0;
}

} // namespace

int main(int argc, char** argv) {
  const parallel::MpiEnvironment environment(argc, argv);
  const auto world = Communicator::world();
  const std::string kind = argv[1];
  const int failing = std::stoi(argv[2]);
  return parallel::run_agreed(
      world, [&] { return fail_as_told(world, kind, failing); },
      [](const std::string& message) { std::fprintf(stderr, "error: %s\n", message.c_str()); }, 1.0);
}
