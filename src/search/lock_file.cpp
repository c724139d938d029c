// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/search/lock_file.hpp"

#include "soapstone/base/error.hpp"
#include "soapstone/base/stopwatch.hpp"

#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <sys/file.h>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

namespace soapstone::search {

namespace {

constexpr std::size_t longest_name = 300;

std::string holder_of(const std::string& path) {
  std::ifstream file(path);
  std::string text;
  std::getline(file, text);
  return text.empty() ? "another process" : text.substr(0, longest_name);
}

bool same_file(int file, const std::string& path) {
  struct stat opened {
  }, named{};
  return ::fstat(file, &opened) == 0 && ::stat(path.c_str(), &named) == 0 && opened.st_ino == named.st_ino &&
         opened.st_dev == named.st_dev;
}

} // namespace

std::string job_name() {
  char host[256] = "unknown";
  ::gethostname(host, sizeof host - 1);
  std::string name = "process " + std::to_string(::getpid()) + " on host " + host;
  if (const char* job = std::getenv("SLURM_JOB_ID"))
    name += std::string(", Slurm job ") + job;
  return name;
}

bool LockFile::try_lock() {
  file_ = ::open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0666);
  if (file_ < 0)
    throw IoError(std::string("the lock file cannot be created: ") + std::strerror(errno), path_);
  struct stat opened {};
  if (::fstat(file_, &opened) != 0 || !S_ISREG(opened.st_mode)) {
    ::close(file_);
    throw IoError(
        "the lock file cannot be created: the name is in use by something that is not a regular file", path_);
  }
  const int status = ::flock(file_, LOCK_EX | LOCK_NB);
  const bool taken = status != 0 && errno == EWOULDBLOCK;
  held_ = status == 0;
  // Its last holder may have taken the file away after it was opened here.
  if (!taken && (!held_ || same_file(file_, path_)))
    return true;
  ::close(file_);
  file_ = -1;
  held_ = false;
  return false;
}

LockFile::LockFile(const std::string& path, double patience) : path_(path) {
  const Stopwatch watch;
  while (!try_lock()) {
    if (watch.seconds() > patience)
      throw IoError("is in use by " + holder_of(path_) + "; two jobs cannot share a checkpoint", path_);
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  if (held_)
    vanishing_.emplace(path_);
  const std::string text = job_name() + "\n";
  if (::ftruncate(file_, 0) != 0 || ::pwrite(file_, text.data(), text.size(), 0) < 0) {
    // A full disk: the lock holds all the same, and whoever meets it is not told by whom.
  }
}

LockFile::~LockFile() {
  if (held_)
    ::unlink(path_.c_str());
  if (file_ >= 0)
    ::close(file_);
}

} // namespace soapstone::search
