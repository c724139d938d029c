// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/formats/extxyz_columns.hpp"

#include "scratch.hpp"

namespace soapstone::formats {

using namespace structure;

TEST(ExtxyzColumns, GroupsInOrder) {
  const auto layout = parse_columns("forces:R:3:pos:R:3:tag:I:1:species:S:1", {});
  ASSERT_EQ(layout.groups.size(), 4u);
  EXPECT_EQ(layout.groups[0].role, ColumnRole::array);
  EXPECT_EQ(layout.groups[0].name, "forces");
  EXPECT_EQ(layout.groups[0].columns, 3);
  EXPECT_EQ(layout.groups[1].role, ColumnRole::position);
  EXPECT_EQ(layout.groups[2].type, 'I');
  EXPECT_EQ(layout.groups[3].role, ColumnRole::species);
}

TEST(ExtxyzColumns, AseNames) {
  EXPECT_EQ(parse_columns("symbols:S:1:positions:R:3", {}).groups[0].role, ColumnRole::species);
  EXPECT_EQ(parse_columns("numbers:I:1:pos:R:3", {}).groups[0].role, ColumnRole::atomic_number);
  EXPECT_EQ(parse_columns("Z:I:1:pos:R:3", {}).groups[0].role, ColumnRole::atomic_number);
}

TEST(ExtxyzColumns, NamesInAnotherCase) {
  const auto roles = [](const char* properties) {
    std::vector<ColumnRole> found;
    for (const auto& group : parse_columns(properties, {}).groups)
      found.push_back(group.role);
    return found;
  };
  using enum ColumnRole;
  EXPECT_EQ(roles("SPECIES:s:1:Pos:r:3"), (std::vector{species, position}));
  EXPECT_EQ(roles("z:I:1:Positions:R:3:"), (std::vector{atomic_number, position})) << "a colon at the end";
  EXPECT_EQ(roles("species:S:1:pos:R:3:Pos:R:3:Z:I:1"),
            (std::vector{species, position, array, atomic_number}));
  EXPECT_EQ(roles("species:S:1:pos:R:3:z:R:1:z2:I:1"), (std::vector{species, position, array, array}));
}

TEST(ExtxyzColumns, WrongPropertiesAreRefused) {
  for (const char* wrong :
       {"", "species", "species:S:1:pos:R", "species:S:1:pos:R:2", "species:S:1:pos:S:3", "species:S:1",
        "pos:R:3", "species:S:1:pos:R:3:x:Q:1", "species:S:1:pos:R:3:x:R:0", "species:S:1:pos:R:3:x:R:-1",
        "species:S:1:pos:R:3:x:R:99999999999999999999", "species:S:1:pos:R:3:x:R:1.5",
        "species:S:1:pos:R:3:pos:R:3", "species:S:1:pos:R:3:x:R:1:x:I:1", "species:S:1:symbols:S:1:pos:R:3",
        "species:S:1:pos:R:3::R:1", "species:S:2:pos:R:3", "species:S:1:pos:RR:3"})
    expect_data_error([&] { parse_columns(wrong, {"f", 3, 9}); }, 3, 9, {"Properties", wrong});
}

} // namespace soapstone::formats
