// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/cli/option_table.hpp"

#include "../soap/changed_fields.hpp"
#include "expect_config_error.hpp"
#include "soapstone/base/text.hpp"
#include "soapstone/cli/configuration_builder.hpp"
#include "soapstone/cli/value.hpp"
#include "soapstone/options/parameter_keys.hpp"

#include <set>

namespace soapstone::cli {
namespace {

TEST(OptionTable, every_row_is_whole_and_unique) {
  std::set<std::string_view> names;
  for (const Option& option : option_table()) {
    EXPECT_TRUE(names.insert(option.name).second) << option.name;
    EXPECT_FALSE(option.meaning.empty()) << option.name;
    EXPECT_NE(option.used_by, sets::none) << option.name;
    EXPECT_EQ(option.required_by & ~option.used_by, 0U) << option.name;
    if (!option.default_text.empty()) {
      EXPECT_NO_THROW(
          check_value({std::string(option.name), std::string(option.default_text), "default"}, option));
    }
  }
}

Settings settings_with(const std::string& key, const std::string& value) {
  Settings settings("features");
  settings.add({{key, value, "test"}, {"data.structures", "a.xyz", "test"}}, Settings::Layer::command_line);
  return settings;
}

// Each has a row, whose default is that of the program, and is read from it.
TEST(OptionTable, every_field_of_the_parameters_has_a_row) {
  const auto defaults = build_configuration(settings_with("quiet", "true")).kernels.front().soap;
  EXPECT_EQ(defaults, soap::SoapParameters());
  for (const auto& [field, changed] : soap::testing::changed_fields(defaults)) {
    std::string text;
    soap::for_each_field(
        [&, name = field.name](const soap::Field& other, const auto& value) {
          if (other.name != name)
            return;
          if constexpr (std::is_enum_v<std::remove_cvref_t<decltype(value)>>)
            text = to_string(value);
          else
            text = format("%.17g", static_cast<double>(value));
        },
        changed);
    const std::string key = options::key_of(field.name);
    const Option& option = option_named(key);
    EXPECT_TRUE(option.per_kernel && option.scannable) << key;
    EXPECT_EQ(build_configuration(settings_with(key, text)).kernels.front().soap, changed)
        << key << " " << text;
  }
}

TEST(OptionTable, rows_of_a_section_stand_together) {
  std::set<std::string_view> finished;
  std::string_view current = "none";
  for (const Option& option : option_table()) {
    if (section_of(option) == current)
      continue;
    EXPECT_TRUE(finished.insert(section_of(option)).second) << option.name;
    current = section_of(option);
  }
}

TEST(OptionTable, kernel_keys_lead_to_the_global_rows) {
  const auto cutoff = match_key("kernel.12.soap.cutoff");
  ASSERT_TRUE(cutoff);
  EXPECT_EQ(cutoff->option->name, "soap.cutoff");
  EXPECT_EQ(cutoff->kernel, 12);
  EXPECT_EQ(match_key("kernel.1.zeta")->option->name, "kernel.zeta");
  EXPECT_EQ(match_key("kernel.1.weight")->option->name, "kernel.N.weight");
  EXPECT_EQ(match_key("kernel.zeta")->kernel, 0);
}

TEST(OptionTable, keys_that_look_alike_are_not_known) {
  for (const char* key : {"", "kernel", "kernel.", "kernel.1", "kernel.1.", "kernel.0.zeta", "kernel.01.zeta",
                          "kernel.-1.zeta", "kernel.N.weight", "kernel.1.kernel.zeta", "kernel.1.data.train",
                          "kernel.1.regression.regularization", "soap.Cutoff", "soap.n_max", "kernel.weight"})
    EXPECT_FALSE(match_key(key)) << key;
}

std::string suggestion(const std::string& key) {
  const std::string what = unknown_key(key, "").what();
  const auto from = what.find("did you mean '");
  return from == std::string::npos ? "" : what.substr(from + 14, what.rfind('\'') - from - 14);
}

TEST(OptionTable, the_nearest_key_is_suggested) {
  EXPECT_EQ(suggestion("soap.cutof"), "soap.cutoff");
  EXPECT_EQ(suggestion("soap.n_max"), "soap.n-max");
  EXPECT_EQ(suggestion("sopa.l-max"), "soap.l-max");
  EXPECT_EQ(suggestion("cutoff"), "soap.cutoff");
  EXPECT_EQ(suggestion("folds"), "validation.folds");
  EXPECT_EQ(suggestion("output.report"), "report");
  EXPECT_EQ(suggestion("regression.lambda-regularisation"), "regression.regularization");
  EXPECT_EQ(suggestion("outptu"), "output");
  EXPECT_EQ(suggestion("kernel.2.soap.cutof"), "kernel.2.soap.cutoff");
  EXPECT_EQ(suggestion("kernel.3.wieght"), "kernel.3.weight");
  EXPECT_EQ(suggestion("kernel.3.exponent"), "kernel.3.radial-scaling.exponent");
}

TEST(OptionTable, commands_suggest_and_list) {
  expect_config_error([] { command_named("trian"); }, "trian", "command line", {"did you mean 'train'?"});
  expect_config_error([] { command_named("learning_curve"); }, "learning_curve", "command line",
                      {"'learning-curve'"});
  expect_config_error([] { command_named("x"); }, "x", "command line", {"train, predict, evaluate"});
  for (const auto& info : command_table()) {
    EXPECT_EQ(command_named(std::string(info.name())), info.command);
    EXPECT_EQ(&info_of(info.command), &info) << "rows stand in the order of Command";
    EXPECT_EQ(command_names(only(info.command)), info.name());
  }
  EXPECT_EQ(command_names(sets::validating), "evaluate, search, optimize, plan");
}

} // namespace
} // namespace soapstone::cli
