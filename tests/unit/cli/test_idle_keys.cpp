// SPDX-License-Identifier: BSD-3-Clause
#include "configure.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace soapstone::cli {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Words idle(const Words& words) {
  return configure(words).idle_keys;
}

Words idle_in_training(const Words& words) {
  return train(words).idle_keys;
}

TEST(IdleKeys, defaults_are_nobodys_mistake) {
  for (const char* command : {"train", "evaluate", "search", "optimize", "kernel", "features", "plan"})
    EXPECT_THAT(idle({command, "--data.structures", "a.xyz"}), IsEmpty()) << command;
}

/// A key with a value; what it needs; with that there is no warning.
struct Case {
  const char* command;
  Words key, remedy;
  const char* lack;
};

TEST(IdleKeys, every_rule_and_its_remedy) {
  const std::vector<Case> all{
      {"train",
       {"--data.atom-energy", "H:-1", "--data.baseline", "mean"},
       {},
       "without data.baseline = atoms"},
      {"train", {"--soap.l-max", "4", "--soap.body-order", "2"}, {}, "with soap.body-order = 2"},
      {"train",
       {"--soap.contraction-method", "pca"},
       {"--soap.contraction", "10"},
       "without soap.contraction"},
      {"features",
       {"--soap.contraction-sample", "5"},
       {"--soap.contraction", "0.01"},
       "without soap.contraction"},
      {"kernel",
       {"--radial-scaling.scale", "3", "--radial-scaling.exponent", "0"},
       {},
       "with radial-scaling.exponent = 0"},
      {"train",
       {"--species.sigma-radius", "1"},
       {"--species.coupling", "gaussian"},
       "without species.coupling = gaussian"},
      {"train",
       {"--species.radius", "He:1.4"},
       {"--species.coupling", "Gaussian"},
       "without species.coupling = gaussian"},
      {"train", {"--species.channels", "2"}, {"--species.coupling", "u.txt"}, "without species.coupling"},
      {"train",
       {"--species.normalize", "before"},
       {"--species.coupling", "gaussian"},
       "without species.coupling"},
      {"train",
       {"--regression.tolerance", "1e-3", "--regression.solver", "cholesky"},
       {},
       "without regression.solver = cg"},
      {"learning-curve",
       {"--regression.max-iterations", "9", "--regression.solver", "primal"},
       {},
       "without regression.solver = cg"},
      {"predict",
       {"--predict.novelty-limit", "2", "--predict.extrapolation", "off", "--model", "m.h5"},
       {},
       "with predict.extrapolation = off"},
      {"optimize", {"--validation.method", "eigen"}, {}, "on 'optimize'"},
      {"search", {"--search.samples", "4"}, {"--search.strategy", "random"}, "with search.strategy = grid"},
      {"search",
       {"--search.least-structures", "9"},
       {"--search.strategy", "halving"},
       "without search.strategy = halving"},
      {"train", {"--plan.ranks", "4"}, {"--dry-run"}, "without --dry-run"},
      {"train", {"--checkpoint-kernel", "yes"}, {"--checkpoint", "c.h5"}, "without --checkpoint"},
      {"train",
       {"--checkpoint-interval", "9", "--checkpoint", "c.h5", "--regression.solver", "cholesky"},
       {},
       "without regression.solver = cg"},
  };
  for (const auto& one : all) {
    Words words{one.command, "--data.structures", "a.xyz"};
    words.insert(words.end(), one.key.begin(), one.key.end());
    const auto name = one.key.front().substr(2);
    EXPECT_THAT(idle(words), ElementsAre(name + " has no effect " + one.lack + " (command line)"));
    if (one.remedy.empty())
      continue;
    words.insert(words.end(), one.remedy.begin(), one.remedy.end());
    EXPECT_THAT(idle(words), IsEmpty()) << name;
  }
}

TEST(IdleKeys, in_a_file_they_have_a_line) {
  files["idle.ini"] = "[species]\nsigma-radius = 1\n[plan]\nranks = 4\n[predict]\nnovelty-limit = 2\n";
  EXPECT_THAT(
      idle_in_training({"--config", "idle.ini"}),
      ElementsAre("species.sigma-radius has no effect without species.coupling = gaussian (idle.ini:2)"));
}

TEST(IdleKeys, nothing_is_said_where_it_is_not_certain) {
  EXPECT_THAT(idle_in_training({"--regression.tolerance", "1e-3"}), IsEmpty()) << "auto may choose cg";
  EXPECT_THAT(idle({"search", "--data.structures", "a.xyz", "--species.coupling", "none,gaussian",
                    "--species.sigma-radius", "0.5,1"}),
              IsEmpty());
  EXPECT_THAT(idle({"search", "--data.structures", "a.xyz", "--radial-scaling.exponent", "0,4",
                    "--radial-scaling.scale", "2,3"}),
              IsEmpty());
  EXPECT_THAT(idle({"optimize", "--data.structures", "a.xyz", "--species.sigma-radius", "1"}), IsEmpty())
      << "u starts from a gaussian coupling";
}

TEST(IdleKeys, several_kernels) {
  const std::string why = " has no effect without species.coupling = gaussian (command line)";
  EXPECT_THAT(idle_in_training({"--kernel.1.species.coupling", "gaussian", "--kernel.2.soap.cutoff", "3",
                                "--species.sigma-radius", "1"}),
              IsEmpty());
  EXPECT_THAT(
      idle_in_training({"--kernel.1.species.coupling", "gaussian", "--kernel.2.species.sigma-radius", "3"}),
      ElementsAre("kernel.2.species.sigma-radius" + why));
  EXPECT_THAT(idle_in_training({"--kernel.1.soap.cutoff", "4", "--kernel.2.soap.cutoff", "3",
                                "--species.sigma-radius", "1"}),
              ElementsAre("species.sigma-radius" + why));
}

} // namespace
} // namespace soapstone::cli
