// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/cli/settings.hpp"

#include "expect_config_error.hpp"

namespace soapstone::cli {
namespace {

using Layer = Settings::Layer;

TEST(Settings, the_command_line_wins_over_the_file_and_the_file_over_the_default) {
  Settings settings("train");
  EXPECT_EQ(settings.get("soap.cutoff"), (options::Assignment{"soap.cutoff", "5.0", "default"}));
  settings.add({{"soap.cutoff", "4", "f:1"}, {"soap.l-max", "6", "f:2"}}, Layer::file);
  settings.add({{"soap.cutoff", "3", "command line"}}, Layer::command_line);
  EXPECT_EQ(settings.get("soap.cutoff"), (options::Assignment{"soap.cutoff", "3", "command line"}));
  EXPECT_EQ(settings.get("soap.l-max").source, "f:2");
  EXPECT_TRUE(settings.has("soap.l-max"));
  EXPECT_FALSE(settings.has("soap.n-max"));
}

TEST(Settings, repeatable_keys_add_up_within_a_layer_and_are_replaced_between_layers) {
  Settings settings("train");
  settings.add({{"data.structures", "a", "f:1"}, {"data.structures", "b", "f:2"}}, Layer::file);
  EXPECT_EQ(settings.all("data.structures").size(), 2U);
  settings.add({{"data.structures", "c", "command line"}}, Layer::command_line);
  EXPECT_EQ(settings.all("data.structures"),
            (std::vector<options::Assignment>{{"data.structures", "c", "command line"}}));
  EXPECT_TRUE(Settings("train").all("data.structures").empty());
  EXPECT_EQ(Settings("train").all("data.target").front().value, "energy");
}

TEST(Settings, a_key_given_twice_names_both_places) {
  Settings settings("train");
  expect_config_error(
      [&] {
        settings.add({{"soap.cutoff", "4", "f:1"}, {"soap.cutoff", "5", "f:9"}}, Layer::file);
      },
      "soap.cutoff", "f:9", {"given twice", "f:1", "f:9"});
  expect_config_error(
      [&] {
        settings.add({{"output", "a", "command line"}, {"output", "b", "command line"}}, Layer::command_line);
      },
      "output", "command line", {"given twice", "as a and as b"});
}

TEST(Settings, keys_of_other_commands_pass_in_a_file_but_not_on_the_command_line) {
  Settings settings("predict");
  EXPECT_NO_THROW(settings.add({{"soap.cutoff", "4", "f:1"}, {"validation.folds", "5", "f:2"}}, Layer::file));
  expect_config_error(
      [&] {
        settings.add({{"soap.cutoff", "4", "command line"}}, Layer::command_line);
      },
      "soap.cutoff", "command line", {"does not apply to 'predict'", "train"});
  for (const auto& key : settings.effective())
    EXPECT_NE(key.key, "soap.cutoff");
}

TEST(Settings, keys_of_other_commands_are_checked_all_the_same) {
  Settings settings("predict");
  expect_config_error(
      [&] {
        settings.add({{"soap.cutoff", "far", "f:3"}}, Layer::file);
      },
      "soap.cutoff", "f:3", {"expected a number > 0"});
  EXPECT_NO_THROW(settings.add({{"soap.cutoff", "3:5:3", "f:3"}}, Layer::file)); // the file of a search
}

TEST(Settings, unknown_keys) {
  Settings settings("train");
  expect_config_error(
      [&] {
        settings.add({{"soap.cutof", "4", "f:3"}}, Layer::file);
      },
      "soap.cutof", "f:3", {"unknown key 'soap.cutof': did you mean 'soap.cutoff'?"});
  expect_config_error(
      [&] {
        settings.add({{"config", "other.ini", "f:3"}}, Layer::file);
      },
      "config", "f:3", {"cannot name another"});
}

TEST(Settings, kernels_start_from_the_global_keys) {
  Settings settings("train");
  settings.add({{"soap.cutoff", "4", "f:1"},
                {"kernel.10.soap.cutoff", "2", "f:2"},
                {"kernel.2.weight", "3", "f:3"},
                {"kernel.zeta", "1", "f:4"},
                {"kernel.10.zeta", "3", "f:5"}},
               Layer::file);
  EXPECT_EQ(settings.kernels(), (std::vector<int>{2, 10}));
  EXPECT_EQ(settings.get("soap.cutoff", 2).value, "4");
  EXPECT_EQ(settings.get("soap.cutoff", 10).key, "kernel.10.soap.cutoff");
  EXPECT_EQ(settings.get("kernel.zeta", 2).value, "1");
  EXPECT_EQ(settings.get("kernel.zeta", 10).value, "3");
  EXPECT_EQ(settings.get("kernel.N.weight", 2).value, "3");
  EXPECT_EQ(settings.get("kernel.N.weight", 10).value, "1");
  EXPECT_EQ(settings.get("radial-scaling.exponent", 10).source, "default");
}

TEST(Settings, ranges_are_for_search) {
  Settings search("search");
  search.add({{"soap.cutoff", "3,4,5", "f:1"}, {"kernel.1.weight", "1:100:log3", "f:2"}}, Layer::file);
  EXPECT_EQ(search.get("soap.cutoff").value, "3");
  ASSERT_EQ(search.ranges().size(), 2U);
  EXPECT_EQ(search.ranges()[1].key, "kernel.1.weight");
  EXPECT_EQ(search.ranges()[1].values, (std::vector<std::string>{"1", "10", "100"}));
  expect_config_error(
      [&] {
        search.add({{"soap.n-max", "4:7:3", "f:3"}}, Layer::file);
      },
      "soap.n-max", "f:3", {"soap.n-max = 5.5: expected an integer"});
  Settings train("train");
  expect_config_error(
      [&] {
        train.add({{"soap.cutoff", "3,4,5", "f:1"}}, Layer::file);
      },
      "soap.cutoff", "f:1", {"3,4,5: expected a number > 0"});
}

TEST(Settings, evaluate_takes_lists_of_regularizations_and_of_nothing_else) {
  Settings evaluate("evaluate");
  evaluate.add({{"regression.regularization", "1e-8:1e-6:log3", "f:1"}}, Layer::file);
  const auto values = evaluate.scanned("regression.regularization");
  ASSERT_EQ(values.size(), 3U);
  EXPECT_EQ(values[1].value, "1e-07");
  EXPECT_EQ(values[1].source, "f:1");
  EXPECT_TRUE(evaluate.ranges().empty());
  EXPECT_EQ(evaluate.scanned("soap.cutoff"),
            (std::vector{options::Assignment{"soap.cutoff", "5.0", "default"}}));
  expect_config_error(
      [&] {
        evaluate.add({{"soap.cutoff", "3,4", "f:2"}}, Layer::file);
      },
      "soap.cutoff", "f:2", {"3,4: expected a number > 0"});
  expect_config_error(
      [&] {
        evaluate.add({{"regression.regularization", "1e-8,-1", "f:3"}}, Layer::file);
      },
      "regression.regularization", "f:3", {"-1: expected a number >= 0"});
}

TEST(Settings, effective_keys_follow_the_table_and_end_with_the_kernels) {
  Settings settings("train");
  settings.add({{"kernel.2.soap.cutoff", "3", "f:1"}, {"output", "m.h5", "f:2"}}, Layer::file);
  const auto keys = settings.effective();
  EXPECT_EQ(keys.front(), (options::Assignment{"data.format", "auto", "default"}));
  EXPECT_EQ(keys.back(), (options::Assignment{"kernel.2.soap.cutoff", "3", "f:1"}));
  for (const auto& key : keys) {
    EXPECT_FALSE(key.value.empty()) << key.key;
    EXPECT_TRUE(match_key(key.key)) << key.key;
  }
}

} // namespace
} // namespace soapstone::cli
