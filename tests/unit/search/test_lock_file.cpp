// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/search/lock_file.hpp"

#include "scratch_folder.hpp"
#include "soapstone/base/error.hpp"

#include <csignal>
#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace soapstone::search {
namespace {

using h5::ScratchFolder;

/// A process that takes the lock, says so through a pipe and waits to be killed.
class Holder {
public:
  explicit Holder(const std::string& path) {
    int ends[2];
    if (::pipe(ends) != 0)
      throw std::runtime_error("no pipe");
    child_ = ::fork();
    if (child_ == 0) {
      const LockFile lock(path);
      [[maybe_unused]] const auto written = ::write(ends[1], "x", 1);
      for (;;)
        ::pause();
    }
    char ready = 0;
    if (::read(ends[0], &ready, 1) != 1)
      throw std::runtime_error("no holder");
    ::close(ends[0]);
    ::close(ends[1]);
  }
  ~Holder() { kill(); }
  pid_t pid() const { return child_; }
  void kill() {
    if (child_ <= 0)
      return;
    ::kill(child_, SIGKILL);
    ::waitpid(child_, nullptr, 0);
    child_ = 0;
  }

private:
  pid_t child_ = 0;
};

TEST(LockFile, a_second_process_is_refused_and_told_by_whom) {
  const ScratchFolder folder;
  const auto path = folder.file("search.h5.lock");
  const Holder holder(path);
  try {
    const LockFile mine(path, 0.1);
    FAIL() << "two have the lock";
  } catch (const IoError& error) {
    EXPECT_THAT(error.what(),
                testing::HasSubstr("in use by process " + std::to_string(holder.pid()) + " on host"));
  }
}

TEST(LockFile, of_a_killed_process_is_no_obstacle) {
  const ScratchFolder folder;
  const auto path = folder.file("search.h5.lock");
  Holder holder(path);
  holder.kill();
  ASSERT_TRUE(std::filesystem::exists(path));
  EXPECT_TRUE(LockFile(path, 0).held());
  EXPECT_FALSE(std::filesystem::exists(path));
  EXPECT_TRUE(LockFile(path, 0).held());
}

TEST(LockFile, names_the_batch_job) {
  const ScratchFolder folder;
  ::setenv("SLURM_JOB_ID", "4711", 1);
  const LockFile lock(folder.file("lock"));
  ::unsetenv("SLURM_JOB_ID");
  std::ifstream file(folder.file("lock"));
  std::string text;
  std::getline(file, text);
  EXPECT_THAT(text, testing::EndsWith(", Slurm job 4711"));
}

TEST(LockFileDeathTest, goes_with_a_process_that_is_interrupted) {
  const ScratchFolder folder;
  EXPECT_EXIT(
      {
        const LockFile lock(folder.file("lock"));
        std::raise(SIGINT);
      },
      testing::KilledBySignal(SIGINT), "");
  EXPECT_FALSE(std::filesystem::exists(folder.file("lock")));
}

TEST(LockFile, is_a_regular_file) {
  const ScratchFolder folder;
  ASSERT_EQ(::mkfifo(folder.file("pipe").c_str(), 0600), 0);
  EXPECT_THROW(LockFile(folder.file("pipe"), 0), IoError);
  EXPECT_THROW(LockFile("/dev/null", 0), IoError);
  EXPECT_TRUE(std::filesystem::is_fifo(folder.file("pipe")));
}

TEST(LockFile, cannot_be_made_in_a_folder_that_is_not_there) {
  const ScratchFolder folder;
  EXPECT_THROW(LockFile(folder.file("missing/lock")), IoError);
}

} // namespace
} // namespace soapstone::search
