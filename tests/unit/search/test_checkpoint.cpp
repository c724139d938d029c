// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/search/checkpoint.hpp"

#include "hdf5_leaks.hpp"
#include "samples.hpp"
#include "scratch_folder.hpp"
#include "soapstone/base/error.hpp"
#include "soapstone/base/random.hpp"
#include "soapstone/h5/file.hpp"

#include <cmath>
#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <iterator>

namespace soapstone::search {
namespace {

using h5::ScratchFolder;
using testing::ElementsAre;

void expect_equal(const Checkpoint& a, const Checkpoint& b) {
  EXPECT_EQ(a.identity, b.identity);
  EXPECT_EQ(a.axes, b.axes);
  EXPECT_EQ(a.rows, b.rows);
  EXPECT_EQ(a.columns, b.columns);
  EXPECT_EQ(a.score, b.score);
  EXPECT_EQ(a.rungs, b.rungs);
  EXPECT_EQ(a.status, b.status);
  EXPECT_EQ(a.owner, b.owner);
  EXPECT_EQ(a.records, b.records);
}

TEST(Checkpoint, comes_back_as_it_was_written) {
  const ScratchFolder folder;
  auto search = sample_search();
  write_checkpoint(folder.file("c.h5"), search);
  expect_equal(read_checkpoint(folder.file("c.h5")), search);
  add(search, good_record(0, 2, 0.1));
  write_checkpoint(folder.file("c.h5"), search);
  expect_equal(read_checkpoint(folder.file("c.h5")), search);
  add(search, good_record(0, 3, 0.7, true));
  add(search, failed_record(0, 5));
  add(search, good_record(1, 2, 0.05));
  search.status = "finished";
  write_checkpoint(folder.file("c.h5"), search);
  expect_equal(read_checkpoint(folder.file("c.h5")), search);
}

TEST(Checkpoint, a_search_of_one_point_has_no_axes) {
  const ScratchFolder folder;
  auto search = sample_search();
  search.axes.clear();
  write_checkpoint(folder.file("c.h5"), search);
  expect_equal(read_checkpoint(folder.file("c.h5")), search);
}

TEST(Checkpoint, other_files_are_refused) {
  const ScratchFolder folder;
  EXPECT_THROW(read_checkpoint(folder.file("missing.h5")), IoError);
  std::ofstream(folder.file("text.h5")) << "no HDF5";
  EXPECT_THROW(read_checkpoint(folder.file("text.h5")), IoError);
  h5::Writer other(folder.file("other.h5"));
  other.write("/x", 1.0);
  other.commit();
  EXPECT_THROW(read_checkpoint(folder.file("other.h5")), IoError);
}

class DamagedCheckpoint : public testing::Test {
protected:
  void SetUp() override {
    add(search, good_record(0, 2, 0.1));
    add(search, failed_record(0, 3));
    write_checkpoint(folder.file("whole.h5"), search);
    std::ifstream file(folder.file("whole.h5"), std::ios::binary);
    bytes.assign(std::istreambuf_iterator<char>(file), {});
  }
  void write(const std::string& content) const {
    std::ofstream(folder.file("c.h5"), std::ios::binary) << content;
  }
  ScratchFolder folder;
  Checkpoint search = sample_search();
  std::string bytes;
};

TEST_F(DamagedCheckpoint, is_refused_however_short_it_was_cut) {
  CounterRandom random(1);
  for (int i = 0; i < 40; ++i) {
    write(bytes.substr(0, random.below(bytes.size())));
    EXPECT_THROW(read_checkpoint(folder.file("c.h5")), IoError);
  }
}

// Most bytes of a small HDF5 file are unused space, where a flip changes nothing.
TEST_F(DamagedCheckpoint, never_gives_other_contents) {
  CounterRandom random(2);
  int refused = 0;
  for (int i = 0; i < 300; ++i) {
    auto damaged = bytes;
    const auto at = static_cast<std::size_t>(random.below(bytes.size()));
    damaged[at] = static_cast<char>(damaged[at] ^ (1 << random.below(8)));
    write(damaged);
    try {
      expect_equal(read_checkpoint(folder.file("c.h5")), search);
    } catch (const IoError&) {
      ++refused;
    }
  }
  EXPECT_GT(refused, 10);
}

TEST(Differences, name_the_keys) {
  EXPECT_THAT(differences({{"a", "1"}, {"b", "2"}}, {{"a", "1"}, {"b", "2"}}), ElementsAre());
  EXPECT_THAT(differences({{"a", "1"}, {"b", "2"}}, {{"b", "3"}, {"c", "4"}}),
              ElementsAre("a: 1 in the checkpoint, now (not set)", "b: 2 in the checkpoint, now 3",
                          "c: (not set) in the checkpoint, now 4"));
}

TEST(Fingerprint, tells_keys_from_values) {
  EXPECT_EQ(fingerprint({{"a", "b"}}), fingerprint({{"a", "b"}}));
  EXPECT_NE(fingerprint({{"a", "b"}}), fingerprint({{"a", "c"}}));
  EXPECT_NE(fingerprint({{"ab", ""}}), fingerprint({{"a", "b"}}));
  EXPECT_NE(fingerprint({{"a", "bc"}}), fingerprint({{"ab", "c"}}));
  EXPECT_NE(fingerprint({{"a", ""}}), fingerprint({}));
}

TEST(BestRecord, least_score_of_good_rows_on_the_last_rung) {
  auto search = sample_search();
  EXPECT_EQ(best_record(search), nullptr);
  add(search, failed_record(0, 0));
  EXPECT_EQ(best_record(search), nullptr);
  EXPECT_TRUE(std::isinf(best_row(search, failed_record(0, 0)).score));
  add(search, good_record(0, 1, 0.3));
  add(search, good_record(0, 2, 0.1));
  add(search, good_record(0, 3, 0.1));
  EXPECT_EQ(best_record(search)->task.point, 2);
  EXPECT_EQ(best_row(search, *best_record(search)).score, 0.1);
  EXPECT_EQ(best_row(search, *best_record(search)).row, 0U);
  add(search, good_record(1, 1, 0.2)); // more structures: what counts, although it is no less
  EXPECT_EQ(best_record(search)->task, (Task{1, 1}));
  Record second = good_record(1, 4, 0.2, false);
  second.values[3] = 0.1;
  second.failures[0] = "not positive definite";
  second.values[1] = 0.01;
  add(search, second);
  EXPECT_EQ(best_record(search)->task, (Task{1, 4}));
  EXPECT_EQ(best_row(search, second).row, 1U);
}

TEST(BestRecord, rounding_does_not_choose) {
  auto search = sample_search();
  add(search, good_record(0, 1, 0.1 + 1e-14));
  Record second = good_record(0, 2, 0.1, false);
  second.values[3] = 0.1 - 1e-14;
  add(search, second);
  EXPECT_EQ(best_record(search)->task.point, 1);
  EXPECT_EQ(best_row(search, second).row, 0U);
}

} // namespace
} // namespace soapstone::search
