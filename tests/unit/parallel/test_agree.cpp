// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/parallel/agree.hpp"

#include "soapstone/parallel/collectives.hpp"

#include <filesystem>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>

#include <gtest/gtest.h>

namespace soapstone::parallel {
namespace {

Failure failure_of(const std::function<void()>& work) {
  try {
    work();
  } catch (...) {
    return current_failure();
  }
  return {ExitCode::ok, "no failure"};
}

TEST(CurrentFailure, keeps_code_and_message_of_our_errors) {
  const auto failure = failure_of([] { throw IoError("cannot be read", "a.h5"); });
  EXPECT_EQ(failure.code, ExitCode::io);
  EXPECT_EQ(failure.message, "a.h5: cannot be read");
}

TEST(CurrentFailure, lack_of_memory_is_a_lack_of_resources) {
  EXPECT_EQ(failure_of([] { throw std::bad_alloc(); }).code, ExitCode::resources);
  EXPECT_EQ(failure_of([] { throw std::length_error("vector::reserve"); }).code, ExitCode::resources);
}

TEST(CurrentFailure, what_the_file_system_refuses_is_no_internal_error) {
  const auto failure = failure_of([] { static_cast<void>(std::filesystem::file_size("/none/m.h5")); });
  EXPECT_EQ(failure.code, ExitCode::io);
  EXPECT_NE(failure.message.find("/none/m.h5"), std::string::npos);
  EXPECT_EQ(failure.message.find("internal"), std::string::npos);
}

TEST(CurrentFailure, everything_else_is_internal) {
  const auto failure = failure_of([] { throw std::out_of_range("vector::at"); });
  EXPECT_EQ(failure.code, ExitCode::internal);
  EXPECT_NE(failure.message.find("vector::at"), std::string::npos);
  EXPECT_EQ(failure_of([] { throw 42; }).code, ExitCode::internal);
}

TEST(Agree, passes_on_what_the_work_returns) {
  const auto world = Communicator::world();
  EXPECT_EQ(agree(world, [&] { return world.rank() + 1; }), world.rank() + 1);
  EXPECT_EQ(*agree(world, [] { return std::make_unique<int>(7); }), 7); // move-only
  int done = 0;
  agree(world, [&] { ++done; });
  EXPECT_EQ(done, 1);
}

/// Every rank must see the same error, which happened on `failing` only (or from there upwards).
void expect_agreed(const Communicator& comm, const std::function<void()>& work, int failing, ExitCode code,
                   const std::string& message) {
  try {
    agree(comm, work);
    ADD_FAILURE() << "no error on rank " << comm.rank();
  } catch (const AgreedError& error) {
    EXPECT_EQ(error.rank(), failing);
    EXPECT_EQ(error.code(), code);
    EXPECT_NE(std::string(error.what()).find(message), std::string::npos) << error.what();
  }
}

TEST(Agree, an_exception_on_any_one_rank_reaches_all) {
  const auto world = Communicator::world();
  for (int failing = 0; failing < world.size(); ++failing) {
    const auto throw_there = [&](auto&& error) {
      return [&world, failing, error] {
        if (world.rank() == failing)
          throw error;
      };
    };
    expect_agreed(world, throw_there(DataError("bad frame", {"a.xyz", 3, 9})), failing, ExitCode::data,
                  "bad frame");
    expect_agreed(world, throw_there(NumericalError("not finite")), failing, ExitCode::numerical,
                  "not finite");
    expect_agreed(world, throw_there(std::bad_alloc()), failing, ExitCode::resources, "memory");
    expect_agreed(world, throw_there(std::logic_error("oops")), failing, ExitCode::internal, "oops");
  }
}

TEST(Agree, the_lowest_rank_speaks_when_several_fail) {
  const auto world = Communicator::world();
  const int lowest = world.size() / 2;
  const auto work = [&] {
    if (world.rank() >= lowest)
      throw IoError("from rank " + std::to_string(world.rank()));
  };
  expect_agreed(world, work, lowest, ExitCode::io, "from rank " + std::to_string(lowest));
}

TEST(Agree, long_and_empty_messages) {
  const auto world = Communicator::world();
  const std::string text(200000, 'x');
  expect_agreed(
      world, [&] { throw DataError(text); }, 0, ExitCode::data, text);
  expect_agreed(
      world, [&] { throw DataError(""); }, 0, ExitCode::data, "");
}

// The work communicates over another communicator, and fails before or after it does.
TEST(AgreeAfter, all_ranks_know_of_what_failed_on_some) {
  const auto world = Communicator::world();
  const auto rendezvous = world.duplicate();
  EXPECT_EQ(agree_after(rendezvous, [&] { return all_reduce(world, 1); }), world.size());
  for (int failing = 0; failing < world.size(); ++failing)
    try {
      agree_after(rendezvous, [&] {
        const int sum = all_reduce(world, 1);
        if (world.rank() >= failing)
          throw NumericalError("from rank " + std::to_string(world.rank()));
        return sum;
      });
      ADD_FAILURE() << "no error on rank " << world.rank();
    } catch (const AgreedError& error) {
      EXPECT_EQ(error.rank(), failing);
      EXPECT_EQ(error.code(), ExitCode::numerical);
      EXPECT_EQ(error.what(), "from rank " + std::to_string(failing));
    }
}

TEST(AgreeAfter, a_rank_that_others_wait_for_throws_what_it_knows_alone) {
  const auto world = Communicator::world();
  if (world.size() < 2)
    GTEST_SKIP() << "nobody waits";
  const auto rendezvous = world.duplicate();
  const bool fails = world.rank() == world.size() - 1;
  bool alone = false;
  try {
    const int sum = agree_after(rendezvous, [&] {
      if (fails)
        throw std::out_of_range("a rank's own");
      return all_reduce(world, 1);
    });
    EXPECT_EQ(sum, world.size());
  } catch (const std::out_of_range&) {
    alone = true;
  }
  EXPECT_EQ(alone, fails);
  if (alone) { // what the others wait for
    all_reduce(world, 1);
    agree_on(rendezvous, {});
  }
}

// Nothing of a failed agreement may be left in flight.
TEST(Agree, goes_on_after_a_failure) {
  const auto world = Communicator::world();
  for (int i = 0; i < 200; ++i) {
    const int failing = i % world.size();
    expect_agreed(
        world,
        [&] {
          if (world.rank() == failing)
            throw IoError(std::to_string(i));
        },
        failing, ExitCode::io, std::to_string(i));
    EXPECT_EQ(all_reduce(world, 1), world.size());
  }
}

TEST(Agree, within_a_part_of_the_ranks) {
  const auto world = Communicator::world();
  const auto half = world.split(world.rank() % 2, world.rank());
  if (world.rank() % 2 == 1) {
    expect_agreed(
        half,
        [&] {
          if (half.rank() == 0)
            throw IoError("x");
        },
        0, ExitCode::io, "x");
  } else {
    EXPECT_EQ(agree(half, [] { return 3; }), 3);
  }
}

TEST(Agree, an_agreed_error_can_be_agreed_again) {
  const auto world = Communicator::world();
  const auto half = world.split(world.rank() % 2, world.rank());
  expect_agreed(
      world,
      [&] {
        if (world.rank() % 2 == (world.size() > 1 ? 1 : 0))
          throw AgreedError(ExitCode::numerical, "inner", 0);
      },
      world.size() > 1 ? 1 : 0, ExitCode::numerical, "inner");
}

TEST(RunAgreed, returns_what_the_work_returns) {
  const auto world = Communicator::world();
  std::string printed;
  const auto print = [&](const std::string& text) { printed += text; };
  EXPECT_EQ(run_agreed(
                world, [] { return 75; }, print),
            75);
  EXPECT_EQ(printed, "");
}

TEST(RunAgreed, all_ranks_return_the_largest_result) {
  const auto world = Communicator::world();
  for (int stopped = 0; stopped < world.size(); ++stopped)
    EXPECT_EQ(run_agreed(
                  world, [&] { return world.rank() == stopped ? 75 : 0; }, [](const std::string&) {}),
              75);
}

TEST(RunAgreed, an_agreed_error_is_printed_by_one_rank) {
  const auto world = Communicator::world();
  std::string printed;
  const auto work = [&]() -> int {
    agree(world, [&] {
      if (world.rank() == world.size() - 1)
        throw DataError("bad frame");
    });
    return 0;
  };
  EXPECT_EQ(run_agreed(world, work, [&](const std::string& text) { printed += text; }), 3);
  EXPECT_EQ(printed, world.rank() == 0 ? "bad frame" : "");
}

TEST(RunAgreed, the_same_exception_on_all_ranks_is_printed_once) {
  const auto world = Communicator::world();
  std::string printed;
  const auto work = []() -> int { throw ConfigError("unknown key"); };
  EXPECT_EQ(run_agreed(world, work, [&](const std::string& text) { printed += text; }), 2);
  EXPECT_EQ(printed, world.rank() == 0 ? "unknown key" : "");
}

} // namespace
} // namespace soapstone::parallel
