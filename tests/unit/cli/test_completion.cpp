// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/cli/completion.hpp"

#include "expect_config_error.hpp"
#include "soapstone/cli/configuration.hpp"
#include "soapstone/cli/man_page.hpp"

namespace soapstone::cli {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

std::string no_file(const std::string& path) {
  throw IoError("not there", path);
}

TEST(Completion, typed_keys_and_keys_of_a_kernel_are_keys) {
  for (const Option& option : option_table()) {
    EXPECT_TRUE(match_key(typed_key(option)).has_value()) << option.name;
    const auto key = key_of_a_kernel(option);
    EXPECT_EQ(!key.empty(), option.per_kernel || option.name == "kernel.N.weight") << option.name;
    if (key.empty())
      continue;
    const auto match = match_key("kernel.7." + key);
    ASSERT_TRUE(match.has_value()) << key;
    EXPECT_EQ(match->option, &option);
    EXPECT_EQ(match->kernel, 7);
  }
}

TEST(Completion, offers_words_that_the_option_takes) {
  EXPECT_THAT(offered_words(option_named("data.target-scope")), testing::ElementsAre("total", "per-atom"));
  EXPECT_THAT(offered_words(option_named("soap.normalize")), testing::ElementsAre("true", "false"));
  EXPECT_THAT(offered_words(option_named("soap.cutoff")), testing::IsEmpty());
  EXPECT_TRUE(takes_path(option_named("model")));
  EXPECT_FALSE(takes_path(option_named("data.target")));
}

TEST(Completion, scripts_are_texts_about_the_program) {
  const auto bash = parse_invocation({"completion", "bash"}, no_file);
  EXPECT_EQ(bash.kind, Invocation::Kind::document);
  EXPECT_EQ(bash.text, bash_completion());
  EXPECT_THAT(parse_invocation({"completion", "zsh"}, no_file).text, StartsWith("#compdef soapstone"));
  EXPECT_THAT(parse_invocation({"man"}, no_file).text, StartsWith(".TH SOAPSTONE 1"));
  EXPECT_THROW(completion_script("csh"), ConfigError);
  EXPECT_EQ(parse_invocation({"man", "--help"}, no_file).kind, Invocation::Kind::help);
}

TEST(Completion, of_zsh_has_balanced_quotes) {
  const auto text = zsh_completion();
  bool inside = false, comment = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!inside && text[i] == '#')
      comment = true;
    if (text[i] == '\n')
      comment = false;
    if (!inside && text[i] == '\\')
      ++i;
    else if (!comment && text[i] == '\'')
      inside = !inside;
  }
  EXPECT_FALSE(inside);
}

TEST(ManPage, is_ascii_and_has_every_key) {
  const auto page = man_page();
  for (const char c : page)
    ASSERT_TRUE(c == '\n' || (c >= ' ' && c <= '~')) << static_cast<int>(c);
  EXPECT_THAT(page, HasSubstr(".BI \"\\-\\-soap.cutoff \" \"\\[u00C5]\""));
  EXPECT_THAT(page, HasSubstr("(c + (r/r0)\\(ham)"));
  EXPECT_THAT(page, HasSubstr("\n.SS \"radial\\-scaling\"\n"));
}

} // namespace
} // namespace soapstone::cli
