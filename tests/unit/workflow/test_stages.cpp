// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/report/console.hpp"

#include "soapstone/base/error.hpp"

#include <gmock/gmock.h>
#include <unistd.h>

namespace soapstone::workflow {
namespace {

constexpr double tolerance = 10; // seconds that a busy machine may add

TEST(Stages, seconds_over_the_ranks) {
  const auto world = parallel::Communicator::world();
  report::Console console(false, false, "");
  Stages stages(world, console);
  const int answer = stages.run("uneven", [&](const Progress& progress) {
    progress(0.5);
    ::usleep(static_cast<useconds_t>(100000 * (world.rank() + 1)));
    return 42;
  });
  EXPECT_EQ(answer, 42);
  stages.did(1000, "structures", 2e9);
  stages.did(500, "structures", 1e9);
  stages.run("short", [](const Progress&) {});
  const auto summaries = stages.summarize();
  ASSERT_EQ(summaries.size(), 2U);
  const auto& uneven = summaries[0];
  EXPECT_EQ(uneven.name, "uneven");
  EXPECT_GE(uneven.min, 0.1);
  EXPECT_LT(uneven.min, 0.1 + tolerance);
  EXPECT_GE(uneven.max, 0.1 * world.size());
  EXPECT_LT(uneven.max, 0.1 * world.size() + tolerance);
  EXPECT_GE(uneven.mean, uneven.min);
  EXPECT_LE(uneven.mean, uneven.max);
  EXPECT_DOUBLE_EQ(uneven.rate, 1500 / uneven.max);
  EXPECT_DOUBLE_EQ(uneven.gflops, 3 / uneven.max);
  EXPECT_EQ(uneven.item_name, "structures");
  EXPECT_EQ(summaries[1].rate, 0);
  EXPECT_EQ(summaries[1].gflops, 0);
}

TEST(Stages, a_stage_run_again_adds_up) {
  const auto self = parallel::Communicator::self();
  report::Console console(false, false, "");
  Stages stages(self, console);
  for (int repeat = 0; repeat < 2; ++repeat) {
    stages.run("slow", [](const Progress&) { ::usleep(20000); });
    stages.did(10, "structures");
    stages.run("other", [](const Progress&) {});
    stages.did(3, "pairs");
  }
  stages.run("slow", [](const Progress&) {});
  stages.did(1, "structures");
  const auto summaries = stages.summarize();
  ASSERT_EQ(summaries.size(), 2U);
  EXPECT_EQ(summaries[0].name, "slow");
  EXPECT_GE(summaries[0].max, 0.04);
  EXPECT_DOUBLE_EQ(summaries[0].rate, 21 / summaries[0].max);
  EXPECT_EQ(summaries[1].item_name, "pairs");
}

TEST(Stages, a_stage_that_throws_is_timed_but_not_reported_as_done) {
  const auto self = parallel::Communicator::self();
  testing::internal::CaptureStderr();
  report::Console console(true, false, "");
  Stages stages(self, console);
  EXPECT_THROW(stages.run("bad", [](const Progress&) { throw std::runtime_error("x"); }), std::runtime_error);
  stages.run("good", [](const Progress&) {});
  const std::string shown = testing::internal::GetCapturedStderr();
  EXPECT_THAT(shown, testing::Not(testing::HasSubstr("bad")));
  EXPECT_THAT(shown, testing::StartsWith("good"));
  EXPECT_EQ(stages.summarize().size(), 2U);
}

TEST(Stages, a_stage_of_known_size_tells_its_rate_when_it_is_done) {
  const auto self = parallel::Communicator::self();
  testing::internal::CaptureStderr();
  report::Console console(true, false, "");
  Stages stages(self, console);
  stages.expect(1000, "structures");
  stages.run("known", [](const Progress&) { ::usleep(20000); });
  stages.run("unknown", [](const Progress&) {}); // what was expected was of the stage before
  const std::string shown = testing::internal::GetCapturedStderr();
  EXPECT_THAT(shown, testing::MatchesRegex("known  .* s  [0-9.e+]+ structures/s\nunknown  [^/]*\n"));
}

TEST(Stages, watchers_are_called_before_stages_and_with_their_progress) {
  const auto world = parallel::Communicator::world();
  report::Console console(false, false, "");
  Stages stages(world, console);
  stages.run("before", [](const Progress& progress) { progress(0.5); });
  int boundaries = 0, reports = 0;
  stages.watch([&] { ++boundaries; }, [&] { ++reports; });
  stages.run("a", [](const Progress& progress) {
    progress(0.2);
    progress(0.8);
  });
  stages.run("b", [](const Progress&) {});
  EXPECT_EQ(boundaries, 2);
  EXPECT_EQ(reports, 2);
  stages.watch([] { throw Stopped("now"); }, {});
  EXPECT_THROW(stages.run("c", [](const Progress&) {}), Stopped);
  EXPECT_EQ(stages.summarize().size(), 3U); // the last one never began
}

TEST(Stages, different_stages_on_different_ranks_are_a_broken_promise) {
  const auto world = parallel::Communicator::world();
  report::Console console(false, false, "");
  Stages stages(world, console);
  if (world.rank() == 0)
    stages.run("alone", [](const Progress&) {});
  if (world.size() == 1) {
    EXPECT_NO_THROW(stages.summarize());
  } else {
    EXPECT_THROW(stages.summarize(), InternalError);
  }
}

} // namespace
} // namespace soapstone::workflow
