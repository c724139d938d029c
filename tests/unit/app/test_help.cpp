// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/app/help.hpp"

#include "expect_config_error.hpp"
#include "soapstone/app/configuration.hpp"
#include "soapstone/app/option_table.hpp"
#include "soapstone/base/text.hpp"

namespace soapstone::app {
namespace {

using testing::HasSubstr;

TEST(Help, of_the_program_has_one_line_for_each_command) {
  const auto lines = split(program_help(), '\n');
  for (const auto& info : command_table()) {
    const auto starts = [&](const std::string& line) {
      const auto words = split_whitespace(line);
      return line.starts_with("  ") && !words.empty() && words[0] == info.name();
    };
    const auto line = std::find_if(lines.begin(), lines.end(), starts);
    ASSERT_NE(line, lines.end()) << info.name();
    EXPECT_THAT(*line, HasSubstr(std::string(info.summary)));
  }
}

TEST(Help, of_a_command_shows_its_keys_and_no_others) {
  for (const auto& info : command_table()) {
    const std::string help = command_help(std::string(info.name()));
    const CommandSet set = only(info.command);
    for (const Option& option : option_table()) {
      const std::string shown =
          option.name == "file" ? "\n  FILE " : "\n  --" + std::string(option.name) + " ";
      EXPECT_EQ(help.find(shown) != std::string::npos, (option.used_by & set) != 0) << info.name() << shown;
    }
  }
}

TEST(Help, shows_sections_defaults_and_what_is_required) {
  const std::string help = command_help("train");
  EXPECT_THAT(help, HasSubstr("\nsoap\n  --soap.cutoff Å"));
  EXPECT_THAT(help, HasSubstr("(default: 5.0)"));
  EXPECT_THAT(help, HasSubstr("\nprogram\n"));
  EXPECT_THAT(help, HasSubstr("(required)"));
  for (const char* command : {"search", "evaluate", "plan"})
    EXPECT_THAT(command_help(command), HasSubstr("lo:hi:logN")) << command;
  EXPECT_THAT(help, testing::Not(HasSubstr("lo:hi:logN")));
}

TEST(Help, fits_a_terminal) {
  for (const auto& info : command_table())
    for (const auto& line : split(command_help(std::string(info.name())), '\n'))
      if (!line.starts_with("for example")) {
        EXPECT_LE(line.size(), 105U) << line; // bytes: a few characters take two
      }
}

std::string no_file(const std::string& path) {
  throw IoError("not there", path);
}

TEST(Help, the_examples_are_valid) {
  for (const auto& info : command_table()) {
    std::vector<std::string> words{std::string(info.name())};
    for (const auto word : split_whitespace(info.example))
      words.emplace_back(word);
    if (info.name() == "plan") {
      EXPECT_THROW(parse_invocation(words, no_file), IoError); // it gets as far as reading its file
    } else {
      EXPECT_NO_THROW(parse_invocation(words, no_file)) << info.name();
    }
  }
}

} // namespace
} // namespace soapstone::app
