// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/workflow/load_data.hpp"

#include "recording_log.hpp"
#include "soapstone/base/error.hpp"
#include "soapstone/parallel/agree.hpp"
#include "soapstone/planning/calibration.hpp"

#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <unistd.h>

namespace soapstone::workflow {
namespace {

using formats::Presence;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// Every rank writes a file of its own, of which that of rank 0 is read.
struct OwnFile {
  std::filesystem::path path =
      std::filesystem::temp_directory_path() / ("soapstone_load_" + std::to_string(::getpid()) + ".xyz");
  explicit OwnFile(const std::string& text) { std::ofstream(path) << text; }
  ~OwnFile() { std::filesystem::remove(path); }
};

std::string water(double bond, const std::string& energy) {
  const auto x = std::to_string(bond);
  return "3\n" + energy + "\nO 0 0 0\nH " + x + " 0 0\nH 0 " + x + " 0\n";
}

class LoadData : public testing::Test {
protected:
  options::DataOptions options_for(const OwnFile& file) {
    options::DataOptions options;
    options.source.paths = {file.path.string()};
    options.targets = {{}};
    return options;
  }
  RecordingLog log;
  parallel::Communicator world = parallel::Communicator::world();
  Stages stages{world, log};
};

TEST_F(LoadData, all_ranks_get_what_the_first_reads) {
  const OwnFile file(water(0.96, "energy=-14.5") + "1\nenergy=-0.5\nH 0 0 0\n");
  const auto data = load_data(stages, options_for(file), Presence::required);
  ASSERT_EQ(data.size(), 2U);
  EXPECT_THAT(data.targets, ElementsAre(ElementsAre(-14.5, -0.5)));
  EXPECT_THAT(elements_of(data.structures), ElementsAre(1, 8));
  EXPECT_EQ(element_list(elements_of(data.structures)), "H O");
  EXPECT_THAT(place_of(data, 1), HasSubstr("frame 1"));
  EXPECT_THAT(log.stages, ElementsAre("read"));
  EXPECT_THAT(log.warnings, IsEmpty());
  std::vector<int> unknown_elements;
  EXPECT_THAT(with_known_elements(data.structures, {1}, unknown_elements), ElementsAre(1));
  EXPECT_THAT(unknown_elements, ElementsAre(8));
}

TEST_F(LoadData, refuses_no_files_and_missing_targets_on_all_ranks) {
  EXPECT_THROW(load_data(stages, options::DataOptions{}, Presence::required), ConfigError);
  const OwnFile bare(water(0.96, ""));
  EXPECT_THROW(load_data(stages, options_for(bare), Presence::required), parallel::AgreedError);
  EXPECT_EQ(load_data(stages, options_for(bare), Presence::optional).size(), 1U);
}

TEST_F(LoadData, refuses_atoms_that_coincide_on_all_ranks) {
  const OwnFile file(water(0.96, "energy=-14.5") + water(0, "energy=1"));
  EXPECT_THROW(load_data(stages, options_for(file), Presence::required), parallel::AgreedError);
}

TEST_F(LoadData, warns_on_the_first_rank_of_what_looks_like_another_unit) {
  const OwnFile file(water(0.096, "energy=-14.5"));
  load_data(stages, options_for(file), Presence::required);
  if (world.rank() == 0)
    EXPECT_THAT(log.warnings, ElementsAre(HasSubstr("those in nm")));
  else
    EXPECT_THAT(log.warnings, IsEmpty());
}

TEST_F(LoadData, rates_of_these_structures_are_those_of_the_slowest_rank) {
  const OwnFile file(water(0.96, "energy=-14.5"));
  const auto data = load_data(stages, options_for(file), Presence::required);
  kernel::KernelSpec spec;
  spec.soap.n_max = spec.soap.l_max = 2;
  spec.elements = {1, 8};
  planning::Machine machine;
  machine.dgemm_gflops = 7;
  const auto rates = planning::calibrate(world, machine, {spec}, data.structures);
  EXPECT_EQ(rates.environments, 3);
  EXPECT_EQ(rates.dgemm_gflops, 7);
  EXPECT_GT(rates.environment_seconds, 0);
  EXPECT_GT(rates.pair_seconds, 0);
}

} // namespace
} // namespace soapstone::workflow
