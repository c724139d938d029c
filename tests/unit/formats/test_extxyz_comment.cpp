// SPDX-License-Identifier: BSD-3-Clause
// Expected values: what ASE 3.22's key_val_str_to_dict makes of the same text (compare_with_ase.py does so on
// random text).
#include "soapstone/formats/extxyz_comment.hpp"

#include <gtest/gtest.h>

namespace soapstone::formats {

using namespace structure;

namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

Pairs parse(std::string_view comment) {
  std::vector<InfoEntry> entries{{"left", "over", true}, {"from", "before"}};
  parse_comment(comment, entries);
  Pairs pairs;
  for (const auto& entry : entries)
    pairs.emplace_back(entry.key, entry.value);
  return pairs;
}

} // namespace

TEST(ExtxyzComment, KeysAndValues) {
  EXPECT_EQ(parse("a=1 b=x"), (Pairs{{"a", "1"}, {"b", "x"}}));
  EXPECT_EQ(parse("  a = 1   b= x c =y "), (Pairs{{"a", "1"}, {"b", "x"}, {"c", "y"}}));
  EXPECT_EQ(parse("a\tb=2"), (Pairs{{"a", "T"}, {"b", "2"}}));
  EXPECT_EQ(parse("just a remark"), (Pairs{{"just", "T"}, {"a", "T"}, {"remark", "T"}}));
  EXPECT_EQ(parse(""), Pairs{});
  EXPECT_EQ(parse("   "), Pairs{});
}

TEST(ExtxyzComment, Quotes) {
  EXPECT_EQ(parse("a=\"x y\" b='p q' c={1 2} d=[3 4]"),
            (Pairs{{"a", "x y"}, {"b", "p q"}, {"c", "1 2"}, {"d", "3 4"}}));
  EXPECT_EQ(parse("\"my key\" = 1"), (Pairs{{"my key", "1"}}));
  EXPECT_EQ(parse("a=\"it's\" b='say \"x\"'"), (Pairs{{"a", "it's"}, {"b", "say \"x\""}}));
  EXPECT_EQ(parse("a=x\"y z\"w"), (Pairs{{"a", "xy zw"}}));
  EXPECT_EQ(parse("a=\"k=v\" b=1"), (Pairs{{"a", "k=v"}, {"b", "1"}}));
  EXPECT_EQ(parse("a=[[1 2] 3"), (Pairs{{"a", "[1 2"}, {"3", "T"}}));
  EXPECT_EQ(parse("Bob's molecule"), (Pairs{{"Bobs molecule", "T"}}));
}

TEST(ExtxyzComment, NestedListsAreOneValue) {
  EXPECT_EQ(parse("a=[[1, 2], [3, 4]] b=1"), (Pairs{{"a", "[[1, 2], [3, 4]]"}, {"b", "1"}}));
  EXPECT_EQ(parse("a = [ [1,2],[3,4] ] b"), (Pairs{{"a", "[ [1,2],[3,4] ]"}, {"b", "T"}}));
  EXPECT_EQ(parse("a={{1 2} {3 4}} b=1"), (Pairs{{"a", "{{1 2} {3 4}}"}, {"b", "1"}}));
  EXPECT_EQ(parse(R"(a=[["x ]", "y"], ["\"", "z"]] b=1)"),
            (Pairs{{"a", R"([["x ]", "y"], ["\"", "z"]])"}, {"b", "1"}}));
  EXPECT_EQ(parse("a=[Na+].[Cl-]"), (Pairs{{"a", "Na+.Cl-"}})) << "not nested: as ASE has it";
  std::vector<InfoEntry> entries;
  parse_comment("a=[[1]] b=[1] c", entries);
  EXPECT_TRUE(entries[0].nested);
  EXPECT_FALSE(entries[1].nested);
  EXPECT_TRUE(entries[2].bare);
  parse_comment("a={1 {2} 3}  = 4 b", entries);
  EXPECT_EQ(entries[0].value, "{1 {2} 3}=4");
  EXPECT_FALSE(entries[0].nested) << "a text, which is written in quotes";
}

TEST(ExtxyzComment, ManyBracketsTakeNoLongerThanOthers) {
  std::string comment;
  for (int i = 0; i < 200000; ++i)
    comment += "a=[[ ";
  EXPECT_FALSE(parse(comment).empty()); // A search to the end for each of them would take minutes.
}

