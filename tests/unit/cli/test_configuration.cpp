// SPDX-License-Identifier: BSD-3-Clause
#include "configure.hpp"
#include "soapstone/cli/option_table.hpp"

#include <gtest/gtest.h>

namespace soapstone::cli {
namespace {

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
                           "species.form",
                           "sparse",
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
                           "parallel.watchdog",
                           "60",
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

void expect_all_set(const options::Configuration& c) {
  EXPECT_EQ(c.data.source.paths, Words{"b.xyz"});
  EXPECT_EQ(c.data.source.format, formats::Format::extxyz);
  ASSERT_EQ(c.data.targets.size(), 1U);
  EXPECT_EQ(c.data.targets[0].key, "U0");
  EXPECT_EQ(c.data.targets[0].unit, "hartree");
  EXPECT_TRUE(c.data.targets[0].per_atom);
  EXPECT_EQ(c.data.baseline, options::Baseline::atoms);
  EXPECT_EQ(c.data.atom_energies, (std::map<int, double>{{1, -0.5}, {6, -37.8}}));
  EXPECT_EQ(c.data.train, 1000);
  EXPECT_EQ(c.data.test, 100);
  EXPECT_EQ(c.data.seed, 7U);
  EXPECT_EQ(c.regularization, 1e-7);
  EXPECT_EQ(c.validation.folds, 5);
  EXPECT_EQ(c.parallel.block_size, 64);
  EXPECT_EQ(c.parallel.grid, "1x2");
  EXPECT_EQ(c.parallel.blas_threads, 2);
  EXPECT_EQ(c.parallel.memory_gib, 4);
  EXPECT_EQ(c.parallel.watchdog_seconds, 60);
  EXPECT_EQ(c.output.output, "m.h5");
  EXPECT_EQ(c.output.report, "r.json");
  EXPECT_EQ(c.output.log_file, "r.log");
  EXPECT_TRUE(c.output.quiet);
  ASSERT_EQ(c.kernels.size(), 1U); // kernel.2 alone
  const options::KernelOptions& k = c.kernels[0];
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
  EXPECT_EQ(k.species.coupling, options::CouplingKind::none);
  EXPECT_EQ(k.species.sigma_electronegativity, 0.7);
  EXPECT_EQ(k.species.sigma_radius, 0.8);
  EXPECT_EQ(k.species.electronegativities, (std::map<int, double>{{2, 4.16}, {10, 4.79}}));
  EXPECT_EQ(k.species.radii, (std::map<int, double>{{61, 2.9}}));
  EXPECT_EQ(k.species.elements, (std::vector<int>{1, 6, 7, 8}));
  EXPECT_EQ(k.species.channels, 3);
  EXPECT_TRUE(k.species.normalize_before);
  EXPECT_EQ(k.species.form, options::CouplingForm::pairwise);
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
    Words words{std::string(info.name()), "--config", "run.ini"};
    if (info.name() == "predict")
      words.insert(words.end(), {"--model", "model.h5", "--output", "p.csv"});
    if (info.name() == "inspect")
      words.emplace_back("model.h5");
    EXPECT_NO_THROW(configure(words)) << info.name();
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
                          "regression.uncertainty",
                          "predict.uncertainty",
                          "predict.extrapolation",
                          "predict.novelty-limit",
                          "predict.per-atom",
                          "config",
                          "model",
                          "skip-unknown",
                          "against",
                          "file",
                          "dry-run",
                          "soap.radial-basis",
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
                          "validation.optimize-regularization",
                          "optimize.parameters",
                          "optimize.regularizer",
                          "optimize.huber-width",
                          "optimize.iterations",
                          "optimize.restart",
                          "optimize.tolerance"})
    named[key] = true;
  for (const Option& option : option_table())
    EXPECT_TRUE(
        named.contains(option.name == "kernel.N.weight" ? "kernel.2.weight" : std::string(option.name)))
        << option.name << " is not tested";
}

TEST(Configuration, defaults_are_those_of_the_interface) {
  const options::Configuration c = train({});
  EXPECT_EQ(c.command, options::Command::train);
  EXPECT_EQ(c.data.source.format, formats::Format::automatic);
  ASSERT_EQ(c.data.targets.size(), 1U);
  EXPECT_EQ(c.data.targets[0].key, "energy");
  EXPECT_EQ(c.data.targets[0].unit, "eV");
  EXPECT_FALSE(c.data.targets[0].per_atom);
  EXPECT_EQ(c.data.baseline, options::Baseline::composition);
  EXPECT_FALSE(c.data.train);
  EXPECT_EQ(c.data.test, 0);
  EXPECT_EQ(c.data.seed, 1U);
  ASSERT_EQ(c.kernels.size(), 1U);
  const options::KernelOptions& k = c.kernels[0];
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
  EXPECT_EQ(k.species.coupling, options::CouplingKind::none);
  EXPECT_EQ(k.species.sigma_electronegativity, 0.5);
  EXPECT_EQ(k.species.sigma_radius, 0.5);
  EXPECT_TRUE(k.species.electronegativities.empty());
  EXPECT_TRUE(k.species.radii.empty());
  EXPECT_TRUE(k.species.elements.empty());
  EXPECT_FALSE(k.species.channels);
  EXPECT_FALSE(k.species.normalize_before);
  EXPECT_FALSE(k.species.form);
  EXPECT_EQ(k.zeta, 2);
  EXPECT_EQ(k.weight, 1);
  EXPECT_EQ(c.regularization, 1e-8);
  EXPECT_EQ(c.validation.folds, 10);
  EXPECT_FALSE(c.parallel.block_size);
  EXPECT_EQ(c.parallel.grid, "auto");
  EXPECT_EQ(c.parallel.blas_threads, 1);
  EXPECT_EQ(c.parallel.watchdog_seconds, 21600);
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

} // namespace
} // namespace soapstone::cli
