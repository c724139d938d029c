// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/formats/data_set.hpp"

#include "scratch.hpp"
#include "soapstone/base/units.hpp"

#include <cmath>
#include <gmock/gmock.h>

namespace soapstone::formats {

using namespace structure;

namespace {

using testing::HasSubstr;

const std::string two =
    "1\nE_total=-2 gap=0.5 name=H\nH 0 0 0\n2\nE_total=3 name=\"H 2\"\nH 0 0 0\nH 0 0 1\n";

} // namespace

TEST(DataSet, TargetsInElectronvoltPerStructure) {
  const Scratch scratch;
  const auto path = scratch.file("a.xyz", two);
  const auto data =
      read_data_set({{path}, Format::automatic},
                    {{"E_total", "eV", false}, {"E_total", "hartree", false}, {"E_total", "kcal/mol", true}},
                    Presence::required);
  ASSERT_EQ(data.size(), 2u);
  EXPECT_EQ(data.targets[0], (std::vector<double>{-2, 3}));
  EXPECT_EQ(data.targets[1], (std::vector<double>{-2 * hartree_in_ev, 3 * hartree_in_ev}));
  EXPECT_DOUBLE_EQ(data.targets[2][1], 6 * kcal_per_mol_in_ev);
  EXPECT_EQ(to_string(data.structures[1].origin.location()), path + ", frame 1, line 4");
  EXPECT_EQ(data.structures[1].origin.file, data.structures[0].origin.file);
}

TEST(DataSet, SeveralFilesInTheOrderGiven) {
  const Scratch scratch;
  const DataSource source{
      {scratch.file("b.xyz", two), scratch.file("a.xyz.gz", gzip("1\nE_total=9\nHe 0 0 0\n"))},
      Format::automatic};
  const auto data = read_data_set(source, {{"E_total", "eV", false}}, Presence::required);
  EXPECT_EQ(data.targets[0], (std::vector<double>{-2, 3, 9}));
  EXPECT_EQ(data.structures[2].species[0], 2);
}

TEST(DataSet, MissingTargets) {
  const Scratch scratch;
  const DataSource source{{scratch.file("a.xyz", two)}, Format::automatic};
  const auto data = read_data_set(source, {{"gap", "eV", false}}, Presence::optional);
  EXPECT_EQ(data.targets[0][0], 0.5);
  EXPECT_TRUE(std::isnan(data.targets[0][1]));
  expect_data_error(
      [&] {
        read_data_set(source, {{"gap", "eV", false}}, Presence::required);
      },
      1, 4, {"'gap' in the comment line, as in the frames before", "E_total, name; remove this structure"});
  expect_data_error(
      [&] {
        read_data_set(source, {{"e_totl", "eV", false}}, Presence::required);
      },
      0, 1, {"E_total, gap, name", "did you mean 'E_total'"});
}

TEST(DataSet, TargetsThatSomeFrameMustHave) {
  const Scratch scratch;
  const DataSource source{{scratch.file("a.xyz", two)}, Format::automatic};
  const auto data = read_data_set(source, {{"gap", "eV", false}}, Presence::expected);
  EXPECT_EQ(data.targets[0][0], 0.5);
  EXPECT_TRUE(std::isnan(data.targets[0][1]));
  try {
    read_data_set(source, {{"E_total", "eV", false}, {"gapp", "eV", false}}, Presence::expected);
    FAIL() << "a target that no frame has";
  } catch (const DataError& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("'gapp' in the comment lines"));
    EXPECT_THAT(error.what(), testing::HasSubstr("E_total, gap, name; did you mean 'gap'?"));
  }
}

TEST(DataSet, TargetsThatAreNoFiniteNumbers) {
  const Scratch scratch;
  for (const char* value : {"nan", "inf", "abc", "\"1 2\"", "T", "1e400"}) {
    const DataSource source{{scratch.file("a.xyz", std::string("1\nE=") + value + "\nH 0 0 0\n")},
                            Format::automatic};
    expect_data_error(
        [&] {
          read_data_set(source, {{"E", "eV", false}}, Presence::optional);
        },
        0, 1, {"finite number", "'E'"});
  }
}

TEST(DataSet, TargetsGivenTwice) {
  const Scratch scratch;
  const std::vector<TargetSpec> energy{{"energy", "eV", false}};
  const auto same = scratch.file("same.xyz", "1\nenergy=-2 gap=1 energy=-2 gap=2\nH 0 0 0\n");
  EXPECT_EQ(read_data_set({{same}, Format::automatic}, energy, Presence::required).targets[0][0], -2);
  const auto other = scratch.file("other.xyz", two + "1\nenergy=-2 gap=1 energy=-3\nH 0 0 0\n");
  expect_data_error(
      [&] {
        read_data_set({{other}, Format::automatic}, energy, Presence::optional);
      },
      2, 8, {"'energy' once", "'-2' and '-3'"});
}