TEST(ExtxyzComment, Escapes) {
  EXPECT_EQ(parse(R"(a=\"x b=p\ q)"), (Pairs{{"a", "\"x"}, {"b", "p q"}}));
  EXPECT_EQ(parse(R"(a="say \"x\"" b=c\\d)"), (Pairs{{"a", "say \"x\""}, {"b", "c\\d"}}));
  EXPECT_EQ(parse(R"(a\=b=c)"), (Pairs{{"a=b", "c"}}));
}

TEST(ExtxyzComment, FurtherEqualSignsBelongToTheValue) {
  EXPECT_EQ(parse("smiles=C=O b==c"), (Pairs{{"smiles", "C=O"}, {"b", "=c"}}));
  EXPECT_EQ(parse("a=1 = 2"), (Pairs{{"a", "1=2"}}));
  EXPECT_EQ(parse("a= b=c"), (Pairs{{"a", "b=c"}}));
  EXPECT_EQ(parse("a="), (Pairs{{"a", ""}}));
}

TEST(ExtxyzComment, ALoneCarriageReturnIsABlank) {
  EXPECT_EQ(parse("a=\"x\ry\"\rb=1"), (Pairs{{"a", "x y"}, {"b", "1"}}));
}

TEST(ExtxyzComment, AnEmptyQuotedValueEndsThere) {
  EXPECT_EQ(parse("a=\"\" b=1"), (Pairs{{"a", ""}, {"b", "1"}}));
}

TEST(ExtxyzComment, RemembersWhichValuesWereQuoted) {
  std::vector<InfoEntry> entries;
  parse_comment("a=1 b=\"1\" \"c\"=1", entries);
  EXPECT_FALSE(entries[0].quoted);
  EXPECT_TRUE(entries[1].quoted);
  EXPECT_FALSE(entries[2].quoted);
}

TEST(ExtxyzComment, Lattice) {
  const auto vectors = parse_lattice("1 2 3, 4,5 6\t7.5 8e0 9D0 ");
  ASSERT_TRUE(vectors);
  EXPECT_EQ(*vectors, (std::array<Vec3, 3>{Vec3{1, 2, 3}, Vec3{4, 5, 6}, Vec3{7.5, 8, 9}}));
  for (const char* same :
       {"[[1, 2, 3], [4, 5, 6], [7.5, 8, 9]]", "1 2 3; 4 5 6; 7.5 8 9", "(1,2,3),(4,5,6),(7.5,8,9)",
        "_JSON [[1, 2, 3], [4, 5, 6], [7.5, 8, 9]]", "{{1 2 3} {4 5 6} {7.5 8 9}}"})
    EXPECT_EQ(parse_lattice(same), vectors) << same;
  EXPECT_EQ(parse_lattice("5 6 7"), (std::array<Vec3, 3>{Vec3{5, 0, 0}, Vec3{0, 6, 0}, Vec3{0, 0, 7}}));
  for (const char* wrong : {"", "5 5", "1 2 3 4 5 6 7 8", "1 2 3 4 5 6 7 8 9 10", "1 2 3 4 5 6 7 8 x",
                            "1 2 3 4 5 6 7 8 nan", "1 2 3 4 5 6 7 8 inf"})
    EXPECT_FALSE(parse_lattice(wrong)) << wrong;
}

TEST(ExtxyzComment, Pbc) {
  using Flags = std::array<bool, 3>;
  EXPECT_EQ(parse_pbc("T T F"), (Flags{true, true, false}));
  EXPECT_EQ(parse_pbc("T, F,T"), (Flags{true, false, true}));
  EXPECT_EQ(parse_pbc("1 0 1"), (Flags{true, false, true}));
  EXPECT_EQ(parse_pbc("True true FALSE"), (Flags{true, true, false}));
  EXPECT_EQ(parse_pbc("T"), (Flags{true, true, true}));
  EXPECT_EQ(parse_pbc("0"), (Flags{false, false, false}));
  EXPECT_EQ(parse_pbc(".true. .TRUE. .false."), (Flags{true, true, false}));
  EXPECT_EQ(parse_pbc("FTF"), (Flags{false, true, false}));
  EXPECT_EQ(parse_pbc("[true, true, false]"), (Flags{true, true, false}));
  EXPECT_EQ(parse_pbc("_JSON [true, true, false]"), (Flags{true, true, false}));
  EXPECT_EQ(parse_pbc("no"), (Flags{false, false, false}));
  for (const char* wrong : {"", "T T", "T T T T", "perhaps", "T T x", "TT"})
    EXPECT_FALSE(parse_pbc(wrong)) << wrong;
}

} // namespace soapstone::formats
