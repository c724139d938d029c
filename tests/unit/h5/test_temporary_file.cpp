// SPDX-License-Identifier: BSD-3-Clause
#include "temporary_file.hpp"

#include "scratch_folder.hpp"

#include "soapstone/base/error.hpp"

#include <fstream>

#include <gtest/gtest.h>
#include <unistd.h>

namespace soapstone::h5 {
namespace {

namespace fs = std::filesystem;

std::string contents(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(TemporaryName, lies_beside_the_target_and_names_the_process) {
  const ScratchFolder folder;
  const fs::path name = temporary_name(folder.file("model.h5"));
  EXPECT_EQ(name.parent_path().string() + "/", folder.file(""));
  EXPECT_EQ(name.filename().string().rfind(".model.h5." + std::to_string(getpid()), 0), 0U);
  EXPECT_EQ(name.extension(), ".tmp");
}

TEST(TemporaryName, is_never_given_twice) {
  EXPECT_NE(temporary_name("model.h5"), temporary_name("model.h5"));
}

TEST(TemporaryName, has_room_wherever_the_target_has) {
  const ScratchFolder folder;
  for (const std::size_t length : {200, 231, 232, 244, 255}) {
    const std::string target = folder.file(std::string(length, 'y'));
    for (const auto& path : {target, temporary_name(target)}) {
      std::ofstream(path) << "text";
      EXPECT_EQ(contents(path), "text") << length << ", " << path.size();
    }
  }
  EXPECT_NO_THROW(temporary_name(folder.file(std::string(256, 'y')))); // creating it tells of it
}

TEST(ResolveTarget, follows_symbolic_links) {
  const ScratchFolder folder;
  std::ofstream(folder.file("real.h5")) << "old";
  fs::create_symlink("real.h5", folder.file("link.h5"));
  EXPECT_EQ(resolve_target(folder.file("link.h5")), folder.file("real.h5"));
  fs::create_symlink("link.h5", folder.file("second.h5"));
  EXPECT_EQ(resolve_target(folder.file("second.h5")), folder.file("real.h5"));
  fs::create_symlink(folder.file("future.h5"), folder.file("dangling.h5"));
  EXPECT_EQ(resolve_target(folder.file("dangling.h5")), folder.file("future.h5"));
  fs::create_symlink("circle.h5", folder.file("circle.h5"));
  EXPECT_THROW(resolve_target(folder.file("circle.h5")), IoError);
}

TEST(ResolveTarget, refuses_what_is_no_regular_file) {
  const ScratchFolder folder;
  EXPECT_THROW(resolve_target("/dev/null"), IoError);
  EXPECT_THROW(resolve_target(folder.file("")), IoError);
  EXPECT_THROW(resolve_target(fs::path(folder.file("")).parent_path().string()), IoError);
  EXPECT_THROW(resolve_target(folder.file("missing/model.h5")), IoError);
  EXPECT_THROW(resolve_target(""), IoError);
}

TEST(Publish, replaces_the_target) {
  const ScratchFolder folder;
  std::ofstream(folder.file("model.h5")) << "old";
  std::ofstream(folder.file("new.tmp")) << "new";
  publish(folder.file("new.tmp"), folder.file("model.h5"));
  EXPECT_EQ(contents(folder.file("model.h5")), "new");
  EXPECT_EQ(folder.names().size(), 1U);
}

TEST(Publish, a_failing_rename_keeps_both) {
  const ScratchFolder folder;
  std::ofstream(folder.file("new.tmp")) << "new";
  fs::create_directories(folder.file("model.h5/full"));
  EXPECT_THROW(publish(folder.file("new.tmp"), folder.file("model.h5")), IoError);
  EXPECT_EQ(contents(folder.file("new.tmp")), "new");
}

TEST(Publish, a_missing_file_is_an_error) {
  const ScratchFolder folder;
  EXPECT_THROW(publish(folder.file("missing.tmp"), folder.file("model.h5")), IoError);
}

} // namespace
} // namespace soapstone::h5
