// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/base/atomic_file.hpp"

#include "soapstone/base/error.hpp"

#include <csignal>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <iterator>
#include <sys/stat.h>
#include <unistd.h>

namespace soapstone {
namespace {

namespace fs = std::filesystem;

class AtomicFileTest : public testing::Test {
protected:
  fs::path folder = fs::temp_directory_path() / ("soapstone_atomic_" + std::to_string(::getpid()));
  void SetUp() override { fs::create_directories(folder); }
  void TearDown() override { fs::remove_all(folder); }
  std::string at(const std::string& name) const { return (folder / name).string(); }
  static std::string whole(const std::string& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  std::ptrdiff_t count() const {
    return std::distance(fs::directory_iterator(folder), fs::directory_iterator());
  }
};

void expect_not_writable(const std::string& path, const std::string& part) {
  try {
    require_writable(path);
    FAIL() << path;
  } catch (const IoError& error) {
    EXPECT_EQ(error.code(), ExitCode::io);
    EXPECT_EQ(error.path(), path);
    EXPECT_THAT(error.what(), testing::HasSubstr(part));
  }
}

TEST_F(AtomicFileTest, appears_with_commit) {
  AtomicFile file(at("a"));
  file.write("one ");
  file.write("two");
  EXPECT_FALSE(fs::exists(at("a")));
  file.commit();
  EXPECT_EQ(whole(at("a")), "one two");
  EXPECT_EQ(count(), 1);
}

TEST_F(AtomicFileTest, without_commit_the_old_file_stays) {
  std::ofstream(at("a")) << "old";
  {
    AtomicFile file(at("a"));
    file.write("new");
  }
  EXPECT_EQ(whole(at("a")), "old");
  EXPECT_EQ(count(), 1);
}

TEST_F(AtomicFileTest, is_written_beside_its_place_under_a_name_of_its_own) {
  const AtomicFile file(at("model.h5")), other(at("model.h5")), here("model.h5");
  const fs::path name = file.temporary();
  EXPECT_EQ(name.parent_path(), folder);
  EXPECT_EQ(name.filename().string().rfind(".model.h5." + std::to_string(::getpid()), 0), 0U);
  EXPECT_EQ(name.extension(), ".tmp");
  EXPECT_NE(name, other.temporary());
  EXPECT_EQ(fs::path(here.temporary()).parent_path(), "");
}

TEST_F(AtomicFileTest, what_a_killed_process_of_the_same_number_has_left_is_no_harm) {
  const std::string first = AtomicFile(at("a")).temporary();
  const auto dash = first.rfind('-');
  const int number = std::stoi(first.substr(dash + 1));
  std::ofstream(first.substr(0, dash + 1) + std::to_string(number + 1) + ".tmp") << "left";
  AtomicFile file(at("a"));
  EXPECT_EQ(file.temporary(), first.substr(0, dash + 1) + std::to_string(number + 2) + ".tmp");
}

TEST_F(AtomicFileTest, a_name_may_be_as_long_as_the_file_system_allows) {
  for (const std::size_t length : {200, 231, 232, 244, 255}) {
    const std::string path = at(std::string(length, 'y'));
    AtomicFile file(path);
    file.write("text");
    file.commit();
    EXPECT_EQ(whole(path), "text") << length;
  }
  expect_not_writable(at(std::string(256, 'y')), "too long");
}

TEST_F(AtomicFileTest, a_library_may_write_the_temporary_file) {
  AtomicFile file(at("a"));
  std::ofstream(file.temporary()) << "by name";
  file.commit();
  EXPECT_EQ(whole(at("a")), "by name");
}

TEST_F(AtomicFileTest, a_failing_rename_keeps_what_is_there_and_leaves_nothing) {
  {
    AtomicFile file(at("a"));
    fs::create_directories(at("a/full"));
    EXPECT_THROW(file.commit(), IoError);
  }
  EXPECT_TRUE(fs::exists(at("a/full")));
  EXPECT_EQ(count(), 1);
}

TEST_F(AtomicFileTest, a_signal_leaves_nothing) {
  EXPECT_EXIT(
      {
        AtomicFile file(at("a"));
        file.write("half");
        std::raise(SIGTERM);
      },
      testing::KilledBySignal(SIGTERM), "");
  EXPECT_EQ(count(), 0);
}

TEST_F(AtomicFileTest, permissions_are_those_of_an_ordinary_file) {
  AtomicFile file(at("a"));
  file.commit();
  std::ofstream(at("b")) << "x";
  EXPECT_EQ(fs::status(at("a")).permissions(), fs::status(at("b")).permissions());
}

TEST_F(AtomicFileTest, symbolic_links_stay_links) {
  std::ofstream(at("real")) << "old";
  fs::create_symlink("real", at("link"));
  fs::create_symlink(at("link"), at("second"));
  fs::create_symlink("future", at("dangling"));
  for (const std::string name : {"link", "second", "dangling"}) {
    AtomicFile file(at(name));
    file.write(name);
    file.commit();
    EXPECT_TRUE(fs::is_symlink(at(name)));
    EXPECT_EQ(whole(at(name == "dangling" ? "future" : "real")), name);
  }
  fs::create_symlink("circle", at("circle"));
  EXPECT_THROW(AtomicFile(at("circle")), IoError);
}

TEST_F(AtomicFileTest, devices_are_written_and_not_replaced) {
  ASSERT_EQ(::mkfifo(at("pipe").c_str(), 0600), 0);
  const int reader = ::open(at("pipe").c_str(), O_RDONLY | O_NONBLOCK);
  AtomicFile file(at("pipe"));
  file.write("through");
  file.commit();
  char text[16] = {};
  EXPECT_EQ(::read(reader, text, sizeof text), 7);
  EXPECT_STREQ(text, "through");
  ::close(reader);
  EXPECT_TRUE(fs::is_fifo(at("pipe")));
}

TEST_F(AtomicFileTest, a_full_disk_is_an_io_error) {
  if (!fs::exists("/dev/full"))
    GTEST_SKIP() << "no /dev/full here";
  AtomicFile file("/dev/full");
  EXPECT_THROW(file.write("x"), IoError);
}

TEST_F(AtomicFileTest, require_writable) {
  EXPECT_NO_THROW(require_writable(at("new")));
  EXPECT_NO_THROW(require_writable("just_a_name"));
  EXPECT_NO_THROW(require_writable("/dev/null"));
  EXPECT_NO_THROW(require_writable(""));
  EXPECT_EQ(count(), 0);
  expect_not_writable(at("no/such/file"), "does not exist");
  expect_not_writable(folder.string(), "is a folder");
  expect_not_writable(folder.string() + "/", "is a folder");
  expect_not_writable("/proc/soapstone.json", "/proc");
  EXPECT_THROW(AtomicFile(at("no/such/file")), IoError);
  EXPECT_THROW(AtomicFile(""), IoError);
}

TEST_F(AtomicFileTest, require_writable_heeds_permissions) {
  if (::geteuid() == 0)
    GTEST_SKIP() << "root may write anywhere";
  fs::permissions(folder, fs::perms::owner_read | fs::perms::owner_exec);
  expect_not_writable(at("new"), "Permission denied");
  fs::permissions(folder, fs::perms::owner_all);
}

} // namespace
} // namespace soapstone
