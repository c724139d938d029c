// SPDX-License-Identifier: BSD-3-Clause
// These test what a run trains on, and with which kernels, without the program.
#include "soapstone/workflow/kernel_specs.hpp"
#include "soapstone/workflow/training_set.hpp"

#include "recording_log.hpp"
#include "soapstone/base/error.hpp"

#include <cmath>
#include <gmock/gmock.h>

namespace soapstone::workflow {
namespace {

using structure::Structure;
using testing::Contains;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// A chain of atoms whose distances depend on `stretch`.
Structure chain(std::vector<std::uint8_t> species, double stretch) {
  Structure structure;
  for (std::size_t i = 0; i < species.size(); ++i)
    structure.positions.push_back({(1 + 0.01 * stretch) * static_cast<double>(i), 0, 0});
  structure.species = std::move(species);
  return structure;
}

/// `count` chains of these elements, with an energy of 2 eV per atom.
void add(formats::DataSet& data, const std::vector<std::uint8_t>& species, int count) {
  data.targets.resize(1);
  for (int i = 0; i < count; ++i) {
    data.structures.push_back(chain(species, static_cast<double>(data.size())));
    data.targets[0].push_back(2.0 * static_cast<double>(species.size()));
  }
}

options::Configuration options(std::int64_t test) {
  options::Configuration configuration;
  configuration.data.targets = {{}};
  configuration.data.test = test;
  configuration.kernels.resize(1);
  configuration.kernels[0].soap.n_max = 2;
  configuration.kernels[0].soap.l_max = 1;
  return configuration;
}

class TrainingSet : public testing::Test {
protected:
  RecordingLog log;
  parallel::Communicator world = parallel::Communicator::world();
  Stages stages{world, log};
};

TEST_F(TrainingSet, holds_what_the_test_set_leaves_and_tells_it) {
  formats::DataSet all;
  add(all, {1, 8}, 6);
  add(all, {1, 1, 8}, 6);
  const auto data = draw_from(stages, options(4), all, std::nullopt);
  EXPECT_EQ(data.train.size(), 8U);
  EXPECT_EQ(data.test.size(), 4U);
  EXPECT_EQ(data.test_skipped, 0);
  EXPECT_THAT(data.elements, ElementsAre(1, 8));
  EXPECT_THAT(log.lines, Contains(HasSubstr("training on 8 structures of 2 to 3 atoms")));
  EXPECT_THAT(log.lines, Contains(HasSubstr("testing on 4")));
  EXPECT_THAT(log.warnings, IsEmpty());
  const auto again = draw_from(stages, options(4), all, std::nullopt, 1);
  EXPECT_EQ(log.lines.size(), 2U) << "only the first split is told";
  EXPECT_NE(again.test.structures, data.test.structures);
}

TEST_F(TrainingSet, leaves_out_test_structures_of_which_it_tells_nothing) {
  formats::DataSet all;
  add(all, {1, 8}, 20);
  add(all, {6, 1}, 1); // carbon is once in the training set or once in the test set
  add(all, {1, 1, 8}, 1);
  auto configuration = options(10);
  std::int64_t skipped = 0;
  for (configuration.data.seed = 1; configuration.data.seed < 20; ++configuration.data.seed) {
    log = {};
    const auto data = draw_from(stages, configuration, all, std::nullopt);
    EXPECT_EQ(static_cast<std::int64_t>(data.test.size()) + data.test_skipped, 10);
    EXPECT_EQ(log.warnings.empty(), data.test_skipped == 0 && data.elements.size() == 3);
    skipped += data.test_skipped;
    for (const auto& structure : data.test.structures)
      EXPECT_THAT(structure.species, Each(testing::AnyOfArray(data.elements)));
  }
  EXPECT_GT(skipped, 0);
  configuration.data.baseline = options::Baseline::none; // compositions need not be determined
  configuration.kernels[0].species.elements = {1, 6, 8};
  EXPECT_EQ(draw_from(stages, configuration, all, std::nullopt).test_skipped, 0);
}

TEST_F(TrainingSet, refuses_elements_without_a_channel_and_warns_of_copies) {
  formats::DataSet all;
  add(all, {1, 8}, 6);
  all.structures.push_back(all.structures.front());
  all.structures.back().origin.frame = 6;
  all.targets[0].push_back(all.targets[0].front());
  auto configuration = options(0);
  configuration.kernels[0].species.elements = {1};
  EXPECT_THROW(draw_from(stages, configuration, all, std::nullopt), DataError);
  configuration = options(1);
  bool told = false;
  for (; configuration.data.seed < 50 && !told; ++configuration.data.seed) { // until the copy is drawn
    log = {};
    draw_from(stages, configuration, all, std::nullopt);
    for (const auto& text : log.warnings)
      told =
          told || (world.rank() == 0 && text.starts_with("1 of 1 test structures are also in the training"));
    told = told && world.rank() == 0;
  }
  EXPECT_EQ(told, world.rank() == 0);
}

TEST_F(TrainingSet, kernels_have_the_channels_of_the_elements_or_their_own) {
  formats::DataSet all;
  add(all, {1, 8}, 3);
  auto configuration = options(0);
  configuration.kernels.resize(2, configuration.kernels[0]);
  configuration.kernels[1].species.elements = {1, 6, 8};
  configuration.kernels[1].zeta = 1;
  const linalg::ProcessGrid grid(world, linalg::choose_grid(world.size()));
  const Context context{stages, grid, {}, nullptr};
  const auto specs = kernel_specs(context, configuration, {1, 8}, all.structures);
  ASSERT_EQ(specs.size(), 2U);
  EXPECT_THAT(specs[0].elements, ElementsAre(1, 8));
  EXPECT_THAT(specs[1].elements, ElementsAre(1, 6, 8));
  EXPECT_EQ(specs[1].zeta, 1);
  configuration.kernels[0].zeta = 1;
  EXPECT_EQ(environment_spec(context, configuration, all.structures).zeta, 2);
}

} // namespace
} // namespace soapstone::workflow
