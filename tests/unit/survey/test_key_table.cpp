// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/survey/key_table.hpp"

#include "soapstone/base/random.hpp"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>

namespace soapstone::survey {
namespace {

using formats::Frame;

TEST(KeyTable, what_frames_say_under_each_key) {
  KeyTable table;
  for (int i = 0; i < 100; ++i) {
    Frame frame;
    frame.structure.species = {1, 1};
    frame.structure.positions.resize(2);
    frame.info = {{"energy", std::to_string(-i), false},
                  {"config_type", i % 4 == 0 ? "slab" : "bulk", false}};
    if (i < 10)
      frame.info.push_back({"stress", "1 2 3 4 5 6 7 8 nan", true});
    frame.info.push_back({"id", "x" + std::to_string(i), false});
    frame.arrays = {{"forces", 'R', 3, {"1", "2", "3", "-4", "5", "0.5"}}, {"tag", 'S', 1, {"a", "b"}}};
    table.add(frame);
  }
  const auto keys = table.summaries();
  ASSERT_EQ(keys.size(), 6U);
  EXPECT_EQ(keys[0].role, Role::energy);
  EXPECT_EQ(keys[0].frames, 100);
  EXPECT_EQ(keys[0].numbers.low, -99);
  EXPECT_EQ(keys[0].numbers.median, -49.5);
  EXPECT_TRUE(keys[0].many_words);
  EXPECT_EQ(keys[1].role, Role::group);
  EXPECT_EQ(keys[1].words, (std::vector<std::pair<std::string, std::int64_t>>{{"bulk", 75}, {"slab", 25}}));
  EXPECT_EQ(keys[2].name, "stress");
  EXPECT_EQ(keys[2].width, 9);
  EXPECT_EQ(keys[2].frames, 10);
  EXPECT_EQ(keys[2].not_finite, 10);
  EXPECT_EQ(keys[3].type, 'S');
  EXPECT_TRUE(keys[3].many_words);
  EXPECT_EQ(keys[4].role, Role::forces);
  EXPECT_TRUE(keys[4].column);
  EXPECT_EQ(keys[4].atoms, 200);
  EXPECT_EQ(keys[4].numbers.low, -4);
  EXPECT_EQ(keys[4].numbers.high, 5);
  EXPECT_EQ(keys[5].words.size(), 2U);
}

TEST(KeyTable, prose_takes_bounded_memory) {
  KeyTable table;
  for (int i = 0; i < 1000; ++i) {
    Frame frame;
    frame.info = {{"word" + std::to_string(i), "T", false}};
    table.add(frame);
  }
  EXPECT_EQ(table.summaries().size(), 200U);
  EXPECT_EQ(table.keys_left_out(), 800);
}

TEST(Roles, by_name_and_shape) {
  for (const char* name : {"energy", "REF_energy", "dft_energy", "E_scf_Ha", "U0_Ha", "U0", "hof_PBE0_kcal",
                           "formation_energy_eV_per_atom", "heat_all_eV", "free_energy"})
    EXPECT_EQ(role_of_key(name, 1), Role::energy) << name;
  for (const char* name :
       {"gdb", "gap", "mu", "energy_unit", "predicted_energy", "smiles", "weight", "energy_weight"})
    EXPECT_NE(role_of_key(name, 1), Role::energy) << name;
  EXPECT_NE(role_of_key("energy", 3), Role::energy);
  EXPECT_EQ(role_of_key("REF_virial", 9), Role::virial);
  EXPECT_EQ(role_of_key("stress", 6), Role::stress);
  EXPECT_EQ(role_of_key("config_type", 0), Role::group);
  EXPECT_EQ(role_of_column("REF_forces", 'R', 3), Role::forces);
  EXPECT_EQ(role_of_column("predicted_forces", 'R', 3), Role::other);
  EXPECT_EQ(role_of_column("forces", 'R', 1), Role::other);
  EXPECT_EQ(unit_in_name("E_scf_Ha"), "hartree");
  EXPECT_EQ(unit_in_name("formation_energy_eV_per_atom"), "eV");
  EXPECT_EQ(unit_in_name("hof_PBE0_kcal"), "kcal/mol");
  EXPECT_EQ(unit_in_name("energy"), "");
  EXPECT_TRUE(per_atom_in_name("formation_energy_eV_per_atom"));
}

TEST(Roles, the_likeliest_target) {
  Frame frame;
  frame.info = {
      {"gdb", "4", false}, {"U0_Ha", "-40.1", false}, {"dft_energy", "-3", false}, {"energy", "x", false}};
  EXPECT_EQ(likely_target(frame, "gdb"), "gdb");
  EXPECT_EQ(likely_target(frame, "nothing"), "dft_energy");
}

TEST(Sample, median_of_many_values) {
  Sample sample;
  CounterRandom random(5);
  std::vector<double> all;
  for (int i = 0; i < 200000; ++i) {
    all.push_back(random.normal());
    sample.add(all.back());
  }
  sample.add(NAN);
  const auto range = sample.range();
  EXPECT_EQ(range.count, 200000);
  EXPECT_EQ(range.low, *std::min_element(all.begin(), all.end()));
  EXPECT_EQ(range.high, *std::max_element(all.begin(), all.end()));
  EXPECT_NEAR(range.median, median(all), 0.05);
  EXPECT_NEAR(robust_deviation(all, 0), 1, 0.02);
}

TEST(Sample, histogram_has_all_values) {
  const auto counted = histogram({-5, 0, 0.4, 0.5, 1, 9}, 0, 1, 2);
  EXPECT_EQ(counted.counts, (std::vector<std::int64_t>{3, 3}));
  EXPECT_EQ(histogram({2, 2}, 2, 2, 4).counts.size(), 4U);
}

} // namespace
} // namespace soapstone::survey