// One atom with these entries in its comment line, and a target in eV per structure unless told otherwise.
std::string contradiction_in(const std::string& comment, const TargetSpec& target) {
  const Scratch scratch;
  const DataSource source{{scratch.file("a.xyz", "1\n" + comment + "\nH 0 0 0\n")}, Format::automatic};
  return read_data_set(source, {target}, Presence::optional).contradiction;
}

TEST(DataSet, TargetsInAnotherUnitThanTheirFrameSays) {
  const TargetSpec energy, per_atom{"e", "kJ/mol", true};
  EXPECT_THAT(
      contradiction_in("energy=-1 energy_unit=Hartree", energy),
      testing::ContainsRegex("a.xyz, frame 0, line 1: the target 'energy' is read in eV .total., but the "
                             "file states energy_unit=Hartree: use --`target_unit` hartree, or"));
  EXPECT_THAT(contradiction_in("predicted_e=-1 e_unit=meV", {"predicted_e", "eV", false}),
              HasSubstr("e_unit=meV: use --`target_unit` meV"));
  EXPECT_THAT(contradiction_in("energy=-1 energy_scope=per-atom", energy),
              HasSubstr("--`target_scope` per-atom"));
  EXPECT_THAT(contradiction_in("e=-1 e_unit=eV e_scope=total", per_atom),
              testing::AllOf(
                  HasSubstr("'e' is read in kJ/mol (per-atom)"),
                  HasSubstr("e_unit=eV and e_scope=total: use --`target_unit` eV --`target_scope` total")));
}

TEST(DataSet, StatementsThatContradictNothing) {
  const TargetSpec energy;
  for (const char* comment : {"energy=-1 energy_unit=eV energy_scope=total", "energy=-1 energy_unit=\" EV \"",
                              "energy=-1 energy_unit=Ry", "energy=-1 energy_scope=all",
                              "energy_unit=hartree gap=1", "free_energy=1 free_energy_unit=meV energy=1"})
    EXPECT_EQ(contradiction_in(comment, energy), "") << comment;
  const TargetSpec hartree{"energy", "hartree", false}, free_energy{"free_energy", "hartree", false};
  EXPECT_EQ(contradiction_in("energy=1 energy_unit=Ha", hartree), "");
  EXPECT_EQ(contradiction_in("free_energy=1 free_energy_unit=Ha energy_unit=eV", free_energy), ""); // its own
  EXPECT_EQ(contradiction_in("mu=1 energy_unit=hartree energy_scope=per-atom", {"mu", "eV", false}), "");
}

std::string warning_in(const std::string& comment, const TargetSpec& target = {}) {
  const Scratch scratch;
  const std::string frame = "1\n" + comment + "\nH 0 0 0\n";
  const DataSource source{{scratch.file("a.xyz", frame + frame + frame)}, Format::automatic};
  const auto data = read_data_set(source, {target}, Presence::optional);
  EXPECT_LE(data.warnings.size(), 1u);
  return data.warnings.empty() ? "" : data.warnings[0];
}

TEST(DataSet, UnitsInEverySpelling) {
  const TargetSpec energy;
  for (const char* key : {"energy_unit", "energy-unit", "energy_units", "Energy-Units", "energyUnit",
                          "ENERGYUNITS", "unit", "units", "Unit_Energy"})
    for (const char* value : {"hartree", "Hartree", "Ha", "Eh", "E_h", "au", "a.u.", "\"atomic units\""}) {
      const auto comment = "energy=-1 " + std::string(key) + "=" + value;
      EXPECT_THAT(contradiction_in(comment, energy), HasSubstr("use --`target_unit` hartree")) << comment;
    }
  for (const char* value :
       {"kcal", "kcal/mol", "KCAL/MOL", "kcal_per_mol", "\"kcal mol-1\"", "\"kcal mol^-1\""})
    EXPECT_THAT(contradiction_in("energy=-1 units=" + std::string(value), energy),
                HasSubstr("unit` kcal/mol"))
        << value;
  EXPECT_THAT(contradiction_in("dft_energy=-1 dft_energy-units=kJ/mol", {"dft_energy", "eV", false}),
              HasSubstr("dft_energy-units=kJ/mol: use --`target_unit` kJ/mol"));
  EXPECT_THAT(contradiction_in("energy=-1 energy_unit=eV/atom", energy),
              HasSubstr("--`target_scope` per-atom"));
  EXPECT_THAT(contradiction_in("energy=-1 units=\"hartree, bohr\"", energy),
              HasSubstr("--`target_unit` hartree"));
  for (const char* fits : {"energy_units=EV", "units=\"eV Angstrom\"", "units=metal", "unit=eV",
                           "length_unit=\u00c5", "pos-unit=Angstrom", "unitcell_volume=3", "community=x"}) {
    EXPECT_EQ(contradiction_in("energy=-1 " + std::string(fits), energy), "") << fits;
    EXPECT_EQ(warning_in("energy=-1 " + std::string(fits)), "") << fits;
  }
}

