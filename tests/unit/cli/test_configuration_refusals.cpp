// SPDX-License-Identifier: BSD-3-Clause
#include "configure.hpp"

#include <gtest/gtest.h>

namespace soapstone::cli {
namespace {

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
  train_refuses({"--data.baseline", "atoms"}, "data.atom-energy", {"needs data.atom-energy"});
  train_refuses({"--data.atom-energy", "H:-0.5"}, "data.atom-energy", {"needs data.baseline = atoms"});
  EXPECT_NO_THROW(train({"--data.atom-energy", "H:-0.5", "--data.baseline", "none"}));
  train_refuses({"--kernel.1.weight", "0"}, "kernel.1.weight", {"at least one kernel with a weight > 0"});
  EXPECT_NO_THROW(train({"--kernel.1.weight", "0", "--kernel.2.weight", "1"}));
  train_refuses({"--species.elements", "H,C", "--species.channels", "3"}, "species.channels",
                {"at most the 2 elements"});
  train_refuses({"--data.structures", "a.xyz"}, "data.structures", {"given twice"});
  train_refuses({"--data.target", "E", "--data.target", "E"}, "data.target", {"given twice"});
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
} // namespace soapstone::cli
