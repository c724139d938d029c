// SPDX-License-Identifier: BSD-3-Clause
// The keys of learning-curve.* and plan.*.
#include "soapstone/cli/configuration.hpp"

#include "expect_config_error.hpp"

namespace soapstone::cli {
namespace {

std::string no_file(const std::string& path) {
  throw IoError("not there", path);
}

options::Configuration configure(std::vector<std::string> words) {
  words.insert(words.begin() + 1, {"--data.structures", "a.xyz"});
  return parse_invocation(words, no_file).configuration;
}

TEST(PlanOptions, defaults) {
  const auto c = configure({"plan"});
  EXPECT_EQ(c.plan.command, options::Command::train);
  EXPECT_FALSE(c.plan.ranks);
  EXPECT_FALSE(c.plan.ranks_per_node);
  EXPECT_EQ(c.plan.memory_per_node_gib, 0);
  EXPECT_TRUE(c.curve.sizes.empty());
  EXPECT_EQ(c.curve.repeats, 3);
  EXPECT_FALSE(c.dry_run);
}

TEST(PlanOptions, given) {
  const auto c =
      configure({"plan", "--plan.command", "Learning-Curve", "--plan.ranks", "64", "--plan.ranks-per-node=16",
                 "--plan.memory-per-node", "93.5", "--learning-curve.sizes", "200,100",
                 "--learning-curve.repeats", "5", "--regression.solver", "primal"});
  EXPECT_EQ(c.plan.command, options::Command::learning_curve);
  EXPECT_EQ(c.plan.ranks, 64);
  EXPECT_EQ(c.plan.ranks_per_node, 16);
  EXPECT_EQ(c.plan.memory_per_node_gib, 93.5);
  EXPECT_EQ(c.curve.sizes, (std::vector<std::int64_t>{100, 200}));
  EXPECT_EQ(c.curve.repeats, 5);
  EXPECT_EQ(c.solver.kind, regression::SolverKind::primal);
  EXPECT_EQ(configure({"train", "--dry-run", "--plan.ranks", "8"}).plan.ranks, 8);
  const auto optimize = configure({"plan", "--plan.command", "optimize", "--optimize.parameters", "u,scale",
                                   "--optimize.iterations", "7", "--validation.folds", "2"});
  EXPECT_EQ(optimize.plan.command, options::Command::optimize);
  EXPECT_EQ(optimize.optimize.parameters,
            (std::set{search::Hyperparameter::coupling, search::Hyperparameter::scale}));
  EXPECT_EQ(optimize.optimize.iterations, 7);
}

TEST(PlanOptions, refused) {
  const auto refuse = [](const std::vector<std::string>& words, const std::string& key,
                         const std::string& part) {
    expect_config_error([&] { configure(words); }, key, "command line", {part});
  };
  refuse({"plan", "--plan.ranks", "0"}, "plan.ranks", "expected an integer >= 1");
  refuse({"plan", "--plan.memory-per-node", "-1"}, "plan.memory-per-node", "expected a number >= 0");
  refuse({"plan", "--plan.command", "predict"}, "plan.command", "learning-curve");
  refuse({"plan", "--plan.command", "optimize", "--regression.regularization", "1e-8,1e-7"},
         "regression.regularization", "'optimize' expects one number");
  refuse({"train", "--learning-curve.sizes", "10"}, "learning-curve.sizes", "does not apply to 'train'");
  refuse({"learning-curve", "--learning-curve.repeats", "0"}, "learning-curve.repeats", ">= 1");
}

} // namespace
} // namespace soapstone::cli
