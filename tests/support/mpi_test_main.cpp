// SPDX-License-Identifier: BSD-3-Clause
// GoogleTest under mpiexec. All ranks run the same tests and meet after each, so that a failure on any rank
// fails the test on all. Environment: SOAPSTONE_TEST_PATIENCE, seconds that ranks wait for each other after a
// test (20); SOAPSTONE_TEST_TIMEOUT, seconds that one test may take (100).
#include "rendezvous.hpp"
#include "watchdog.hpp"

#include "soapstone/parallel/mpi.hpp"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace soapstone::mpitest {
namespace {

double seconds_from_environment(const char* name, double otherwise) {
  const char* text = std::getenv(name);
  const double value = text == nullptr ? 0.0 : std::strtod(text, nullptr);
  return value > 0.0 ? value : otherwise;
}

std::string full_name(const testing::TestInfo& info) {
  return std::string(info.test_suite_name()) + "." + info.name();
}

std::vector<int> ranks_that_failed(const std::vector<int>& words) {
  std::vector<int> failed;
  for (std::size_t i = 0; i < words.size(); ++i)
    if (words[i] != 0)
      failed.push_back(static_cast<int>(i));
  return failed;
}

/// Prints failures with their rank, keeps the watchdog informed, and lets the ranks meet after every test.
class AgreeingListener : public testing::EmptyTestEventListener {
public:
  AgreeingListener(Rendezvous& rendezvous, Watchdog& watchdog)
      : rendezvous_(rendezvous), watchdog_(watchdog) {}

  void OnTestSuiteStart(const testing::TestSuite& suite) override { begin(suite.name()); }
  void OnTestStart(const testing::TestInfo& info) override { begin(full_name(info)); }
  void OnTestSuiteEnd(const testing::TestSuite& suite) override {
    begin(std::string("end of ") + suite.name());
  }

  void OnTestPartResult(const testing::TestPartResult& result) override {
    if (!result.failed() || echoing_)
      return;
    const char* file = result.file_name() == nullptr ? "unknown file" : result.file_name();
    std::string text = activity_ + " failed at " + file + ":" + std::to_string(result.line_number());
    if (rendezvous_.rank() != 0) // GoogleTest's own printer speaks for rank 0
      text += std::string("\n") + result.message();
    say(rendezvous_.rank(), text);
  }

  void OnTestEnd(const testing::TestInfo& info) override {
    const bool failed = info.result()->Failed();
    const auto failed_ranks = ranks_that_failed(rendezvous_.meet(failed ? 1 : 0, full_name(info)));
    if (!failed && !failed_ranks.empty()) {
      echoing_ = true;
      ADD_FAILURE() << "failed on " << name_ranks(failed_ranks);
      echoing_ = false;
    }
  }

private:
  void begin(const std::string& activity) {
    activity_ = activity;
    watchdog_.begin(activity);
  }

  Rendezvous& rendezvous_;
  Watchdog& watchdog_;
  std::string activity_ = "set-up";
  bool echoing_ = false;
};

/// Shuffled tests come in the same order on all ranks.
void agree_on_seed() {
  int seed = GTEST_FLAG_GET(random_seed);
  if (seed == 0)
    seed = 1 + static_cast<int>(std::chrono::system_clock::now().time_since_epoch().count() % 99999);
  MPI_Bcast(&seed, 1, MPI_INT, 0, MPI_COMM_WORLD);
  GTEST_FLAG_SET(random_seed, seed);
}

int run_all(Rendezvous& rendezvous, Watchdog& watchdog) {
  if (rendezvous.rank() != 0 && GTEST_FLAG_GET(list_tests))
    return 0;
  agree_on_seed();
  auto& listeners = testing::UnitTest::GetInstance()->listeners();
  if (rendezvous.rank() != 0) {
    delete listeners.Release(listeners.default_result_printer());
    delete listeners.Release(listeners.default_xml_generator());
  }
  listeners.Append(new AgreeingListener(rendezvous, watchdog)); // owned by GoogleTest
  const int mine = RUN_ALL_TESTS();
  watchdog.begin("end of all tests");
  const auto words = rendezvous.meet(mine, "end of all tests");
  return *std::max_element(words.begin(), words.end());
}

int run() {
  Rendezvous rendezvous(MPI_COMM_WORLD, seconds_from_environment("SOAPSTONE_TEST_PATIENCE", 20.0));
  Watchdog watchdog(rendezvous.rank(), seconds_from_environment("SOAPSTONE_TEST_TIMEOUT", 100.0));
  return run_all(rendezvous, watchdog);
}

} // namespace
} // namespace soapstone::mpitest

int main(int argc, char** argv) {
  int provided = 0;
  MPI_Init_thread(&argc, &argv, MPI_THREAD_FUNNELED, &provided);
  testing::InitGoogleMock(&argc, argv);
  const int code = soapstone::mpitest::run();
  MPI_Finalize();
  return code;
}
