// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/formats/qm9_reader.hpp"

#include "scratch.hpp"

namespace soapstone::formats {

using namespace structure;

namespace {

// In the layout of Sci. Data 1, 140022 (2014), table 2; the numbers are made up.
const std::string methane = "5\n"
                            "gdb "
                            "1\t157.5\t157.25\t157.\t0.\t13.5\t-0.375\t0.125\t0.5\t35.25\t0.0625\t-40.5\t-40."
                            "375\t-40.25\t-40.75\t6.5\t\n"
                            "C\t-0.0125\t 1.0859\t 0.008\t-0.5359\n"
                            "H\t 0.002\t-0.006\t 1.25*^-6\t 0.1339\n"
                            "H\t 1.0117\t 1.4637\t 0.0002\t 1.3*^-1\n"
                            "H\t-0.5408\t 1.4475\t-0.8766\t 0.1339\n"
                            "H\t-0.5238\t 1.4379\t 0.9063\t 0.1339\n"
                            "1341.3\t1341.3\t1341.3\t1562.4\t1562.7\t3038.3\t3151.6\t3151.6\t3151.7\n"
                            "C\tC\t\n"
                            "InChI=1S/CH4/h1H4\tInChI=1S/CH4/h1H4\n";

std::string changed(const std::string& from, const std::string& to) {
  std::string text = methane;
  return text.replace(text.find(from), from.size(), to);
}

Frame read(const std::string& text) {
  Qm9Reader reader(text_of(text));
  Frame frame;
  EXPECT_TRUE(reader.next(frame));
  return frame;
}

void expect_refused(const std::string& text, std::int64_t line, const std::vector<std::string>& parts) {
  SCOPED_TRACE(text);
  expect_data_error([&] { read(text); }, 0, line, parts);
}

} // namespace

TEST(Qm9Reader, ReadsEverything) {
  const Frame frame = read(methane);
  EXPECT_EQ(frame.structure.species, (std::vector<std::uint8_t>{6, 1, 1, 1, 1}));
  EXPECT_EQ(frame.structure.positions[0], (Vec3{-0.0125, 1.0859, 0.008}));
  EXPECT_EQ(frame.structure.positions[1][2], 1.25e-6);
  EXPECT_EQ(frame.structure.cell, Cell{});
  const std::vector<std::pair<const char*, const char*>> expected{
      {"gdb", "1"},       {"A", "157.5"},     {"B", "157.25"},
      {"C", "157."},      {"mu", "0."},       {"alpha", "13.5"},
      {"homo", "-0.375"}, {"lumo", "0.125"},  {"gap", "0.5"},
      {"r2", "35.25"},    {"zpve", "0.0625"}, {"U0", "-40.5"},
      {"U", "-40.375"},   {"H", "-40.25"},    {"G", "-40.75"},
      {"Cv", "6.5"},      {"smiles", "C"},    {"inchi_relaxed", "InChI=1S/CH4/h1H4"}};
  for (const auto& [key, value] : expected) {
    ASSERT_NE(frame.find(key), nullptr) << key;
    EXPECT_EQ(*frame.find(key), value) << key;
  }
  ASSERT_EQ(frame.arrays.size(), 1u);
  EXPECT_EQ(frame.arrays[0].values[2], "1.3e-1");
}

TEST(Qm9Reader, MoleculesOneAfterTheOther) {
  Qm9Reader reader(text_of(methane + methane));
  Frame frame;
  EXPECT_TRUE(reader.next(frame));
  EXPECT_TRUE(reader.next(frame));
  EXPECT_EQ(frame.location.frame, 1);
  EXPECT_EQ(frame.location.line, 11);
  EXPECT_EQ(frame.arrays.size(), 1u);
  EXPECT_FALSE(reader.next(frame));
}

TEST(Qm9Reader, WindowsLineEnds) {
  std::string text;
  for (const char c : methane)
    text += c == '\n' ? std::string("\r\n") : std::string(1, c);
  EXPECT_EQ(read(text).structure, read(methane).structure);
}

TEST(Qm9Reader, KnowsItsPropertyLine) {
  EXPECT_TRUE(is_qm9_property_line("gdb 1 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15"));
  EXPECT_FALSE(is_qm9_property_line("gdb 1 1 2 3 4 5 6 7 8 9 10 11 12 13 14"));
  EXPECT_FALSE(is_qm9_property_line("gdb=1 E=5"));
}

TEST(Qm9Reader, RefusesWhatIsWrong) {
  expect_refused(changed("5\n", "x\n"), 1, {"number of atoms"});
  expect_refused(changed("5\n", "999999999999\n"), 1, {"number of atoms"});
  expect_refused(changed("5\n", "4\n"), 7, {"frequenc"});
  expect_refused(changed("5\n", "6\n"), 8, {"symbol, x, y, z, charge"});
  expect_refused(changed("gdb", "gdx"), 2, {"gdb"});
  expect_refused(changed("13.5", "13,5"), 2, {"alpha", "'13,5'"});
  expect_refused(changed("\t6.5", ""), 2, {"15 numbers"});
  expect_refused(changed("-0.0125", "nan"), 3, {"finite coordinate"});
  expect_refused(changed("C\t-0.0125", "Q\t-0.0125"), 3, {"unknown element 'Q'"});
  expect_refused(changed("\t-0.5359", ""), 3, {"charge"});
  expect_refused(changed("1562.4\t1562.7\t", ""), 8, {"3N - 6"});
  expect_refused(changed("C\tC\t\n", ""), 9, {"end of the file"});
  expect_refused(changed("C\tC\t\n", "C\n"), 9, {"smiles"});
}

TEST(Qm9Reader, RefusesTruncationAtEveryLine) {
  for (std::size_t end = methane.find('\n'); end + 1 < methane.size(); end = methane.find('\n', end + 1)) {
    SCOPED_TRACE(methane.substr(0, end + 1));
    EXPECT_THROW(read(methane.substr(0, end + 1)), DataError);
  }
}

} // namespace soapstone::formats
