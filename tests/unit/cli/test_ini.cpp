// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/cli/ini.hpp"

#include "expect_config_error.hpp"

namespace soapstone::cli {
namespace {

TEST(Ini, sections_dotted_keys_and_line_numbers) {
  const auto found =
      parse_ini("output = m.h5\n\n[soap]\nn-max = 8\n[kernel.2.soap]\n  cutoff=3  \n[kernel]\n1.weight = 2\n",
                "run.ini");
  const std::vector<options::Assignment> expected{{"output", "m.h5", "run.ini:1"},
                                                  {"soap.n-max", "8", "run.ini:4"},
                                                  {"kernel.2.soap.cutoff", "3", "run.ini:6"},
                                                  {"kernel.1.weight", "2", "run.ini:8"}};
  EXPECT_EQ(found, expected);
}

TEST(Ini, comments_start_a_line_or_follow_whitespace) {
  const auto found = parse_ini("# a\n ; b\n[soap] ; c\ncutoff = 4 # d\n[data]\ntarget = E#1;2\t; e\n", "f");
  const std::vector<options::Assignment> expected{{"soap.cutoff", "4", "f:4"},
                                                  {"data.target", "E#1;2", "f:6"}};
  EXPECT_EQ(found, expected);
}

TEST(Ini, quoted_values_keep_comment_characters) {
  EXPECT_EQ(parse_ini("output = \"my #1 model.h5\" # yes\n", "f").front().value, "my #1 model.h5");
}

TEST(Ini, windows_line_ends_and_byte_order_mark) {
  const auto found = parse_ini("\xEF\xBB\xBF[soap]\r\ncutoff = 4\r\n", "f");
  EXPECT_EQ(found, (std::vector<options::Assignment>{{"soap.cutoff", "4", "f:2"}}));
}

TEST(Ini, utf16_is_named) {
  expect_config_error([] { parse_ini(std::string("\xff\xfe[\0s\0", 6), "f"); }, "", "f",
                      {"is UTF-16 text: save it as UTF-8"});
}

TEST(Ini, values_may_hold_equal_signs_and_the_last_line_may_lack_its_end) {
  EXPECT_EQ(parse_ini("output = a=b", "f"), (std::vector<options::Assignment>{{"output", "a=b", "f:1"}}));
  EXPECT_TRUE(parse_ini("", "f").empty());
}

TEST(Ini, control_characters_are_named) {
  using namespace std::string_literals;
  expect_config_error([] { parse_ini("# \1\n[soap]\nn\0max = 8\n"s, "f"); }, "", "f:3",
                      {"character 2 is the control character \\x00"});
}

TEST(Ini, errors_name_file_and_line) {
  expect_config_error([] { parse_ini("\n[soap\n", "run.ini"); }, "", "run.ini:2", {"[soap"});
  expect_config_error([] { parse_ini("[]\n", "run.ini"); }, "", "run.ini:1", {"expected a section"});
  expect_config_error([] { parse_ini("[soap]\ncutoff 5\n", "run.ini"); }, "", "run.ini:2",
                      {"expected 'key = value'", "cutoff 5"});
  expect_config_error([] { parse_ini("= 5\n", "run.ini"); }, "", "run.ini:1", {"expected 'key = value'"});
  expect_config_error([] { parse_ini("[soap]\ncutoff =  # nothing\n", "run.ini"); }, "soap.cutoff",
                      "run.ini:2", {"expected a value"});
  expect_config_error([] { parse_ini("output = \"a\" b\n", "run.ini"); }, "output", "run.ini:1",
                      {"double quotes"});
}

} // namespace
} // namespace soapstone::cli
