// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/workflow/model_targets.hpp"

#include "configure.hpp"

namespace soapstone::workflow {
namespace {

using testing::ElementsAre;

const Words abc{"a", "b", "c"};

TEST(InOrderOf, names_of_the_model_are_matched) {
  EXPECT_EQ(in_order_of(abc, {"c", "a", "b"}, ""), abc);
  EXPECT_EQ(in_order_of({"a"}, {"a"}, ""), Words{"a"});
}

TEST(InOrderOf, other_names_stand_for_those_in_their_place) {
  EXPECT_THAT(in_order_of(abc, {"z", "y", "x"}, ""), ElementsAre("z", "y", "x"));
  EXPECT_THAT(in_order_of(abc, {"z", "b", "x"}, ""), ElementsAre("z", "b", "x"));
}

TEST(InOrderOf, a_name_of_the_model_in_the_place_of_another_is_refused) {
  expect_config_error(
      [] {
        in_order_of(abc, {"z", "a", "c"}, "run.ini:3");
      },
      "target", "run.ini:3", {"`target` = a", "predictions of b", "a, b, c"});
}

TEST(InOrderOf, there_are_as_many) {
  expect_config_error(
      [] {
        in_order_of(abc, {"a", "b"}, "command line");
      },
      "target", "command line", {"3 targets (a, b, c)"});
  expect_config_error([] { in_order_of({"a"}, {"a", "b"}, ""); }, "target", "", {"1 target (a)"});
}

regression::Model model_in_hartree() {
  regression::Model model;
  model.targets = {{"energy", {}}, {"gap", {}}};
  model.configuration = {{"data.target-unit", "hartree"}, {"data.target-scope", "per-atom"}};
  return model;
}

std::vector<formats::TargetSpec> targets(Words words) {
  words.insert(words.begin(), {"predict", "--model", "m.h5", "--data.structures", "a.xyz"});
  return with_targets_of(model_in_hartree(), configure(words), cli::with_values).data.targets;
}

void expect_target(const formats::TargetSpec& target, const std::string& key, const std::string& unit,
                   bool per_atom) {
  EXPECT_EQ(target.key, key);
  EXPECT_EQ(target.unit, unit);
  EXPECT_EQ(target.per_atom, per_atom);
}

TEST(WithTargetsOf, unit_and_scope_are_the_models_whatever_the_names) {
  expect_target(targets({}).at(1), "gap", "hartree", true);
  expect_target(targets({"--data.target", "energy", "--data.target", "gap"}).at(0), "energy", "hartree",
                true);
  expect_target(targets({"--data.target", "gap", "--data.target", "energy"}).at(0), "energy", "hartree",
                true);
  expect_target(targets({"--data.target", "e", "--data.target", "g"}).at(1), "g", "hartree", true);
}

TEST(WithTargetsOf, unit_and_scope_that_are_given_win) {
  expect_target(targets({"--data.target-unit", "meV"}).at(0), "energy", "meV", true);
  expect_target(targets({"--data.target-scope", "total", "--data.target", "e", "--data.target", "g"}).at(0),
                "e", "hartree", false);
}

} // namespace
} // namespace soapstone::workflow
