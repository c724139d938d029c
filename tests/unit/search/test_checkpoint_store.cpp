// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/search/checkpoint_store.hpp"

#include "hdf5_leaks.hpp"
#include "samples.hpp"
#include "scratch_folder.hpp"
#include "soapstone/base/error.hpp"
#include "soapstone/h5/file.hpp"

#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>

namespace soapstone::search {
namespace {

using h5::ScratchFolder;
using testing::HasSubstr;
namespace fs = std::filesystem;

struct StoreTest : testing::Test {
  ScratchFolder folder;
  std::string path = folder.file("c.h5");
  std::vector<std::string> warnings;
  Checkpoint search = sample_search();

  /// What a new run of `wanted` finds.
  Records found_by(Checkpoint wanted) {
    warnings.clear();
    CheckpointStore(path).begin(wanted, warnings);
    return wanted.records;
  }
  void cut(const std::string& file) const { fs::resize_file(file, fs::file_size(file) / 2); }
};

TEST_F(StoreTest, a_new_search_finds_nothing_and_leaves_a_file) {
  EXPECT_TRUE(found_by(search).empty());
  EXPECT_TRUE(warnings.empty());
  EXPECT_EQ(read_checkpoint(path).identity, search.identity);
}

TEST_F(StoreTest, parts_are_durable_before_they_are_taken_in) {
  found_by(search);
  add_part(path, search, good_record(0, 4, 0.5));
  add_part(path, search, failed_record(0, 1));
  EXPECT_TRUE(read_checkpoint(path).records.empty());
  const auto seen = inspect_checkpoint(path, warnings);
  ASSERT_TRUE(seen);
  EXPECT_EQ(seen->records.size(), 2U);
  const auto found = found_by(search);
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found.at({0, 4}), good_record(0, 4, 0.5));
  EXPECT_EQ(found.at({0, 1}), failed_record(0, 1));
  EXPECT_EQ(read_checkpoint(path).records, found);
  EXPECT_TRUE(fs::is_empty(path + ".parts"));
}

TEST_F(StoreTest, saving_takes_parts_away_and_keeps_the_previous_file) {
  CheckpointStore store(path);
  store.begin(search, warnings);
  for (int point = 0; point < 3; ++point) {
    add_part(path, search, good_record(0, point, 0.5));
    add(search, good_record(0, point, 0.5));
    store.save(search);
    EXPECT_TRUE(fs::is_empty(path + ".parts"));
    EXPECT_EQ(read_checkpoint(path).records.size(), static_cast<std::size_t>(point + 1));
    EXPECT_EQ(read_checkpoint(path + ".previous").records.size(), static_cast<std::size_t>(point));
  }
  search.status = "finished";
  store.finish(search);
  EXPECT_FALSE(fs::exists(path + ".parts"));
  EXPECT_EQ(read_checkpoint(path).status, "finished");
}

TEST_F(StoreTest, another_search_without_a_result_is_replaced) {
  found_by(search);
  add_part(path, search, failed_record(0, 1));
  search.identity["soap.cutoff"] = "3:6:3";
  EXPECT_TRUE(found_by(search).empty());
  EXPECT_EQ(read_checkpoint(path).identity, search.identity);
}

TEST_F(StoreTest, a_search_that_fails_before_its_first_result_leaves_nothing) {
  const auto fail = [&](std::optional<Record> record) {
    try {
      CheckpointStore store(path);
      auto wanted = search;
      store.begin(wanted, warnings);
      if (record) {
        add(wanted, *record);
        store.save(wanted);
      }
      throw ConfigError("so many folds", "validation.folds");
    } catch (const ConfigError&) {
    }
    return std::distance(fs::directory_iterator(fs::path(path).parent_path()), fs::directory_iterator());
  };
  EXPECT_EQ(fail({}), 0);
  EXPECT_EQ(fail(failed_record(0, 0)), 0);
  EXPECT_GT(fail(good_record(0, 0, 0.5)), 0);
  EXPECT_EQ(found_by(search).size(), 1U);
  EXPECT_GT(fail({}), 0) << "what an earlier run found";
}

TEST_F(StoreTest, another_search_is_refused_by_its_keys) {
  found_by(search);
  add_part(path, search, good_record(0, 1, 0.5));
  search.identity["soap.cutoff"] = "3:6:3";
  try {
    found_by(search);
    FAIL() << "not refused";
  } catch (const ConfigError& error) {
    EXPECT_EQ(error.code(), ExitCode::usage);
    EXPECT_THAT(error.what(), HasSubstr("soap.cutoff: 3:5:3 in the checkpoint, now 3:6:3"));
    EXPECT_THAT(error.what(), testing::Not(HasSubstr("data")));
  }
}

TEST_F(StoreTest, a_damaged_file_is_replaced_by_the_previous_one_and_the_parts) {
  {
    CheckpointStore store(path);
    store.begin(search, warnings);
    add(search, good_record(0, 1, 0.5));
    store.save(search);
    add(search, good_record(0, 2, 0.5));
    store.save(search);
  }
  add_part(path, search, good_record(0, 3, 0.5));
  cut(path);
  const auto found = found_by(sample_search());
  EXPECT_EQ(found.size(), 2U); // all but point 2
  EXPECT_TRUE(found.contains({0, 1}) && found.contains({0, 3}));
  ASSERT_EQ(warnings.size(), 1U);
  EXPECT_THAT(warnings[0], HasSubstr("c.h5.previous"));
  // The damaged one must not have become the previous one.
  EXPECT_EQ(read_checkpoint(path + ".previous").records.size(), 1U);
}

/// Not damaged: what is older does not take its place.
TEST_F(StoreTest, a_file_of_another_schema_is_refused) {
  found_by(search);
  found_by(search); // and there is a previous file
  ASSERT_TRUE(fs::exists(path + ".previous"));
  h5::Writer file(path);
  file.attribute("/", "format", checkpoint_format);
  file.attribute("/", "schema", checkpoint_schema + 1);
  file.commit();
  EXPECT_THROW(found_by(search), ForeignFile);
}

TEST_F(StoreTest, without_any_whole_file_nothing_is_overwritten) {
  found_by(search);
  fs::remove(path + ".previous");
  cut(path);
  const auto size = fs::file_size(path);
  EXPECT_THROW(found_by(search), IoError);
  EXPECT_EQ(fs::file_size(path), size);
}

TEST_F(StoreTest, damaged_and_foreign_parts_do_not_count) {
  found_by(search);
  add_part(path, search, good_record(0, 3, 0.5));
  add_part(path, search, good_record(0, 4, 0.5));
  cut(path + ".parts/0-3.h5");
  auto other = search;
  other.identity["data"] = "9999";
  add_part(path, other, good_record(0, 5, 0.5));
  const auto found = found_by(search);
  EXPECT_EQ(found.size(), 1U);
  EXPECT_EQ(warnings.size(), 1U);
  EXPECT_TRUE(fs::is_empty(path + ".parts"));
}

TEST_F(StoreTest, what_killed_writers_left_is_cleared_away) {
  found_by(search);
  for (const char* name : {".c.h5.123.tmp", "c.h5.parts/.0-1.h5.77.tmp", ".other.h5.123.tmp"})
    std::ofstream(folder.file(name)) << "half";
  found_by(search);
  EXPECT_FALSE(fs::exists(folder.file(".c.h5.123.tmp")));
  EXPECT_TRUE(fs::is_empty(path + ".parts"));
  EXPECT_TRUE(fs::exists(folder.file(".other.h5.123.tmp")));
}

TEST_F(StoreTest, a_name_that_leaves_no_room_for_the_companions_is_refused_at_once) {
  for (const auto& [length, fits] : {std::pair{242U, true}, {243U, false}, {250U, false}}) {
    path = folder.file(std::string(length, 'y'));
    if (fits)
      EXPECT_NO_THROW(found_by(search));
    else
      EXPECT_THROW(found_by(search), IoError) << length;
  }
}

TEST_F(StoreTest, a_second_job_is_refused) {
  const CheckpointStore first(path);
  EXPECT_THROW(CheckpointStore(path, 0.1), IoError);
}

} // namespace
} // namespace soapstone::search
