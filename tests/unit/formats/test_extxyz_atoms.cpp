// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/formats/extxyz_atoms.hpp"

#include "scratch.hpp"

namespace soapstone::formats {

using namespace structure;

namespace {

Frame read(std::string_view line, std::string_view properties) {
  const auto layout = parse_columns(properties, {});
  Frame frame;
  for (const auto& group : layout.groups)
    if (group.role == ColumnRole::array)
      frame.arrays.push_back({group.name, group.type, group.columns, {}});
  read_atom_line(line, layout, frame, [] { return DataLocation{"f", 4, 5}; });
  return frame;
}

} // namespace

TEST(ExtxyzAtoms, ColumnsGoWhereTheLayoutSays) {
  const auto frame = read("\t1 2   3 T word cl 4 5 6 ", "v:R:2:i:I:1:l:L:1:s:S:1:species:S:1:pos:R:3");
  EXPECT_EQ(frame.structure.species, std::vector<std::uint8_t>{17});
  EXPECT_EQ(frame.structure.positions, (std::vector<Vec3>{{4, 5, 6}}));
  EXPECT_EQ(frame.arrays[0].values, (std::vector<std::string>{"1", "2"}));
  EXPECT_EQ(frame.arrays[1].values, std::vector<std::string>{"3"});
  EXPECT_EQ(frame.arrays[2].values, std::vector<std::string>{"T"});
  EXPECT_EQ(frame.arrays[3].values, std::vector<std::string>{"word"});
}

TEST(ExtxyzAtoms, CoordinatesAreRoundedCorrectly) {
  const auto r = read("H 0.1 123456789.987654321987654321 5D-324", default_properties).structure.positions[0];
  EXPECT_EQ(r, (Vec3{0.1, 123456789.987654321987654321, 5e-324}));
}

TEST(ExtxyzAtoms, ErrorsTellThePlaceAndWhatWasFound) {
  expect_data_error([] { read("H 1 2", default_properties); }, 4, 5, {"species:S:1:pos:R:3", "'H 1 2'"});
  expect_data_error([] { read("", default_properties); }, 4, 5, {"''"});
  expect_data_error([] { read("H 1 2 1e309", default_properties); }, 4, 5, {"finite", "'1e309'"});
  expect_data_error([] { read("Unobtainium 1 2 3", default_properties); }, 4, 5, {"'Unobtainium'"});
  expect_data_error([] { read("H 1 2 3 x", default_properties); }, 4, 5,
                    {"4 columns", "found 5: 'H 1 2 3 x'"});
}

} // namespace soapstone::formats
