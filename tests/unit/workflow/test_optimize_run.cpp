// SPDX-License-Identifier: BSD-3-Clause
// Optimisations without the program.
#include "soapstone/workflow/optimize_run.hpp"

#include "evaluation_samples.hpp"
#include "soapstone/base/error.hpp"
#include "soapstone/parallel/agree.hpp"

#include <filesystem>

namespace soapstone::workflow {
namespace {

using search::Hyperparameter;

class OptimizeRunTest : public EvaluationTest {
protected:
  OptimizeRunTest() { clean(); }
  ~OptimizeRunTest() override { clean(); }
  void clean() const {
    parallel::agree(comm, [&] {
      for (const char* ending : {"", ".previous", ".lock"})
        std::filesystem::remove(path + ending);
    });
  }

  const std::string path =
      (std::filesystem::temp_directory_path() / ("optimize_run_" + std::to_string(comm.size()) + ".h5"))
          .string();
};

options::Configuration scale_and_width() {
  auto configuration = small_evaluation();
  configuration.optimize.parameters = {Hyperparameter::scale, Hyperparameter::width};
  configuration.optimize.iterations = 2;
  return configuration;
}

TEST_F(OptimizeRunTest, lowers_the_held_out_error) {
  OptimizeRun run(context, scale_and_width(), {}, path, zigzags(12));
  const auto result = run.run();
  EXPECT_EQ(result.history.size(), 3U);
  EXPECT_LT(result.objective, result.history.front());
  EXPECT_FALSE(run.contracts());
  const auto point = run.at(result.x);
  EXPECT_NEAR(point.objective, result.objective, 1e-9 * result.objective);
  double squares = 0;
  const auto energies = held_out_energies(run.set(), point.errors);
  for (std::size_t s = 0; s < run.set().data.size(); ++s) {
    const double error = (energies[0][s] - run.set().data.targets[0][s]) /
                         static_cast<double>(run.set().data.structures[s].size());
    squares += error * error;
  }
  EXPECT_NEAR(held_out_rmse(run.set(), point.errors), std::sqrt(squares / 12), 1e-12);
}

TEST_F(OptimizeRunTest, goes_on_from_its_checkpoint) {
  const auto first = OptimizeRun(context, scale_and_width(), {}, path, zigzags(12)).run();
  auto longer = scale_and_width();
  longer.optimize.iterations = 3;
  OptimizeRun again(context, longer, {}, path, zigzags(12));
  const auto second = again.run();
  ASSERT_GE(second.history.size(), first.history.size());
  for (std::size_t i = 0; i < first.history.size(); ++i)
    EXPECT_EQ(second.history[i], first.history[i]);
  EXPECT_LE(second.objective, first.objective);
}

TEST_F(OptimizeRunTest, refuses_the_checkpoint_of_other_structures) {
  OptimizeRun(context, scale_and_width(), {}, path, zigzags(12)).run();
  EXPECT_THROW(OptimizeRun(context, scale_and_width(), {}, path, zigzags(11)), Error);
}

TEST_F(OptimizeRunTest, fits_contractions_anew_at_the_optimum) {
  auto configuration = scale_and_width();
  configuration.optimize.parameters = {Hyperparameter::scale};
  configuration.kernels[0].contraction.emplace();
  configuration.kernels[0].contraction->goal.width = 2;
  OptimizeRun run(context, configuration, {}, path, zigzags(12));
  EXPECT_TRUE(run.contracts());
  const auto result = run.run();
  const auto refitted = run.refitted_at(result.x);
  EXPECT_EQ(refitted.kernels.size(), 1U);
  EXPECT_EQ(refitted.point.errors.size(), 12U);
}

} // namespace
} // namespace soapstone::workflow
