// SPDX-License-Identifier: BSD-3-Clause
// Searches without the program: what they find, share, and leave for the next run.
#include "soapstone/workflow/search_run.hpp"

#include "evaluation_samples.hpp"
#include "soapstone/base/error.hpp"
#include "soapstone/parallel/agree.hpp"

#include <cstdlib>
#include <filesystem>

namespace soapstone::workflow {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

/// Changes the keys that these tests search.
options::Configuration with_changes(const options::Configuration& base,
                                    const std::vector<options::Assignment>& changes) {
  auto changed = base;
  for (const auto& change : changes)
    for (auto& kernel : changed.kernels)
      if (change.key == "soap.cutoff")
        kernel.soap.cutoff = std::stod(change.value);
      else if (change.key == "soap.gaussian-width")
        kernel.soap.gaussian_width = std::stod(change.value);
      else if (change.key == "kernel.1.weight" && kernel.number == 1)
        kernel.weight = std::stod(change.value);
  return changed;
}

class SearchRunTest : public EvaluationTest {
protected:
  SearchRunTest() { clean(); }
  ~SearchRunTest() override { clean(); }

  /// Removes the files of rank 0.
  void clean() const {
    parallel::agree(comm, [&] {
      for (const char* ending : {"", ".previous", ".lock"})
        std::filesystem::remove(path + ending);
    });
  }
  SearchInputs inputs(const options::Configuration& configuration, const std::string& cutoffs = "2,3") const {
    return {configuration, with_changes, {{"soap.cutoff", cutoffs}}, path};
  }

  const std::string path =
      (std::filesystem::temp_directory_path() / ("search_run_" + std::to_string(comm.size()) + ".h5"))
          .string();
};

options::Configuration cutoffs_and_widths() {
  auto configuration = small_evaluation();
  configuration.ranges = {{"soap.gaussian-width", {"0.3", "0.5"}}, {"soap.cutoff", {"2", "3"}}};
  return configuration;
}

TEST_F(SearchRunTest, finds_what_each_point_alone_gives) {
  const auto all = zigzags(9);
  const auto configuration = cutoffs_and_widths();
  SearchRun run(context, inputs(configuration), all);
  ASSERT_TRUE(run.run());
  EXPECT_EQ(run.plan().search.records.size(), 4U);
  for (const auto& [task, record] : run.plan().search.records) {
    EXPECT_EQ(record.code, 0) << record.message;
    const auto alone =
        evaluate_set(context, all, configuration_of(configuration, run.plan(), task, with_changes));
    EXPECT_NEAR(record.values.at(1), alone.winner().errors.front().mae, 1e-9);
  }
  const auto throughput = run.throughput();
  EXPECT_EQ(throughput.points, 4);
  EXPECT_EQ(throughput.kernels_assembled, 0);
  EXPECT_GT(throughput.points_per_hour(), 0);
}

TEST_F(SearchRunTest, points_of_one_cutoff_share_their_neighbours) {
  const auto all = zigzags(9);
  auto configuration = cutoffs_and_widths();
  configuration.search.groups = 1; // others might have one point each
  SearchRun run(context, inputs(configuration), all);
  ASSERT_TRUE(run.run());
  EXPECT_GT(run.throughput().environments_reused, 0);
}

TEST_F(SearchRunTest, goes_on_from_its_checkpoint) {
  const auto all = zigzags(9);
  const auto configuration = cutoffs_and_widths();
  ASSERT_TRUE(SearchRun(context, inputs(configuration), all).run());
  SearchRun again(context, inputs(configuration), all);
  EXPECT_TRUE(again.run());
  EXPECT_EQ(again.throughput().points, 0);
  EXPECT_THAT(log.lines, Contains("finished points in the checkpoint: 4"));
}

TEST_F(SearchRunTest, refuses_the_checkpoint_of_another_search) {
  const auto configuration = cutoffs_and_widths();
  ASSERT_TRUE(SearchRun(context, inputs(configuration), zigzags(9)).run());
  EXPECT_THROW(SearchRun(context, inputs(configuration, "2,4"), zigzags(9)), Error);
  EXPECT_THROW(SearchRun(context, inputs(configuration), zigzags(10)), Error);
}

TEST_F(SearchRunTest, kernels_are_assembled_once_for_all_their_weights) {
  auto configuration = small_evaluation({small_kernel(1, 1), small_kernel(2, 2)});
  configuration.ranges = {{"kernel.1.weight", {"1", "3", "9"}}};
  configuration.search.groups = 1;
  const auto all = zigzags(9);
  SearchRun run(context, inputs(configuration), all);
  ASSERT_TRUE(run.run());
  EXPECT_EQ(run.throughput().points, 3);
  for (const auto& [task, record] : run.plan().search.records)
    EXPECT_EQ(record.code, 0) << record.message;
  EXPECT_EQ(run.throughput().kernels_assembled, 2);
}

/// They are in the table.
TEST_F(SearchRunTest, failures_of_regularisations_are_no_warnings) {
  auto configuration = cutoffs_and_widths();
  configuration.regularizations = {-1e-2, 1e-4};
  const auto all = zigzags(9);
  SearchRun run(context, inputs(configuration), all);
  ASSERT_TRUE(run.run());
  const auto& first = run.plan().search.records.begin()->second;
  ASSERT_EQ(first.failures.size(), 2U) << first.message;
  EXPECT_FALSE(first.failures.front().empty());
  EXPECT_THAT(log.warnings, testing::Each(testing::Not(HasSubstr("positive definite"))));
}

TEST_F(SearchRunTest, wants_no_more_groups_than_ranks) {
  auto configuration = cutoffs_and_widths();
  configuration.search.groups = comm.size() + 1;
  EXPECT_THROW(SearchRun(context, inputs(configuration), zigzags(9)), ConfigError);
  EXPECT_FALSE(std::filesystem::exists(path));
}

} // namespace
} // namespace soapstone::workflow
