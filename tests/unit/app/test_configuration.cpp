// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/app/configuration.hpp"

#include "expect_config_error.hpp"
#include "soapstone/app/option_table.hpp"

#include <gtest/gtest.h>
#include <map>

namespace soapstone::app {
namespace {

using Words = std::vector<std::string>;

std::map<std::string, std::string> files; // what read_file finds

std::string read_file(const std::string& path) {
  const auto file = files.find(path);
  if (file == files.end())
    throw IoError("cannot be opened", path);
  return file->second;
}

Configuration configure(const Words& words) {
  return parse_invocation(words, read_file).configuration;
}

/// `train` on one file with these further words.
Configuration train(Words words) {
  words.insert(words.begin(), {"train", "--data.structures", "a.xyz"});
  return configure(words);
}

void refuses(const Words& words, const std::string& key, const std::string& where, const Words& parts) {
  expect_config_error([&] { configure(words); }, key, where, parts);
}

/// Every key of the interface's table with a value that is not its default.
const Words interface_keys{"data.structures",
                           "b.xyz",
                           "data.format",
                           "extxyz",
                           "data.target",
                           "U0",
                           "data.target-unit",
                           "hartree",
                           "data.target-scope",
                           "per-atom",
                           "data.baseline",
                           "atoms",
                           "data.atom-energy",
                           "H:-0.5,C:-37.8",
                           "data.train",
                           "1000",
                           "data.test",
                           "100",
                           "data.seed",
                           "7",
                           "soap.cutoff",
                           "4.5",
                           "soap.cutoff-width",
                           "0.4",
                           "soap.gaussian-width",
                           "0.4",
                           "soap.n-max",
                           "8",
                           "soap.l-max",
                           "6",
                           "soap.central-weight",
                           "0.5",
                           "soap.body-order",
                           "2",
                           "soap.normalize",
                           "false",
                           "soap.contraction",
                           "512",
                           "soap.contraction-method",
                           "pca",
                           "soap.contraction-sample",
                           "300",
                           "soap.precision",
                           "float32",
                           "radial-scaling.scale",
                           "2.5",
                           "radial-scaling.exponent",
                           "4",
                           "radial-scaling.rate",
                           "0.5",
                           "species.coupling",
                           "gaussian",
                           "species.sigma-electronegativity",
                           "0.7",
                           "species.sigma-radius",
                           "0.8",
                           "species.electronegativity",
                           "He:4.16,Ne:4.79",
                           "species.radius",
                           "Pm:2.9",
                           "species.elements",
                           "H,C,N,O",
                           "species.channels",
                           "3",
                           "species.normalize",
                           "before",
                           "kernel.zeta",
                           "3",
                           "kernel.2.weight",
                           "10",
                           "kernel.2.soap.cutoff",
                           "3",
                           "kernel.2.radial-scaling.exponent",
                           "0",
                           "kernel.2.species.coupling",
                           "none",
                           "kernel.2.zeta",
                           "1",
                           "regression.regularization",
                           "1e-7",
                           "validation.folds",
                           "5",
                           "validation.method",
                           "inverse",
                           "parallel.block-size",
                           "64",
                           "parallel.grid",
                           "1x2",
                           "parallel.blas-threads",
                           "2",
                           "parallel.memory",
                           "4",
                           "output",
                           "m.h5",
                           "report",
                           "r.json",
                           "log-file",
                           "r.log",
                           "quiet",
                           "true"};

std::string as_ini(const Words& keys) {
  std::string text;
  for (std::size_t i = 0; i < keys.size(); i += 2)
    text += keys[i] + " = " + keys[i + 1] + "\n";
  return text;
}

void expect_all_set(const Configuration& c) {
  EXPECT_EQ(c.data.source.paths, Words{"b.xyz"});
  EXPECT_EQ(c.data.source.format, structure::Format::extxyz);
  ASSERT_EQ(c.data.targets.size(), 1U);
  EXPECT_EQ(c.data.targets[0].key, "U0");
  EXPECT_EQ(c.data.targets[0].unit, "hartree");
  EXPECT_TRUE(c.data.targets[0].per_atom);
  EXPECT_EQ(c.data.baseline, Baseline::atoms);
  EXPECT_EQ(c.data.atom_energies, (std::map<int, double>{{1, -0.5}, {6, -37.8}}));
  EXPECT_EQ(c.data.train, 1000);
  EXPECT_EQ(c.data.test, 100);
  EXPECT_EQ(c.data.seed, 7U);
  EXPECT_EQ(c.regularization, 1e-7);
  EXPECT_EQ(c.validation.folds, 5);
  EXPECT_EQ(c.parallel.block_size, "64");
  EXPECT_EQ(c.parallel.grid, "1x2");
  EXPECT_EQ(c.parallel.blas_threads, 2);
  EXPECT_EQ(c.parallel.memory_gib, 4);
  EXPECT_EQ(c.output.output, "m.h5");
  EXPECT_EQ(c.output.report, "r.json");
  EXPECT_EQ(c.output.log_file, "r.log");
  EXPECT_TRUE(c.output.quiet);
  ASSERT_EQ(c.kernels.size(), 1U); // kernel.2 alone
  const KernelOptions& k = c.kernels[0];
  EXPECT_EQ(k.soap.cutoff, 3);
  EXPECT_EQ(k.soap.cutoff_width, 0.4);
  EXPECT_EQ(k.soap.gaussian_width, 0.4);
  EXPECT_EQ(k.soap.n_max, 8);
  EXPECT_EQ(k.soap.l_max, 6);
  EXPECT_EQ(k.soap.central_weight, 0.5);
  EXPECT_EQ(k.soap.body_order, 2);
  EXPECT_FALSE(k.soap.normalize);
  ASSERT_TRUE(k.contraction);
  EXPECT_EQ(k.contraction->goal.width, 512);
  EXPECT_EQ(k.contraction->method, kernel::ContractionMethod::pca);
  EXPECT_EQ(k.contraction->sample.structures, 300);
  EXPECT_EQ(k.contraction->seed, c.data.seed);
  EXPECT_EQ(k.soap.scaling.scale, 2.5);
  EXPECT_EQ(k.soap.scaling.exponent, 0);
  EXPECT_EQ(k.soap.scaling.rate, 0.5);
  EXPECT_EQ(k.species.coupling, "none");
  EXPECT_EQ(k.species.sigma_electronegativity, 0.7);
  EXPECT_EQ(k.species.sigma_radius, 0.8);
  EXPECT_EQ(k.species.electronegativities, (std::map<int, double>{{2, 4.16}, {10, 4.79}}));
  EXPECT_EQ(k.species.radii, (std::map<int, double>{{61, 2.9}}));
  EXPECT_EQ(k.species.elements, (std::vector<int>{1, 6, 7, 8}));
  EXPECT_EQ(k.species.channels, 3);
  EXPECT_TRUE(k.species.normalize_before);
  EXPECT_EQ(k.zeta, 1);
  EXPECT_EQ(k.weight, 10);
}

TEST(Configuration, every_key_of_the_interface_is_accepted_on_the_command_line) {
  Words words{"evaluate"};
  for (std::size_t i = 0; i < interface_keys.size(); i += 2)
    words.push_back("--" + interface_keys[i] + "=" + interface_keys[i + 1]);
  expect_all_set(configure(words));
}

TEST(Configuration, every_key_of_the_interface_is_accepted_in_a_file_by_every_command) {
  files["run.ini"] = as_ini(interface_keys);
  for (const CommandInfo& info : command_table()) {
    Words words{std::string(info.name), "--config", "run.ini"};
    if (info.name == "predict")
      words.insert(words.end(), {"--model", "model.h5", "--output", "p.csv"});
    if (info.name == "inspect")
      words.emplace_back("model.h5");
    EXPECT_NO_THROW(configure(words)) << info.name;
  }
  expect_all_set(configure({"evaluate", "--config", "run.ini"}));
  EXPECT_EQ(configure({"evaluate", "--config=run.ini"}).effective.front().source, "run.ini:1");
}

TEST(Configuration, the_interface_keys_are_all_keys_but_those_of_single_commands) {
  std::map<std::string, bool> named;
  for (std::size_t i = 0; i < interface_keys.size(); i += 2)
    named[interface_keys[i]] = true;
  for (const char* key : {"learning-curve.sizes",
                          "learning-curve.repeats",
                          "plan.command",
                          "plan.ranks",
                          "plan.ranks-per-node",
                          "plan.memory-per-node",
                          "regression.solver",
                          "regression.preconditioner-columns",
                          "regression.max-iterations",
                          "regression.tolerance",
                          "regression.compact",
                          "config",
                          "model",
                          "skip-unknown",
                          "against",
                          "file",
                          "dry-run",
                          "search.strategy",
                          "search.samples",
                          "search.halving-factor",
                          "search.least-structures",
                          "search.score",
                          "search.groups",
                          "checkpoint",
                          "checkpoint-kernel",
                          "checkpoint-interval",
                          "validation.optimize-weights",
                          "validation.optimize-regularization"})
    named[key] = true;
  for (const Option& option : option_table())
    EXPECT_TRUE(
        named.contains(option.name == "kernel.N.weight" ? "kernel.2.weight" : std::string(option.name)))
        << option.name << " is not tested";
}

TEST(Configuration, defaults_are_those_of_the_interface) {
  const Configuration c = train({});
  EXPECT_EQ(c.command, "train");
  EXPECT_EQ(c.data.source.format, structure::Format::automatic);
  ASSERT_EQ(c.data.targets.size(), 1U);
  EXPECT_EQ(c.data.targets[0].key, "energy");
  EXPECT_EQ(c.data.targets[0].unit, "eV");
  EXPECT_FALSE(c.data.targets[0].per_atom);
  EXPECT_EQ(c.data.baseline, Baseline::composition);
  EXPECT_FALSE(c.data.train);
  EXPECT_EQ(c.data.test, 0);
  EXPECT_EQ(c.data.seed, 1U);
  ASSERT_EQ(c.kernels.size(), 1U);
  const KernelOptions& k = c.kernels[0];
  EXPECT_EQ(k.soap.cutoff, 5);
  EXPECT_EQ(k.soap.cutoff_width, 0.5);
  EXPECT_EQ(k.soap.gaussian_width, 0.3);
  EXPECT_EQ(k.soap.n_max, 12);
  EXPECT_EQ(k.soap.l_max, 9);
  EXPECT_EQ(k.soap.central_weight, 1);
  EXPECT_EQ(k.soap.body_order, 3);
  EXPECT_TRUE(k.soap.normalize);
  EXPECT_EQ(k.soap.scaling.scale, 2);
  EXPECT_EQ(k.soap.scaling.exponent, 7);
  EXPECT_EQ(k.soap.scaling.rate, 1);
  EXPECT_FALSE(k.contraction);
  EXPECT_EQ(k.species.coupling, "none");
  EXPECT_EQ(k.species.sigma_electronegativity, 0.5);
  EXPECT_EQ(k.species.sigma_radius, 0.5);
  EXPECT_TRUE(k.species.electronegativities.empty());
  EXPECT_TRUE(k.species.radii.empty());
  EXPECT_TRUE(k.species.elements.empty());
  EXPECT_FALSE(k.species.channels);
  EXPECT_FALSE(k.species.normalize_before);
  EXPECT_EQ(k.zeta, 2);
  EXPECT_EQ(k.weight, 1);
  EXPECT_EQ(c.regularization, 1e-8);
  EXPECT_EQ(c.validation.folds, 10);
  EXPECT_EQ(c.parallel.block_size, "auto");
  EXPECT_EQ(c.parallel.grid, "auto");
  EXPECT_EQ(c.parallel.blas_threads, 1);
  EXPECT_TRUE(c.output.output.empty());
  EXPECT_FALSE(c.output.quiet || c.dry_run || c.skip_unknown);
}

TEST(Configuration, the_command_line_wins_over_the_file) {
  files["run.ini"] = "[data]\nstructures = a.xyz\nstructures = b.xyz\n[soap]\ncutoff = 3\nn-max = 4\n";
  const auto c = configure({"train", "--soap.cutoff", "4", "--config", "run.ini"});
  EXPECT_EQ(c.kernels[0].soap.cutoff, 4);
  EXPECT_EQ(c.kernels[0].soap.n_max, 4);
  EXPECT_EQ(c.data.source.paths, (Words{"a.xyz", "b.xyz"}));
  EXPECT_EQ(configure({"train", "--config", "run.ini", "--data.structures", "c.xyz"}).data.source.paths,
            Words{"c.xyz"});
}

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

TEST(Configuration, the_effective_keys_give_the_same_configuration_again) {
  files["run.ini"] = as_ini(interface_keys);
  const auto first = configure({"evaluate", "--config", "run.ini", "--soap.cutoff-width", "0.2"});
  Words words{"evaluate"};
  for (const auto& given : first.effective)
    if (given.key != "config")
      words.push_back("--" + given.key + "=" + given.value);
  const auto second = configure(words);
  EXPECT_EQ(second.effective.size() + 1, first.effective.size());
  EXPECT_EQ(second.kernels[0].soap.cutoff_width, 0.2);
  EXPECT_EQ(second.kernels[0].soap.cutoff, 3);
  EXPECT_EQ(second.regularization, first.regularization);
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
  EXPECT_EQ(search({}).strategy, "grid");
  EXPECT_FALSE(search({}).samples || search({}).groups);
  const auto given = search({"--search.strategy", "halving", "--search.samples", "20",
                             "--search.halving-factor", "2", "--search.least-structures", "50",
                             "--search.score", "rmse", "--search.groups", "3", "--checkpoint", "c.h5"});
  EXPECT_EQ(given.strategy, "halving");
  EXPECT_EQ(given.samples, 20);
  EXPECT_EQ(given.halving_factor, 2);
  EXPECT_EQ(given.least_structures, 50);
  EXPECT_EQ(given.score, "rmse");
  EXPECT_EQ(given.groups, 3);
  EXPECT_EQ(given.checkpoint, "c.h5");
  refuses({"search", "--data.structures", "a", "--search.strategy", "random"}, "search.samples",
          "command line", {"search.samples is missing"});
  refuses({"search", "--data.structures", "a", "--output", "x", "--checkpoint", "x"}, "checkpoint",
          "command line", {"expected another file than that of output"});
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
  EXPECT_EQ(configure({"inspect", "m.h5"}).file, "m.h5");
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
  EXPECT_EQ(usual.validation.method, "auto");
  EXPECT_EQ(usual.regularizations, std::vector<double>{1e-8});
  const auto special =
      configure({"evaluate", "--data.structures", "a", "--validation.folds", "LOO", "--validation.method",
                 "eigen", "--regression.regularization", "1e-5,1e-7"});
  EXPECT_EQ(special.validation.folds, 0);
  EXPECT_EQ(special.validation.method, "eigen");
  EXPECT_EQ(special.regularization, 1e-5);
  EXPECT_EQ(special.regularizations, (std::vector<double>{1e-5, 1e-7}));
  const Words plan{"plan", "--data.structures", "a", "--regression.regularization", "1e-5,1e-7"};
  auto planned = plan;
  planned.insert(planned.end(), {"--plan.command", "evaluate"});
  EXPECT_EQ(configure(planned).regularizations.size(), 2U);
  expect_config_error([&] { configure(plan); }, "regression.regularization", "command line",
                      {"1e-5,1e-7: 'train' takes one number"});
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

TEST(Configuration, unknown_and_doubled_keys_in_a_file) {
  files["run.ini"] = "[data]\nstructures = a.xyz\n[soap]\ncutof = 4\n";
  refuses({"train", "--config", "run.ini"}, "soap.cutof", "run.ini:4", {"did you mean 'soap.cutoff'?"});
  files["run.ini"] = "[soap]\ncutoff = 4\n\ncutoff = 5\n";
  refuses({"train", "--config", "run.ini"}, "soap.cutoff", "run.ini:4", {"run.ini:2"});
  files["run.ini"] = "[kernel.1]\nsoap.cutof = 4\n";
  refuses({"train", "--config", "run.ini"}, "kernel.1.soap.cutof", "run.ini:2", {"'kernel.1.soap.cutoff'"});
  files["run.ini"] = "[soap]\nn-max = many\n";
  refuses({"train", "--config", "run.ini"}, "soap.n-max", "run.ini:2",
          {"n-max = many: expected an integer >= 1"});
  EXPECT_THROW(configure({"train", "--config", "missing.ini"}), IoError);
}

TEST(Configuration, options_that_do_not_apply) {
  refuses({"predict", "--model", "m.h5", "--data.structures", "a", "--soap.cutoff", "4"}, "soap.cutoff",
          "command line", {"does not apply to 'predict'"});
  refuses({"inspect", "m.h5", "--data.seed", "4"}, "data.seed", "command line",
          {"does not apply to 'inspect'"});
  refuses({"train", "--data.structures", "a", "--model", "m"}, "model", "command line",
          {"it applies to predict"});
}

TEST(Configuration, missing_keys) {
  refuses({"train"}, "data.structures", "", {"'train' needs --data.structures FILE"});
  refuses({"predict", "--data.structures", "a"}, "model", "", {"'predict' needs --model FILE"});
  refuses({"inspect"}, "file", "", {"'inspect' needs FILE"});
}

void train_refuses(Words words, const std::string& key, const Words& parts) {
  words.insert(words.begin(), {"train", "--data.structures", "a.xyz"});
  refuses(words, key, "command line", parts);
}

TEST(Configuration, keys_that_do_not_go_together) {
  train_refuses({"--soap.cutoff-width", "6"}, "soap.cutoff-width",
                {"soap.cutoff-width = 6", "0 to soap.cutoff = 5.0"});
  train_refuses({"--soap.cutoff", "0.4"}, "soap.cutoff-width",
                {"soap.cutoff-width = 0.5 (the default)", "soap.cutoff = 0.4"});
  train_refuses({"--kernel.2.soap.cutoff", "0.4"}, "soap.cutoff-width", {"kernel.2.soap.cutoff = 0.4"});
  train_refuses({"--data.baseline", "atoms"}, "data.atom-energy", {"data.atom-energy is missing"});
  train_refuses({"--data.atom-energy", "H:-0.5"}, "data.atom-energy", {"needs data.baseline = atoms"});
  EXPECT_NO_THROW(train({"--data.atom-energy", "H:-0.5", "--data.baseline", "none"}));
  train_refuses({"--kernel.1.weight", "0"}, "kernel.1.weight", {"at least one kernel with a weight > 0"});
  EXPECT_NO_THROW(train({"--kernel.1.weight", "0", "--kernel.2.weight", "1"}));
  train_refuses({"--species.elements", "H,C", "--species.channels", "3"}, "species.channels",
                {"at most the 2 elements"});
  train_refuses({"--data.structures", "a.xyz"}, "data.structures", {"given twice"});
  train_refuses({"--data.target", "E", "--data.target", "E"}, "data.target", {"given twice"});
  train_refuses({"--output", "x", "--report", "x"}, "report", {"expected another file than that of output"});
  EXPECT_NO_THROW(train({"--report", "/dev/null", "--log-file", "/dev/null"}));
  refuses({"predict", "--model", "m.h5", "--data.structures", "a", "--output", "p.txt"}, "output",
          "command line", {".csv or .xyz"});
}

TEST(Configuration, the_range_of_every_number) {
  train_refuses({"--soap.cutoff", "0"}, "soap.cutoff", {"soap.cutoff = 0: expected a number > 0"});
  train_refuses({"--soap.cutoff", "-5"}, "soap.cutoff", {"soap.cutoff = -5: expected a number > 0"});
  train_refuses({"--kernel.3.soap.n-max", "0"}, "kernel.3.soap.n-max", {"expected an integer >= 1"});
  train_refuses({"--kernel.zeta", "0"}, "kernel.zeta", {"expected an integer >= 1"});
  train_refuses({"--kernel.1.weight", "-1"}, "kernel.1.weight", {"expected a number >= 0"});
  train_refuses({"--regression.regularization", "-1"}, "regression.regularization",
                {"expected a number >= 0"});
}

TEST(Configuration, what_the_parameters_themselves_refuse_names_key_and_place) {
  files["run.ini"] = "[data]\nstructures = a.xyz\n[kernel.2]\nsoap.n-max = 100000\n";
  refuses({"train", "--config", "run.ini"}, "kernel.2.soap.n-max", "run.ini:4", {"soap.n-max"});
}

} // namespace
} // namespace soapstone::app
