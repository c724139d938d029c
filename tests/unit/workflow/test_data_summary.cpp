// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/workflow/data_summary.hpp"

#include <gmock/gmock.h>

namespace soapstone::workflow {
namespace {

using structure::Structure;

const Structure water{{8, 1, 1}, {{0, 0, 0}, {0.96, 0, 0}, {-0.24, 0.93, 0}}, {}};
const Structure hydrogen{{1, 1}, {{0, 0, 0}, {0.74, 0, 0}}, {}};

TEST(DataSummary, sizes) {
  EXPECT_EQ(describe_sizes(std::vector{water, hydrogen, water}),
            "3 structures of 2 to 3 atoms (8 in all; H O; none periodic)");
  EXPECT_EQ(describe_sizes(std::vector{water}), "1 structure of 3 atoms (3 in all; H O; none periodic)");
  EXPECT_EQ(describe_sizes({}), "0 structures");
}

TEST(DataSummary, periodicity) {
  using testing::HasSubstr;
  Structure crystal = hydrogen, slab = hydrogen;
  crystal.cell = {{{{3, 0, 0}, {0, 3, 0}, {0, 0, 3}}}, {true, true, true}};
  slab.cell = {crystal.cell.vectors, {true, true, false}};
  EXPECT_THAT(describe_sizes(std::vector{crystal, crystal}), HasSubstr("; H; all periodic)"));
  EXPECT_THAT(describe_sizes(std::vector{water, crystal}), HasSubstr("; 1 of 2 periodic)"));
  EXPECT_THAT(describe_sizes(std::vector{slab}),
              HasSubstr("; all periodic, in fewer than three directions)"));
  EXPECT_THAT(describe_sizes(std::vector{crystal, slab, water}),
              HasSubstr("; 2 of 3 periodic, 1 of them in fewer than three directions)"));
}

TEST(DataSummary, range_of_a_target_and_what_its_baseline_leaves) {
  const std::vector structures{water, hydrogen};
  const std::vector<double> energies{-30, -8}; // -10 and -4 eV per atom
  using regression::Baseline;
  EXPECT_EQ(describe_target("E", structures, energies, {}),
            "E -30.000 to -8.000 eV, -10.000 to -4.000 eV/atom; baseline none leaves 3000.0 meV/atom");
  EXPECT_EQ(
      describe_target("E", structures, energies, Baseline::fit_mean(structures, energies)),
      "E -30.000 to -8.000 eV, -10.000 to -4.000 eV/atom; baseline mean (-7 eV) leaves 3000.0 meV/atom");
  EXPECT_EQ(describe_target("E", structures, energies, Baseline::from_atoms({{1, -4}, {8, -22}})),
            "E -30.000 to -8.000 eV, -10.000 to -4.000 eV/atom; baseline atoms (H -4, O -22 eV) leaves 0.0 "
            "meV/atom");
}

} // namespace
} // namespace soapstone::workflow
