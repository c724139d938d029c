// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/structure/cell.hpp"

#include <gtest/gtest.h>
#include <limits>

namespace soapstone::structure {

namespace {

constexpr std::array<Vec3, 3> triclinic{Vec3{4, 0.3, -0.2}, Vec3{1.5, 5, 0.1}, Vec3{-0.7, 2, 6}};

void expect_reciprocal(const std::array<Vec3, 3>& vectors) {
  const auto reciprocal = reciprocal_vectors(vectors);
  for (std::size_t k = 0; k < 3; ++k)
    for (std::size_t l = 0; l < 3; ++l)
      EXPECT_NEAR(dot(reciprocal[k], vectors[l]), k == l ? 1.0 : 0.0, 1e-14);
}

} // namespace

TEST(Cell, ReciprocalVectorsAreDual) {
  expect_reciprocal(triclinic);
}

TEST(Cell, CompletionKeepsWhatRepeatsAndAddsOrthogonalUnitVectors) {
  for (int mask = 0; mask < 8; ++mask) {
    Cell cell{triclinic, {}};
    for (std::size_t k = 0; k < 3; ++k)
      cell.periodic[k] = (mask >> k) & 1;
    const auto vectors = completed_vectors(cell);
    for (std::size_t k = 0; k < 3; ++k) {
      if (cell.periodic[k]) {
        EXPECT_EQ(vectors[k], triclinic[k]);
        continue;
      }
      EXPECT_NEAR(norm(vectors[k]), 1, 1e-14);
      for (std::size_t l = 0; l < 3; ++l)
        EXPECT_NEAR(dot(vectors[k], vectors[l]), k == l ? 1 : 0, 1e-14) << mask;
    }
    expect_reciprocal(vectors);
  }
}

TEST(Cell, LatticesHaveNoDefect) {
  EXPECT_EQ(cell_defect({triclinic, {true, true, true}}), "");
  EXPECT_EQ(cell_defect({}), "");
  EXPECT_EQ(cell_defect({{Vec3{0, 0, 0}, Vec3{0, 3, 0}, Vec3{0, 0, 0}}, {false, true, false}}), "");
  EXPECT_EQ(cell_defect({{Vec3{0, 3, 0}, Vec3{0, 3, 0}, Vec3{1, 0, 0}}, {true, false, true}}), "");
}

TEST(Cell, DefectsAreNamed) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_NE(cell_defect({{Vec3{nan, 0, 0}, {}, {}}, {}}), "");
  EXPECT_NE(cell_defect({{Vec3{3, 0, 0}, {}, {}}, {true, true, false}}).find("second"), std::string::npos);
  EXPECT_NE(cell_defect({{Vec3{3, 0, 0}, Vec3{6, 0, 0}, {}}, {true, true, false}}).find("volume"),
            std::string::npos);
  EXPECT_NE(cell_defect({{Vec3{3, 0, 0}, Vec3{0, 3, 0}, Vec3{1, 2, 0}}, {true, true, true}}).find("volume"),
            std::string::npos);
  EXPECT_NE(cell_defect({{Vec3{1e300, 0, 0}, {}, {}}, {true, false, false}}), "");
}

} // namespace soapstone::structure
