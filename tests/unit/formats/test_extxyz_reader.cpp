// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/formats/extxyz_reader.hpp"

#include "scratch.hpp"
#include "soapstone/base/text.hpp"

#include <gmock/gmock.h>

namespace soapstone::formats {

using namespace structure;

namespace {

std::vector<Frame> read(const std::string& text) {
  ExtxyzReader reader(text_of(text));
  std::vector<Frame> frames;
  Frame frame;
  while (reader.next(frame))
    frames.push_back(frame);
  return frames;
}

void expect_refused(const std::string& text, std::int64_t frame, std::int64_t line,
                    const std::vector<std::string>& parts) {
  SCOPED_TRACE(text);
  expect_data_error([&] { read(text); }, frame, line, parts);
}

} // namespace

TEST(ExtxyzReader, PlainXyz) {
  const auto frames = read("2\nwater minus one\nO 0 0.5 1e-1 7 extra\n  h -1 +2 .5\n");
  ASSERT_EQ(frames.size(), 1u);
  const Structure& structure = frames[0].structure;
  EXPECT_EQ(structure.species, (std::vector<std::uint8_t>{8, 1}));
  EXPECT_EQ(structure.positions, (std::vector<Vec3>{{0, 0.5, 0.1}, {-1, 2, 0.5}}));
  EXPECT_EQ(structure.cell, Cell{});
  EXPECT_EQ(frames[0].info.size(), 3u);
}

TEST(ExtxyzReader, FramesOneAfterTheOther) {
  const auto frames = read("1\r\nE=1\r\nH 0 0 0\r\n1\n\nHe 0 0 0\n\n \n1\nE=3\nLi 0 0 0\n\n\n");
  ASSERT_EQ(frames.size(), 3u);
  EXPECT_EQ(*frames[0].find("E"), "1");
  EXPECT_TRUE(frames[1].info.empty());
  EXPECT_EQ(frames[2].structure.species[0], 3);
  EXPECT_EQ(frames[2].location.frame, 2);
  EXPECT_EQ(frames[2].location.line, 9);
  EXPECT_EQ(frames[2].location.file, "test.xyz");
}

TEST(ExtxyzReader, CellIsPeriodicUnlessPbcSaysOtherwise) {
  const std::string lattice = "Lattice=\"4 0 0 1 5 0 0 1 6\"";
  const Cell cell = read("1\n" + lattice + "\nH 0 0 0\n")[0].structure.cell;
  EXPECT_EQ(cell.vectors[1], (Vec3{1, 5, 0}));
  EXPECT_EQ(cell.vectors[2], (Vec3{0, 1, 6}));
  EXPECT_EQ(cell.periodic, (std::array<bool, 3>{true, true, true}));
  const auto slab = read("1\npbc=\"T F T\" " + lattice + "\nH 0 0 0\n")[0];
  EXPECT_EQ(slab.structure.cell.periodic, (std::array<bool, 3>{true, false, true}));
  EXPECT_TRUE(slab.info.empty());
  EXPECT_EQ(read("1\npbc=\"F F F\"\nH 0 0 0\n")[0].structure.cell, Cell{});
}

TEST(ExtxyzReader, ColumnsInAnyOrder) {
  const auto frame = read("2\nProperties=forces:R:3:pos:R:3:fixed:L:1:species:S:1:tag:I:1 E=2\n"
                          "1 2 3 4 5 6 T C 9\n1 2 3d0 7 8 9 False N -9\n")[0];
  EXPECT_EQ(frame.structure.species, (std::vector<std::uint8_t>{6, 7}));
  EXPECT_EQ(frame.structure.positions[1], (Vec3{7, 8, 9}));
  ASSERT_EQ(frame.arrays.size(), 3u);
  EXPECT_EQ(frame.arrays[0].values, (std::vector<std::string>{"1", "2", "3", "1", "2", "3d0"}));
  EXPECT_EQ(frame.arrays[1].values, (std::vector<std::string>{"T", "False"}));
  EXPECT_EQ(frame.arrays[2].name, "tag");
  EXPECT_EQ(frame.info.size(), 1u);
}

TEST(ExtxyzReader, LayoutsMayChangeFromFrameToFrame) {
  const auto frames = read("1\nProperties=species:S:1:pos:R:3:q:R:1\nH 0 0 0 5\n1\n\nH 1 2 "
                           "3\n1\nProperties=Z:I:1:pos:R:3\n6 1 2 3\n");
  EXPECT_EQ(frames[0].arrays.size(), 1u);
  EXPECT_TRUE(frames[1].arrays.empty());
  EXPECT_EQ(frames[2].structure.species[0], 6);
}

TEST(ExtxyzReader, SymbolAndNumberTogether) {
  EXPECT_EQ(read("1\nProperties=species:S:1:Z:I:1:pos:R:3\nC 6 0 0 0\n")[0].structure.species[0], 6);
  expect_refused("1\nProperties=species:S:1:Z:I:1:pos:R:3\nC 7 0 0 0\n", 0, 3, {"C and N"});
}

TEST(ExtxyzReader, CellInVecLines) {
  const auto frames = read("1\nremark\nH 0 0 0\nVEC1 1 0 0\nVEC2 0 2 0\n1\n\nHe 0 0 0\n");
  ASSERT_EQ(frames.size(), 2u);
  EXPECT_EQ(frames[0].structure.cell.vectors[1], (Vec3{0, 2, 0}));
  EXPECT_EQ(frames[0].structure.cell.periodic, (std::array<bool, 3>{true, true, false}));
  EXPECT_EQ(frames[1].structure.cell, Cell{});
  expect_refused("1\n\nH 0 0 0\nVEC2 0 2 0\n", 0, 4, {"VEC1"});
  expect_refused("1\n\nH 0 0 0\nVEC1 0 2\n", 0, 4, {"three finite numbers"});
  expect_refused("1\nLattice=\"1 0 0 0 1 0 0 0 1\"\nH 0 0 0\nVEC1 0 2 0\n", 0, 4, {"either"});
}

TEST(ExtxyzReader, WrongHeaders) {
  expect_refused("x\n", 0, 1, {"number of atoms", "ASE converts other formats", "'x'"});
  expect_refused("0\n\n", 0, 1, {"number of atoms"});
  expect_refused("-3\n\n", 0, 1, {"number of atoms"});
  expect_refused("1.0\n\nH 0 0 0\n", 0, 1, {"number of atoms"});
  expect_refused("1 2\n\nH 0 0 0\n", 0, 1, {"number of atoms"});
  expect_refused("1\n", 0, 1, {"comment line", "end of the file"});
  expect_refused("1\n\nH 0 0 0\nH 0 0 0\n", 1, 4, {"number of atoms", "'H 0 0 0'"});
}

TEST(ExtxyzReader, TooFewAtoms) {
  expect_refused("3\n\nH 0 0 0\nH 0 0 1\n", 0, 4, {"3 atoms", "after 2"});
  expect_refused("2\n\nH 0 0 0\n1\n\nH 0 0 0\n", 0, 4, {"species:S:1:pos:R:3", "'1'"});
  expect_refused("999999999999\n\nH 0 0 0\n", 0, 3, {"999999999999 atoms"});
  expect_refused("9999999999999999999999\n\nH 0 0 0\n", 0, 1, {"number of atoms"});
}

TEST(ExtxyzReader, WrongAtoms) {
  expect_refused("1\n\nH 0 0\n", 0, 3, {"species:S:1:pos:R:3", "'H 0 0'"});
  expect_refused("1\n\nH 0 zero 0\n", 0, 3, {"coordinate", "'zero'"});
  expect_refused("1\n\nH 0 nan 0\n", 0, 3, {"finite", "'nan'"});
  expect_refused("1\n\nH 0 0 -inf\n", 0, 3, {"finite"});
  expect_refused("1\n\nH 0 0 1e999\n", 0, 3, {"finite"});
  expect_refused("1\n\nXx 0 0 0\n", 0, 3, {"unknown element 'Xx'"});
  expect_refused("1\n\nX 0 0 0\n", 0, 3, {"unknown element 'X'"});
  expect_refused("2\n\nC1 0 0 0\n", 0, 3, {"unknown element 'C1'"});
  expect_refused("1\n\n\n", 0, 3, {"expected an atom line"});
  const std::string forces = "1\nProperties=species:S:1:pos:R:3:f:R:1:i:I:1:l:L:1\n";
  expect_refused(forces + "H 0 0 0 1 1\n", 0, 3, {"7 columns", "found 6: 'H 0 0 0 1 1'"});
  expect_refused(forces + "H 0 0 0 1 1 T T\n", 0, 3, {"7 columns", "found 8"});
  expect_refused("1\nProperties=species:S:1:pos:R:3\nN 7 0 0 1\n", 0, 3,
                 {"4 columns", "found 5: 'N 7 0 0 1'"});
}

TEST(ExtxyzReader, OtherColumnsMayHoldAnything) {
  const auto frame =
      read("2\nProperties=f:R:1:species:S:1:i:I:1:pos:R:3:l:L:2:s:S:1\n"
           "**** H 1.5 1 2 3 true yes \"N 1\"\nabcd H 99999999999999999999 4 5 6 TRUE 0 \"x\n")[0];
  EXPECT_EQ(frame.structure.positions, (std::vector<Vec3>{{1, 2, 3}, {4, 5, 6}}));
  EXPECT_EQ(frame.arrays[0].values, (std::vector<std::string>{"****", "abcd"}));
  EXPECT_EQ(frame.arrays[2].values, (std::vector<std::string>{"true", "yes", "TRUE", "0"}));
  EXPECT_EQ(frame.arrays[3].values, (std::vector<std::string>{"\"N 1\"", "\"x"}));
}

TEST(ExtxyzReader, ReservedKeysInOtherSpellings) {
  const Cell cubic{{Vec3{3, 0, 0}, Vec3{0, 3, 0}, Vec3{0, 0, 4}}, {true, true, true}};
  const auto frame = [](const std::string& comment) { return read("1\n" + comment + "\nH 0 0 0\n")[0]; };
  const std::string vectors = "=\"3 0 0 0 3 0 0 0 4\"";
  for (const std::string key :
       {"lattice", "LATTICE", "cell", "Cell", "unit_cell", "Lattice_vectors", "BOX"}) {
    const auto one = frame(key + vectors);
    EXPECT_EQ(one.structure.cell, cubic) << key;
    EXPECT_TRUE(one.info.empty()) << key;
    EXPECT_EQ(one.remarks.size(), to_lower(key) == "lattice" ? 0u : 1u) << key;
  }
  for (const std::string pbc : {"PBC=\"F F F\"", "Pbc=F", "periodic=\"F F F\"", "pbc=.false.", "pbc=FFF"})
    EXPECT_EQ(frame("Lattice" + vectors + " " + pbc).structure.cell.periodic, (std::array<bool, 3>{})) << pbc;
  EXPECT_EQ(frame("Lattice=[[3, 0, 0], [0, 3, 0], [0, 0, 4]]").structure.cell, cubic);
  EXPECT_EQ(frame("Lattice=\"3 3 4\"").structure.cell, cubic);
  EXPECT_EQ(frame("pbc=\"T T F\" lattice" + vectors).structure.cell.periodic,
            (std::array<bool, 3>{true, true, false}));
  const auto columns = read("1\nPROPERTIES=Species:s:1:z:i:1:POS:r:3\nN 7 1 2 3\n")[0];
  EXPECT_EQ(columns.structure.positions[0], (Vec3{1, 2, 3}));
  EXPECT_TRUE(columns.info.empty());
}

TEST(ExtxyzReader, ReservedKeysThatAreNotRead) {
  const auto remarks = [](const std::string& comment) {
    const auto frame = read("1\n" + comment + "\nH 0 0 0\n")[0];
    EXPECT_EQ(frame.structure.cell.periodic, (std::array<bool, 3>{})) << comment;
    return frame.remarks.empty() ? "" : frame.remarks[0].text;
  };
  EXPECT_THAT(remarks("lattice=fcc"), testing::HasSubstr("'fcc' is not understood (nine finite numbers)"));
  EXPECT_THAT(remarks("cell=\"3 3 4 90 90 90\""), testing::HasSubstr("looks like a cell"));
  EXPECT_THAT(remarks("PBC=perhaps"), testing::HasSubstr("'perhaps' is not understood"));
  EXPECT_THAT(remarks("properties=species:S:1"), testing::HasSubstr("not understood"));
  EXPECT_THAT(remarks("Lattice: 3 0 0 0 3 0 0 0 4"),
              testing::HasSubstr("looks like Lattice, but no '=' follows"));
  EXPECT_THAT(remarks("periodic=T"), testing::HasSubstr("there is no Lattice"));
  for (const char* own :
       {"cubic lattice in a box, PBC", "cell=primitive", "properties=energy,forces", "box=7"})
    EXPECT_EQ(remarks(own), "") << own;
}

TEST(ExtxyzReader, SpellingsThatContradict) {
  const std::string lattice = "1\nLattice=\"3 0 0 0 3 0 0 0 4\" ";
  expect_refused(lattice + "lattice=\"3 0 0 0 3 0 0 0 5\"\nH 0 0 0\n", 0, 2,
                 {"Lattice is given twice", "0 0 5"});
  expect_refused(lattice + "pbc=F PBC=T\nH 0 0 0\n", 0, 2, {"pbc is given twice", "pbc='F'", "PBC='T'"});
  expect_refused("1\nProperties=species:S:1:pos:R:3 properties=pos:R:3:species:S:1\nH 0 0 0\n", 0, 2,
                 {"Properties is given twice"});
  EXPECT_TRUE(
      read(lattice + "lattice=\"3. 0 0 0 3 0 0 0 4\" pbc=T PBC=\"T T T\"\nH 0 0 0\n")[0].info.empty());
  const auto twice = read(lattice + "pbc=T pbc=\"F F F\"\nH 0 0 0\n")[0];
  EXPECT_EQ(twice.structure.cell.periodic, (std::array<bool, 3>{})) << "the last, as in ASE";
  EXPECT_EQ(twice.remarks.size(), 1u);
  EXPECT_EQ(read(lattice + "cell=\"1 0 0 0 1 0 0 0 1\"\nH 0 0 0\n")[0].info.size(), 1u)
      << "a key like any other";
}

TEST(ExtxyzReader, WrongComments) {
  expect_refused("1\nLattice=\"5 5\"\nH 0 0 0\n", 0, 2, {"nine finite numbers", "'5 5'"});
  expect_refused("1\npbc=\"T T\"\nH 0 0 0\n", 0, 2, {"pbc"});
  expect_refused("1\npbc=T\nH 0 0 0\n", 0, 2, {"there is no Lattice", "pbc=\"F F F\""});
  expect_refused("1\npbc=T cell=\"3 4 5 90 90 90\"\nH 0 0 0\n", 0, 2,
                 {"there is no Lattice", "'cell' looks like"});
  expect_refused("1\nLattice=\"0 0 0 0 0 0 0 0 0\"\nH 0 0 0\n", 0, 2, {"all vectors of Lattice are zero"});
  expect_refused("1\nLattice=\"0 0 0 0 1 0 0 0 1\"\nH 0 0 0\n", 0, 2, {"first cell vector"});
  expect_refused("1\nLattice=\"1 0 0 2 0 0 0 0 1\"\nH 0 0 0\n", 0, 2, {"no volume"});
  expect_refused("1\nProperties=pos:R:3\nH 0 0 0\n", 0, 2, {"species"});
  expect_refused("1\nProperties=\nH 0 0 0\n", 0, 2, {"Properties"});
}

TEST(ExtxyzReader, ErrorsNameTheFrame) {
  expect_refused("1\n\nH 0 0 0\n\n1\n\nQ 0 0 0\n", 1, 7, {"test.xyz", "'Q'"});
}

} // namespace soapstone::formats
