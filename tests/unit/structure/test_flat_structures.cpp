// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/structure/flat_structures.hpp"

#include "soapstone/base/error.hpp"

#include <cmath>
#include <gtest/gtest.h>

namespace soapstone::structure {

namespace {

std::vector<Structure> examples() {
  return {{{1, 8}, {{0, 1, 2}, {3, 4, 5}}, {}},
          {{}, {}, {}},
          {{118}, {{-1, -2, -3}}, {{Vec3{4, 0, 0}, Vec3{0, 5, 0}, Vec3{1, 0, 6}}, {true, false, true}}}};
}

} // namespace

TEST(FlatStructures, Layout) {
  const auto flat = flatten(examples());
  EXPECT_EQ(flat.offsets, (std::vector<std::int64_t>{0, 2, 2, 3}));
  EXPECT_EQ(flat.species, (std::vector<std::uint8_t>{1, 8, 118}));
  EXPECT_EQ(flat.positions, (std::vector<double>{0, 1, 2, 3, 4, 5, -1, -2, -3}));
  EXPECT_EQ(flat.cells.size(), 27u);
  EXPECT_EQ(flat.cells[24], 1);
  EXPECT_EQ(flat.periodic, (std::vector<std::uint8_t>{0, 0, 0, 0, 0, 0, 1, 0, 1}));
}

TEST(FlatStructures, ThereAndBack) {
  EXPECT_EQ(unflatten(flatten(examples())), examples());
  EXPECT_TRUE(unflatten(flatten({})).empty());
}

TEST(FlatStructures, InconsistentArraysAreRefused) {
  const auto refused = [](auto&& change) {
    auto flat = flatten(examples());
    change(flat);
    EXPECT_THROW(unflatten(flat), DataError);
  };
  refused([](auto& f) { f.offsets.clear(); });
  refused([](auto& f) { f.offsets[0] = 1; });
  refused([](auto& f) { f.offsets[1] = -5; });
  refused([](auto& f) { f.offsets[1] = 3; });
  refused([](auto& f) { f.offsets.back() = 4; });
  refused([](auto& f) { f.offsets.back() = std::int64_t{1} << 60; });
  refused([](auto& f) { f.positions.pop_back(); });
  refused([](auto& f) { f.positions[3] = std::nan(""); });
  refused([](auto& f) { f.species[0] = 0; });
  refused([](auto& f) { f.species[0] = 119; });
  refused([](auto& f) { f.cells.pop_back(); });
  refused([](auto& f) { f.cells[20] = INFINITY; });
  refused([](auto& f) { f.periodic.push_back(0); });
  refused([](auto& f) { f.periodic[0] = 2; });
  refused([](auto& f) { f.periodic[0] = 1; });
}

} // namespace soapstone::structure