TEST(DataSet, UnitsThatAreNotUnderstoodOrOffered) {
  EXPECT_THAT(warning_in("energy=-1 energy-unit=nonsense"),
              testing::ContainsRegex("a.xyz, frame 0, line 1: .*energy-unit=nonsense, which is not understood"
                                     ".*and so in 2 other frames"));
  EXPECT_THAT(warning_in("energy=-1 energy_unit=Ry"),
              HasSubstr("energy_unit=Ry (rydberg), which is not one of the units"));
  EXPECT_THAT(warning_in("energy=-1 units=furlong"), HasSubstr("not understood"));
  EXPECT_EQ(warning_in("energy_unit=Ry gap=1"), "") << "of a target that is not there";
  for (const char* key : {"length_unit", "position-units", "posUnit", "coordinates_unit", "units"})
    EXPECT_THAT(warning_in("energy=-1 " + std::string(key) + "=bohr"),
                HasSubstr("convert positions and cells to"))
        << key;
  EXPECT_THAT(warning_in("length_unit=ell"), HasSubstr("length_unit=ell, which is not understood"));
}

TEST(DataSet, NumbersThatJsonWrote) {
  const Scratch scratch;
  for (const char* value : {"\"_JSON -6.25\"", "\"_JSON [-6.25]\"", "\"_JSON \\\"-6.25\\\"\"", "-6.25"}) {
    const auto path = scratch.file("a.xyz", "1\nenergy=" + std::string(value) + "\nH 0 0 0\n");
    EXPECT_EQ(read_data_set({{path}, Format::automatic}, {TargetSpec{}}, Presence::required).targets[0][0],
              -6.25)
        << value;
  }
}

TEST(DataSet, FilesWithoutStructures) {
  const Scratch scratch;
  EXPECT_THROW(read_data_set({{scratch.file("a.xyz", "\n")}, Format::automatic}, {}, Presence::optional),
               DataError);
  EXPECT_EQ(read_data_set({{}, Format::automatic}, {}, Presence::optional).size(), 0u);
}

TEST(DataSet, UnknownUnits) {
  const Scratch scratch;
  EXPECT_THROW(read_data_set({{scratch.file("a.xyz", two)}, Format::automatic},
                             {{"E_total", "pounds", false}}, Presence::optional),
               ConfigError);
}

TEST(DataSet, ProgressGrowsToOne) {
  const Scratch scratch;
  std::string many;
  for (int i = 0; i < 3000; ++i)
    many += "1\nE=1\nH 0 0 0\n";
  std::vector<double> shares;
  read_data_set({{scratch.file("a.xyz", many), scratch.path("a.xyz")}, Format::automatic}, {},
                Presence::optional, [&](double share) { shares.push_back(share); });
  EXPECT_GT(shares.size(), 10u);
  EXPECT_TRUE(std::is_sorted(shares.begin(), shares.end()));
  EXPECT_EQ(shares.back(), 1);
  EXPECT_GT(shares.front(), 0);
}

TEST(DataSet, CommentEntriesOnRequest) {
  const Scratch scratch;
  DataSource source{{scratch.file("a.xyz", two)}, Format::automatic};
  EXPECT_TRUE(read_data_set(source, {}, Presence::optional).info.empty());
  source.keep_info = true;
  const auto part = subset(read_data_set(source, {}, Presence::optional), {1});
  ASSERT_EQ(part.info.size(), 1u);
  ASSERT_EQ(part.info[0].size(), 2u);
  EXPECT_EQ(part.info[0][0].key, "E_total");
  EXPECT_EQ(part.info[0][1].value, "H 2");
}

TEST(DataSet, Subsets) {
  const Scratch scratch;
  const auto data = read_data_set({{scratch.file("a.xyz", two)}, Format::automatic},
                                  {{"E_total", "eV", false}}, Presence::required);
  const auto part = subset(data, {1, 0, 1});
  EXPECT_EQ(part.targets[0], (std::vector<double>{3, -2, 3}));
  EXPECT_EQ(part.structures[2], data.structures[1]);
  EXPECT_EQ(part.structures[1].origin.frame, 0);
  EXPECT_THROW(subset(data, {2}), InternalError);
}

} // namespace soapstone::formats
