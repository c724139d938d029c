// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/base/text.hpp"

#include "soapstone/base/random.hpp"

#include <bit>
#include <cmath>
#include <limits>

#include <gtest/gtest.h>

namespace soapstone {
namespace {

using Words = std::vector<std::string>;

Words copies(const std::vector<std::string_view>& views) {
  return {views.begin(), views.end()};
}

TEST(Trim, takes_blanks_off_both_ends_only) {
  EXPECT_EQ(trim("  a b\t\r\n"), "a b");
  EXPECT_EQ(trim("a"), "a");
  EXPECT_EQ(trim(" \t "), "");
  EXPECT_EQ(trim(""), "");
}

TEST(Split, keeps_empty_parts) {
  EXPECT_EQ(split("a,b,c", ','), (Words{"a", "b", "c"}));
  EXPECT_EQ(split(",a,,", ','), (Words{"", "a", "", ""}));
  EXPECT_EQ(split("", ','), (Words{""}));
}

TEST(SplitWhitespace, drops_empty_parts) {
  EXPECT_EQ(copies(split_whitespace(" H  0.0\t1.5\r\n")), (Words{"H", "0.0", "1.5"}));
  EXPECT_TRUE(split_whitespace(" \t ").empty());
  EXPECT_TRUE(split_whitespace("").empty());
}

TEST(ToLower, leaves_everything_but_capitals) {
  EXPECT_EQ(to_lower("KCal/MOL_9[Z\u00c4"), "kcal/mol_9[z\u00c4");
}

TEST(ParseDouble, ordinary_numbers) {
  EXPECT_EQ(parse_double("1.5"), 1.5);
  EXPECT_EQ(parse_double("-0.25e2"), -25.0);
  EXPECT_EQ(parse_double("+3"), 3.0);
  EXPECT_EQ(parse_double(".5"), 0.5);
  EXPECT_EQ(parse_double("5."), 5.0);
  EXPECT_EQ(parse_double("1E+03"), 1000.0);
  EXPECT_TRUE(std::signbit(parse_double("-0.0").value()));
}

TEST(ParseDouble, exponents_of_fortran_and_mathematica) {
  EXPECT_EQ(parse_double("1.5D-3"), 1.5e-3);
  EXPECT_EQ(parse_double("-1.5d+03"), -1.5e3);
  EXPECT_EQ(parse_double("1.5D3"), 1500.0);
  EXPECT_EQ(parse_double("6.8*^-6"), 6.8e-6);
  EXPECT_EQ(parse_double("-2*^5"), -2e5);
  EXPECT_EQ(parse_double("+1.D0"), 1.0);
}

TEST(ParseDouble, not_a_number_and_infinity) {
  EXPECT_TRUE(std::isnan(parse_double("nan").value()));
  EXPECT_TRUE(std::isnan(parse_double("NaN").value()));
  EXPECT_EQ(parse_double("inf"), std::numeric_limits<double>::infinity());
  EXPECT_EQ(parse_double("-Infinity"), -std::numeric_limits<double>::infinity());
  EXPECT_EQ(parse_double("+inf"), std::numeric_limits<double>::infinity());
}

TEST(ParseDouble, refuses_what_is_not_wholly_a_number) {
  for (const char* text : {"",      " ",     "abc",   "1.5x",  "1.5 ",    " 1.5",  "1,5",   "1.5e",  "1.5e+",
                           "1.5D",  "--1",   "+-1",   "-+1",   "++1",     "1.2.3", "e5",    ".",     "-",
                           "+",     "1e5.0", "1.5*^", "*^5",   "1.5*3",   "1.5^3", "1e5e5", "1D5D5", "1.0f",
                           "1'000", "1_000", "nanx",  "infin", "1.5*^D2", "0x",    "d",     "D5"})
    EXPECT_FALSE(parse_double(text).has_value()) << "'" << text << "'";
  EXPECT_FALSE(parse_double(std::string_view("1\0", 2)).has_value());
}

TEST(ParseDouble, refuses_hexadecimal) {
  for (const char* text : {"0x10", "0x1p3", "-0x1.8p1", "0X1P3", "1p3", "1.8p1"})
    EXPECT_FALSE(parse_double(text).has_value()) << text;
}

TEST(ParseDouble, overflow_and_underflow_go_to_the_ends) {
  const double infinity = std::numeric_limits<double>::infinity();
  EXPECT_EQ(parse_double("1e400"), infinity);
  EXPECT_EQ(parse_double("-1e400"), -infinity);
  EXPECT_EQ(parse_double("1D400"), infinity);
  EXPECT_EQ(parse_double("1e-400"), 0.0);
  EXPECT_TRUE(std::signbit(parse_double("-1e-400").value()));
  EXPECT_EQ(parse_double("1.7976931348623157e308"), std::numeric_limits<double>::max());
  EXPECT_EQ(parse_double("4.9406564584124654e-324"), std::numeric_limits<double>::denorm_min());
  EXPECT_EQ(parse_double("2.2250738585072011e-308"), 0x0.fffffffffffffp-1022); // stops some parsers for ever
  EXPECT_EQ(parse_double("1e-310"), 1e-310);
}

// Decimal numbers half-way between two doubles, and a digit beyond the middle.
TEST(ParseDouble, rounds_correctly) {
  EXPECT_EQ(parse_double("9007199254740993"), 9007199254740992.0);
  EXPECT_EQ(parse_double("9007199254740993.00000000000000000000000000000001"), 9007199254740994.0);
  EXPECT_EQ(parse_double("0.1000000000000000055511151231257827021181583404541015625"), 0.1);
  EXPECT_EQ(parse_double("6.631236846766476e-316"), 6.631236846766476e-316);
  EXPECT_EQ(parse_double("0." + std::string(400, '0') + "1e401"), 1.0);
  EXPECT_EQ(parse_double("1" + std::string(400, '0') + "e-400"), 1.0);
}

TEST(ParseDouble, random_doubles_come_back_to_the_bit) {
  CounterRandom random(1);
  for (int i = 0; i < 200000; ++i) {
    const auto value = std::bit_cast<double>(random());
    if (!std::isfinite(value))
      continue;
    const auto read = parse_double(format("%.17g", value));
    ASSERT_TRUE(read.has_value()) << value;
    ASSERT_EQ(std::bit_cast<std::uint64_t>(*read), std::bit_cast<std::uint64_t>(value)) << value;
  }
}

TEST(ParseDouble, agrees_with_the_exponent_of_c) {
  CounterRandom random(2);
  for (int i = 0; i < 20000; ++i) {
    const auto plain = format("%.*e", static_cast<int>(random.below(25)), random.normal());
    std::string fortran = plain, mathematica = plain;
    fortran.replace(fortran.find('e'), 1, 1, 'D');
    mathematica.replace(mathematica.find('e'), 1, "*^");
    ASSERT_EQ(parse_double(fortran), parse_double(plain)) << plain;
    ASSERT_EQ(parse_double(mathematica), parse_double(plain)) << plain;
  }
}

TEST(ParseInteger, whole_numbers_of_64_bits) {
  EXPECT_EQ(parse_integer("42"), 42);
  EXPECT_EQ(parse_integer("-42"), -42);
  EXPECT_EQ(parse_integer("+42"), 42);
  EXPECT_EQ(parse_integer("9223372036854775807"), std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(parse_integer("-9223372036854775808"), std::numeric_limits<std::int64_t>::min());
}

TEST(ParseInteger, refuses_everything_else) {
  for (const char* text : {"", "+", "-", "1.0", "1e3", " 1", "1 ", "0x10", "+-1", "--1", "++1",
                           "9223372036854775808", "-9223372036854775809", "one"})
    EXPECT_FALSE(parse_integer(text).has_value()) << "'" << text << "'";
}

TEST(NearestName, finds_the_misspelt_key) {
  const Words known{"soap.cutoff", "soap.cutoff-width", "soap.n-max",
                    "soap.l-max",  "data.target",       "data.train"};
  EXPECT_EQ(nearest_name("soap.cutof", known), "soap.cutoff");
  EXPECT_EQ(nearest_name("soap.nmax", known), "soap.n-max");
  EXPECT_EQ(nearest_name("SOAP.CUTOFF", known), "soap.cutoff");
  EXPECT_EQ(nearest_name("data.tarin", known), "data.train");
  EXPECT_EQ(nearest_name("data.target", known), "data.target");
}

TEST(NearestName, says_nothing_rather_than_nonsense) {
  const Words known{"soap.cutoff", "data.target"};
  EXPECT_EQ(nearest_name("zq", known), "");
  EXPECT_EQ(nearest_name("kernel.N.weight", known), "");
  EXPECT_EQ(nearest_name("anything", {}), "");
  EXPECT_EQ(nearest_name("Ha", std::vector<std::string>{"eV"}), "") << "no letter in common";
}

TEST(FormatCount, has_a_plural) {
  EXPECT_EQ(format_count(1, "rank"), "1 rank");
  EXPECT_EQ(format_count(0, "BLAS thread"), "0 BLAS threads");
}

TEST(Format, is_printf) {
  EXPECT_EQ(format("%d %s %.2f", 7, "x", 1.0), "7 x 1.00");
  EXPECT_EQ(format("%s", std::string(10000, 'a').c_str()), std::string(10000, 'a'));
  EXPECT_EQ(format("%s", ""), "");
}

TEST(CsvField, is_quoted_where_it_must_be) {
  EXPECT_EQ(csv_field("a b:c"), "a b:c");
  EXPECT_EQ(csv_field("a,b"), "\"a,b\"");
  EXPECT_EQ(csv_field("a \"b\""), "\"a \"\"b\"\"\"");
  EXPECT_EQ(csv_field("a\nb"), "\"a\nb\"");
}

TEST(FormatBytes, binary_units) {
  EXPECT_EQ(format_bytes(0), "0 B");
  EXPECT_EQ(format_bytes(1023), "1023 B");
  EXPECT_EQ(format_bytes(1536), "1.5 KiB");
  EXPECT_EQ(format_bytes(3.0 * 1024 * 1024), "3.0 MiB");
  EXPECT_EQ(format_bytes(80e9), "74.5 GiB");
  EXPECT_EQ(format_bytes(std::ldexp(1.0, 70)), "1048576.0 PiB");
}

TEST(FormatDuration, readable_times) {
  EXPECT_EQ(format_duration(0.04), "0.0 s");
  EXPECT_EQ(format_duration(3.21), "3.2 s");
  EXPECT_EQ(format_duration(45), "45 s");
  EXPECT_EQ(format_duration(59.4), "59 s");
  EXPECT_EQ(format_duration(59.6), "1 min 00 s");
  EXPECT_EQ(format_duration(125), "2 min 05 s");
  EXPECT_EQ(format_duration(3725), "1 h 02 min");
  EXPECT_EQ(format_duration(360000), "100 h 00 min");
}

TEST(FormatDuration, nonsense_gives_a_question_mark) {
  EXPECT_EQ(format_duration(std::nan("")), "?");
  EXPECT_EQ(format_duration(std::numeric_limits<double>::infinity()), "?");
  EXPECT_EQ(format_duration(-1), "?");
}

} // namespace
} // namespace soapstone
