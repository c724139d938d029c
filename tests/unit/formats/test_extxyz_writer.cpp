// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/formats/extxyz_writer.hpp"

#include "scratch.hpp"
#include "soapstone/formats/extxyz_reader.hpp"

#include <bit>
#include <limits>
#include <random>

namespace soapstone::formats {

using namespace structure;

namespace {

Frame read_back(const Frame& frame) {
  std::ostringstream out;
  write_extxyz(out, frame);
  ExtxyzReader reader(text_of(out.str()));
  Frame back;
  EXPECT_TRUE(reader.next(back)) << out.str();
  Frame none;
  EXPECT_FALSE(reader.next(none));
  return back;
}

double random_bits(std::mt19937_64& random) {
  for (;;)
    if (const auto x = std::bit_cast<double>(random()); std::isfinite(x))
      return x;
}

} // namespace

TEST(ExtxyzWriter, WritesTheLinesThatItShould) {
  Frame frame;
  frame.structure = {{6, 1},
                     {{0, 0.1, -2.5e-10}, {1, 2, 3}},
                     {{Vec3{4, 0, 0}, Vec3{0, 5, 0}, Vec3{0, 0, 6}}, {true, true, false}}};
  frame.info = {{"energy", "-1.5"}, {"note", "a \"b\"", true}};
  frame.arrays = {{"q", 'R', 1, {"1D0", "2"}}};
  std::ostringstream out;
  write_extxyz(out, frame);
  EXPECT_EQ(
      out.str(),
      "2\nLattice=\"4.0 0.0 0.0 0.0 5.0 0.0 0.0 0.0 6.0\" pbc=\"T T F\" Properties=species:S:1:pos:R:3:q:R:1 "
      "energy=-1.5 note=\"a \\\"b\\\"\"\nC 0.0 0.1 -2.5e-10 1e0\nH 1.0 2.0 3.0 2\n");
}

TEST(ExtxyzWriter, WritesWhatItReadAsItWas) {
  const std::string text =
      "1\nProperties=species:S:1:pos:R:3:q:R:3:s:S:1 PBC m=[[1, 2], [3, 4]] f=[[\"a b\"], [\"]\"]]\n"
      "H 0.0 1.0 2.0 abcd nan 1e2 \"N 1\"\n";
  ExtxyzReader reader(text_of(text));
  Frame frame;
  ASSERT_TRUE(reader.next(frame));
  std::ostringstream out;
  write_extxyz(out, frame);
  EXPECT_EQ(out.str(), text);
}

TEST(ExtxyzWriter, EveryBitOfEveryNumberComesBack) {
  std::mt19937_64 random(7);
  for (int repeat = 0; repeat < 200; ++repeat) {
    Frame frame;
    for (std::uint8_t z = 1; z <= 20; ++z) {
      frame.structure.species.push_back(z);
      frame.structure.positions.push_back({random_bits(random), random_bits(random), -0.0});
    }
    frame.structure.cell.vectors = {Vec3{random_bits(random), 0, -0.0}, Vec3{5e-324, 1e300, 0},
                                    Vec3{0, 0, 1}};
    const auto back = read_back(frame).structure;
    EXPECT_EQ(back, frame.structure);
    EXPECT_TRUE(std::signbit(back.positions[0][2]) && std::signbit(back.cell.vectors[0][2]));
  }
}

TEST(ExtxyzWriter, OfAKeyGivenTwiceTheLastIsWritten) {
  Frame frame;
  frame.structure = {{1}, {{0, 0, 0}}, {}};
  frame.info = {{"E", "1"}, {"F", "2"}, {"E", "3"}, {"F", ""}};
  const auto back = read_back(frame);
  ASSERT_EQ(back.info.size(), 1u);
  EXPECT_EQ(*back.find("E"), "3");
}

TEST(ExtxyzWriter, AwkwardTextComesBack) {
  Frame frame;
  frame.structure = {{1}, {{0, 0, 0}}, {}};
  frame.info = {{"smiles", "C/C=C\\C(=O)[O-]"},
                {"a b", " x  y "},
                {"quote", "say \"it's\" {x} \\"},
                {"tab", "a\tb", true},
                {"k=v", "=1="},
                {"bare", "T"},
                {"comma", "1,2"}};
  frame.arrays = {{"odd name", 'S', 2, {"a\\b", "\"c\""}}};
  const auto back = read_back(frame);
  ASSERT_EQ(back.info.size(), frame.info.size());
  for (std::size_t i = 0; i < back.info.size(); ++i) {
    EXPECT_EQ(back.info[i].key, frame.info[i].key);
    EXPECT_EQ(back.info[i].value, frame.info[i].value);
  }
  EXPECT_EQ(back.arrays[0].name, "odd name");
  EXPECT_EQ(back.arrays[0].values, frame.arrays[0].values);
}

TEST(ExtxyzWriter, RefusesWhatNoLineCanHold) {
  std::ostringstream out;
  Frame frame;
  frame.structure = {{1}, {{0, 0, 0}}, {}};
  frame.info = {{"a", "two\nlines"}};
  EXPECT_THROW(write_extxyz(out, frame), InternalError);
  frame.info.clear();
  frame.arrays = {{"q", 'R', 1, {}}};
  EXPECT_THROW(write_extxyz(out, frame), InternalError);
}

} // namespace soapstone::formats
