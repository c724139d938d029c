// SPDX-License-Identifier: BSD-3-Clause
#include "configure.hpp"

#include <gtest/gtest.h>

namespace soapstone::app {
namespace {

TEST(Configuration, the_published_multiple_kernel_model) {
  files["kernels.ini"] = "[data]\nstructures = qm9.xyz\n[radial-scaling]\nexponent = 0 ; plain SOAP\n"
                         "[kernel.1]\nsoap.cutoff = 2\nweight = 100000\n[kernel.2]\nsoap.cutoff = 3\n"
                         "[kernel.3.soap]\ncutoff = 4\n[kernel.3]\nweight = 2\n"
                         "[kernel.4]\nradial-scaling.exponent = 7\nweight = 10000\n";
  const auto c = configure({"train", "--config", "kernels.ini"});
  ASSERT_EQ(c.kernels.size(), 4U);
  const double cutoffs[] = {2, 3, 4, 5}, weights[] = {100000, 1, 2, 10000}, exponents[] = {0, 0, 0, 7};
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(c.kernels[i].soap.cutoff, cutoffs[i]);
    EXPECT_EQ(c.kernels[i].weight, weights[i]);
    EXPECT_EQ(c.kernels[i].soap.scaling.exponent, exponents[i]);
  }
}

TEST(Configuration, predict_options) {
  const auto predict = [](Words words) {
    words.insert(words.begin(), {"predict", "--data.structures", "a.xyz", "--model", "m.h5"});
    return configure(words).predict;
  };
  EXPECT_EQ(predict({}).uncertainty, Choice::automatic);
  EXPECT_EQ(predict({}).extrapolation, OnExtrapolation::warn);
  EXPECT_EQ(predict({}).novelty_limit, 1);
  EXPECT_FALSE(predict({}).per_atom);
  const auto given = predict({"--predict.uncertainty", "yes", "--predict.extrapolation", "error",
                              "--predict.novelty-limit", "2.5", "--predict.per-atom"});
  EXPECT_EQ(given.uncertainty, Choice::yes);
  EXPECT_EQ(given.extrapolation, OnExtrapolation::error);
  EXPECT_EQ(given.novelty_limit, 2.5);
  EXPECT_TRUE(given.per_atom);
  EXPECT_TRUE(train({"--regression.uncertainty", "committee"}).solver.committee);
  EXPECT_FALSE(train({}).solver.committee);
  refuses({"predict", "--data.structures", "a.xyz", "--model", "m.h5", "--predict.novelty-limit", "0"},
          "predict.novelty-limit", "command line", {"expected"});
}

TEST(Configuration, points_of_a_search) {
  const auto search = configure({"search", "--data.structures", "a.xyz", "--soap.cutoff", "3:5:3",
                                 "--regression.regularization", "1e-9:1e-7:log3"});
  ASSERT_EQ(search.ranges.size(), 2U);
  EXPECT_EQ(search.kernels[0].soap.cutoff, 3);
  EXPECT_EQ(search.regularizations, (std::vector<double>{1e-9, 1e-8, 1e-7}));
  EXPECT_EQ(with_values(search, {{"soap.cutoff", "4", "search"}}).regularizations, search.regularizations);
  const auto point =
      with_values(search, {{"soap.cutoff", "5", "search"}, {"regression.regularization", "1e-8", "search"}});
  EXPECT_EQ(point.kernels[0].soap.cutoff, 5);
  EXPECT_EQ(point.regularization, 1e-8);
  EXPECT_EQ(point.data.source.paths, Words{"a.xyz"});
  EXPECT_TRUE(point.ranges.empty());
}

TEST(Configuration, search_options) {
  const auto search = [](Words words) {
    words.insert(words.begin(), {"search", "--data.structures", "a.xyz"});
    return configure(words).search;
  };
  EXPECT_EQ(search({}).strategy, SearchStrategy::grid);
  EXPECT_FALSE(search({}).samples || search({}).groups);
  const auto given = search({"--search.strategy", "halving", "--search.samples", "20",
                             "--search.halving-factor", "2", "--search.least-structures", "50",
                             "--search.score", "rmse", "--search.groups", "3", "--checkpoint", "c.h5"});
  EXPECT_EQ(given.strategy, SearchStrategy::halving);
  EXPECT_EQ(given.samples, 20);
  EXPECT_EQ(given.halving_factor, 2);
  EXPECT_EQ(given.least_structures, 50);
  EXPECT_EQ(given.score, SearchScore::rmse);
  EXPECT_EQ(given.groups, 3);
  EXPECT_EQ(given.checkpoint, "c.h5");
  refuses({"search", "--data.structures", "a", "--search.strategy", "random"}, "search.samples",
          "command line", {"search.strategy = random needs search.samples"});
  refuses({"search", "--data.structures", "a", "--search.halving-factor", "1"}, "search.halving-factor",
          "command line", {"expected a number > 1"});
}

TEST(Configuration, command_specific_options) {
  const auto kernel =
      configure({"kernel", "--data.structures", "a", "--against", "b", "--against", "c", "--output", "k.h5"});
  EXPECT_EQ(kernel.against, (Words{"b", "c"}));
  const auto predict = configure(
      {"predict", "--model", "m.h5", "--data.structures", "a", "--skip-unknown", "--output", "p.xyz"});
  EXPECT_EQ(predict.model, "m.h5");
  EXPECT_TRUE(predict.skip_unknown);
  EXPECT_EQ(configure({"inspect", "m.h5", "a.xyz"}).files, (Words{"m.h5", "a.xyz"}));
  EXPECT_TRUE(train({"--dry-run"}).dry_run);
  const auto targets =
      train({"--data.target", "U0", "--data.target", "gap", "--data.target-unit", "hartree"}).data.targets;
  ASSERT_EQ(targets.size(), 2U);
  EXPECT_EQ(targets[1].key, "gap");
  EXPECT_EQ(targets[1].unit, "hartree");
}

TEST(Configuration, cross_validations) {
  const auto usual = configure({"evaluate", "--data.structures", "a"});
  EXPECT_EQ(usual.validation.folds, 10);
  EXPECT_FALSE(usual.validation.method);
  EXPECT_EQ(usual.regularizations, std::vector<double>{1e-8});
  const auto special =
      configure({"evaluate", "--data.structures", "a", "--validation.folds", "LOO", "--validation.method",
                 "eigen", "--regression.regularization", "1e-5,1e-7"});
  EXPECT_EQ(special.validation.folds, 0);
  EXPECT_EQ(special.validation.method, regression::ValidationMethod::eigen);
  EXPECT_EQ(special.regularization, 1e-5);
  EXPECT_EQ(special.regularizations, (std::vector<double>{1e-5, 1e-7}));
  const Words plan{"plan", "--data.structures", "a", "--regression.regularization", "1e-5,1e-7"};
  auto planned = plan;
  planned.insert(planned.end(), {"--plan.command", "evaluate"});
  EXPECT_EQ(configure(planned).regularizations.size(), 2U);
  expect_config_error([&] { configure(plan); }, "regression.regularization", "command line",
                      {"1e-5,1e-7: 'train' expects one number"});
}

TEST(Configuration, weights_to_optimize) {
  const Words start{"evaluate", "--data.structures", "a", "--kernel.1.zeta", "1", "--kernel.3.zeta", "2"};
  const auto with = [&](const Words& more) {
    auto words = start;
    words.insert(words.end(), more.begin(), more.end());
    return configure(words).validation;
  };
  EXPECT_FALSE(with({}).optimize_weights || with({}).optimize_regularization);
  EXPECT_TRUE(with({"--validation.optimize-weights", "yes"}).optimize_weights);
  EXPECT_TRUE(with({"--validation.optimize-weights", "1", "--validation.optimize-regularization", "on"})
                  .optimize_regularization);
  expect_config_error(
      [&] {
        with({"--validation.optimize-weights=1", "--kernel.3.weight=0"});
      },
      "kernel.3.weight", "command line", {"expected a number > 0"});
  expect_config_error([&] { with({"--validation.optimize-regularization=1"}); },
                      "validation.optimize-regularization", "command line", {"optimize-weights"});
  expect_config_error(
      [&] {
        configure({"evaluate", "--data.structures", "a", "--validation.optimize-weights", "true"});
      },
      "validation.optimize-weights", "command line", {"several kernels"});
}

TEST(Configuration, gradient_optimisation) {
  using P = search::Hyperparameter;
  const auto defaults = configure({"optimize", "--data.structures", "a"}).optimize;
  EXPECT_EQ(defaults.parameters, std::set{P::coupling});
  EXPECT_DOUBLE_EQ(defaults.regularizer, 1e-6);
  EXPECT_EQ(defaults.iterations, 100);
  EXPECT_EQ(defaults.restart, 0);
  EXPECT_DOUBLE_EQ(defaults.tolerance, 1e-5);
  const auto given = configure({"optimize", "--data.structures", "a", "--optimize.parameters",
                                "u, scale ,sigma", "--optimize.regularizer", "0", "--optimize.iterations",
                                "7", "--optimize.restart=3", "--optimize.tolerance", "1e-3"})
                         .optimize;
  EXPECT_EQ(given.parameters, (std::set{P::coupling, P::scale, P::width}));
  EXPECT_DOUBLE_EQ(given.regularizer, 0);
  EXPECT_EQ(given.iterations, 7);
  EXPECT_EQ(given.restart, 3);
  EXPECT_DOUBLE_EQ(given.tolerance, 1e-3);
  refuses({"train", "--data.structures", "a", "--optimize.iterations", "3"}, "optimize.iterations",
          "command line", {"does not apply to 'train'", "optimize"});
  refuses({"optimize", "--data.structures", "a", "--optimize.tolerance", "0"}, "optimize.tolerance",
          "command line", {"expected a number > 0"});
}

TEST(Configuration, checkpoints_of_training) {
  const auto usual = configure({"train", "--data.structures", "a"}).checkpoint;
  EXPECT_TRUE(usual.file.empty());
  EXPECT_EQ(usual.kernel, "auto");
  EXPECT_EQ(usual.interval, 120);
  const auto given = configure({"train", "--data.structures", "a", "--checkpoint", "c.h5",
                                "--checkpoint-kernel", "no", "--checkpoint-interval", "5"})
                         .checkpoint;
  EXPECT_EQ(given.file, "c.h5");
  EXPECT_EQ(given.kernel, "no");
  EXPECT_EQ(given.interval, 5);
}

TEST(Configuration, help_version_and_cite) {
  const auto help = parse_invocation({"train", "--help"}, read_file);
  EXPECT_EQ(help.kind, Invocation::Kind::help);
  EXPECT_THAT(help.text, testing::HasSubstr("--soap.cutoff"));
  EXPECT_THAT(parse_invocation({"--version"}, read_file).text, testing::StartsWith("soapstone "));
  EXPECT_THAT(parse_invocation({"--cite"}, read_file).text, testing::HasSubstr("10.1039/C8CP05921G"));
}

} // namespace
} // namespace soapstone::app
