// SPDX-License-Identifier: BSD-3-Clause
// Checkpoints of optimisations: what is saved and read again, and which files are refused.
#include "scratch_folder.hpp"
#include "soapstone/base/error.hpp"
#include "soapstone/h5/file.hpp"
#include "soapstone/search/checkpoint.hpp"
#include "soapstone/search/optimization.hpp"

#include <filesystem>
#include <gmock/gmock.h>
#include <limits>

namespace soapstone::search {
namespace {

using h5::ScratchFolder;
using testing::HasSubstr;

struct OptimizationFile : testing::Test {
  ScratchFolder folder;
  std::string path = folder.file("o.h5");
  std::vector<std::string> warnings;

  Optimization sample() const {
    Optimization state;
    state.identity = {{"data", "0123"}, {"soap.cutoff", "4"}};
    state.start = {0.1, -1.0 / 3};
    state.history = {2.5, 2};
    state.evaluations = {{{0.1, -1.0 / 3}, 2, {1e-300, -0.7}}, {{1e300, 0.3}, 1.5, {0.2, 7}}};
    state.finished_evaluations = 5;
    state.cycles = 3;
    state.status = "stopped";
    state.owner = "process 1 on host here";
    return state;
  }
  static void expect_same(const Optimization& found, const Optimization& expected) {
    EXPECT_EQ(found.identity, expected.identity);
    EXPECT_EQ(found.start, expected.start);
    EXPECT_EQ(found.history, expected.history);
    EXPECT_EQ(found.finished_evaluations, expected.finished_evaluations);
    EXPECT_EQ(found.cycles, expected.cycles);
    EXPECT_EQ(found.status, expected.status);
    EXPECT_EQ(found.owner, expected.owner);
    ASSERT_EQ(found.evaluations.size(), expected.evaluations.size());
    for (std::size_t i = 0; i < found.evaluations.size(); ++i) {
      EXPECT_EQ(found.evaluations[i].x, expected.evaluations[i].x);
      EXPECT_EQ(found.evaluations[i].objective, expected.evaluations[i].objective);
      EXPECT_EQ(found.evaluations[i].gradient, expected.evaluations[i].gradient);
    }
  }
  /// Returns what a run with the keys and the number of variables of `wanted` reads.
  Optimization loaded_by(Optimization wanted) {
    wanted.start.assign(wanted.start.size(), 0);
    wanted.evaluations.clear();
    EXPECT_TRUE(load_optimization(path, wanted, warnings));
    return wanted;
  }
};

TEST_F(OptimizationFile, gives_back_what_was_saved) {
  auto state = sample();
  EXPECT_FALSE(load_optimization(path, state, warnings));
  save_optimization(path, state);
  expect_same(loaded_by(sample()), sample());
  // An evaluation without a value has no gradient.
  state.evaluations.insert(state.evaluations.begin() + 1,
                           {{0.5, 0.5}, std::numeric_limits<double>::infinity(), {}});
  save_optimization(path, state);
  state.evaluations[1].gradient = {0, 0};
  expect_same(loaded_by(sample()), state);
  state.identity.clear();
  state.history.clear();
  state.evaluations.clear();
  save_optimization(path, state);
  expect_same(loaded_by(state), state);
  EXPECT_THAT(warnings, testing::IsEmpty());
}

TEST_F(OptimizationFile, of_another_optimisation_is_refused_by_its_keys) {
  save_optimization(path, sample());
  auto other = sample();
  other.identity["soap.cutoff"] = "5";
  other.evaluations.clear();
  const auto before = other;
  try {
    load_optimization(path, other, warnings);
    FAIL() << "not refused";
  } catch (const ConfigError& error) {
    EXPECT_THAT(error.what(), HasSubstr("soap.cutoff: 4 in the checkpoint, now 5"));
    EXPECT_THAT(error.what(), testing::Not(HasSubstr("data")));
  }
  expect_same(other, before);
}

/// The file is not damaged, so that the previous one must not take its place.
TEST_F(OptimizationFile, of_another_schema_is_refused) {
  save_optimization(path, sample());
  save_optimization(path, sample()); // and there is a previous file
  h5::Writer file(path);
  file.attribute("/", "format", optimization_format);
  file.attribute("/", "schema", optimization_schema + 1);
  file.commit();
  auto state = sample();
  try {
    load_optimization(path, state, warnings);
    FAIL() << "not refused";
  } catch (const ForeignFile& error) {
    EXPECT_THAT(error.what(), HasSubstr("schema 2"));
  }
}

TEST_F(OptimizationFile, of_other_variables_is_refused) {
  save_optimization(path, sample());
  auto other = sample();
  other.start.push_back(1);
  EXPECT_THROW(load_optimization(path, other, warnings), IoError);
}

TEST_F(OptimizationFile, with_numbers_of_nothing_is_refused) {
  for (const std::int64_t number : {std::int64_t{-1}, std::numeric_limits<std::int64_t>::max()})
    for (const auto member : {&Optimization::cycles, &Optimization::finished_evaluations}) {
      auto state = sample();
      state.*member = number;
      save_optimization(path, state);
      EXPECT_THROW(read_optimization(path), IoError);
    }
  auto state = sample();
  state.start[1] = std::numeric_limits<double>::quiet_NaN();
  save_optimization(path, state);
  EXPECT_THROW(read_optimization(path), IoError);
}

TEST_F(OptimizationFile, that_is_damaged_or_gone_is_replaced_by_the_one_before) {
  auto state = sample();
  save_optimization(path, state);
  state.cycles = 4;
  save_optimization(path, state);
  std::filesystem::resize_file(path, std::filesystem::file_size(path) / 2);
  EXPECT_EQ(loaded_by(sample()).cycles, 3);
  ASSERT_EQ(warnings.size(), 1U);
  EXPECT_THAT(warnings[0], HasSubstr("o.h5.previous"));
  std::filesystem::remove(path);
  EXPECT_EQ(loaded_by(sample()).cycles, 3);
  std::filesystem::resize_file(path + ".previous", 100);
  auto none = sample();
  EXPECT_THROW(load_optimization(path, none, warnings), IoError);
}

} // namespace
} // namespace soapstone::search
