// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/formats/tokens.hpp"

#include <cstdlib>
#include <gtest/gtest.h>

namespace soapstone::formats {

TEST(Tokens, BlanksSeparate) {
  std::string_view rest = "  a\tbc \v d\x1f";
  EXPECT_EQ(next_token(rest), "a");
  EXPECT_EQ(next_token(rest), "bc");
  EXPECT_EQ(next_token(rest), "d");
  EXPECT_TRUE(next_token(rest).empty());
  EXPECT_TRUE(is_blank(std::string_view(" \t\r")));
}

TEST(Tokens, CommasSeparateValues) {
  std::string_view rest = " 1,2 ,3, ,4";
  for (const char* expected : {"1", "2", "3", "4", ""})
    EXPECT_EQ(next_value(rest), expected);
}

TEST(Tokens, NumbersAreRoundedCorrectly) {
  for (const char* text :
       {"0.1", "-1.23456789012345678901234567890", "9007199254740993", "2.2250738585072011e-308", "5e-324",
        "1.7976931348623157e308", "123456789.123456789e-20", "-0.0", "1e23"})
    EXPECT_EQ(to_number(text), std::strtod(text, nullptr)) << text;
  EXPECT_EQ(to_number("+1.5"), 1.5);
  EXPECT_EQ(to_number("1.5D-3"), 1.5e-3);
  EXPECT_EQ(to_number("1.5d+03"), 1.5e3);
  EXPECT_EQ(to_number("1.5*^-3"), 1.5e-3);
  for (const char* text : {"", "1.5x", "--1", "1,5", "0x10", "***", "1 2", "e5"})
    EXPECT_FALSE(to_number(text)) << text;
}

TEST(Tokens, SpeciesAreSymbolsInAnyCaseOrNumbers) {
  for (const char* text : {"Cl", "CL", "cl", "cL", "17"})
    EXPECT_EQ(to_species(text), 17) << text;
  EXPECT_EQ(to_species("c"), 6);
  for (const char* text : {"", "X", "0", "119", "-1", "C1", "Cll", "C-", "1.0"})
    EXPECT_FALSE(to_species(text)) << text;
}

TEST(Tokens, MessagesAreShortAndPrintable) {
  EXPECT_EQ(shown("a\tb"), "'a b'");
  EXPECT_EQ(shown(std::string_view("\x1b[2J\0", 5)), "'\\x1b[2J\\x00'");
  EXPECT_LT(shown(std::string(100000, 'x')).size(), 80u);
  EXPECT_EQ(shown("\xff\xfe\x32"), "'\\xff\\xfe2'");
  EXPECT_EQ(shown("\u00e5 \u2212 \U0001f600"), "'\u00e5 \u2212 \U0001f600'");
  EXPECT_EQ(shown("\xc2\x9b[2J"), "'\\xc2\\x9b[2J'") << "a control sequence in UTF-8";
  EXPECT_EQ(shown("a\nb"), "'a\\x0ab'");
  const std::string many(59, 'x');
  EXPECT_EQ(shown(many + "\u00e5"), "'" + many + "...'");
  const std::string shortened = shown(std::string(200, '\x84'));
  EXPECT_TRUE(shortened.starts_with("'\\x84") && shortened.ends_with("\\x84...'")) << shortened;
}

} // namespace soapstone::formats
