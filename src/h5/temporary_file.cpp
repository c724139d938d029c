// SPDX-License-Identifier: BSD-3-Clause
#include "temporary_file.hpp"

#include "soapstone/base/error.hpp"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include <fcntl.h>
#include <unistd.h>

namespace soapstone::h5 {

namespace fs = std::filesystem;

namespace {

constexpr int most_links = 40;

[[noreturn]] void fail_with_errno(const char* what, const std::string& path) {
  throw IoError(std::string(what) + ": " + std::strerror(errno), path);
}

fs::path folder_of(const std::string& target) {
  const fs::path folder = fs::path(target).parent_path();
  return folder.empty() ? fs::path(".") : folder;
}

/// As much of the target's name as a temporary one has room for.
std::string stem_of(const std::string& target) {
  constexpr long room = 24; // a dot before, then .<process>-<number>.tmp
  constexpr long usual = 255;
  const long most = pathconf(folder_of(target).c_str(), _PC_NAME_MAX);
  const auto length = static_cast<std::size_t>(std::max(1L, (most > 0 ? most : usual) - room));
  return fs::path(target).filename().string().substr(0, length);
}

/// fsync of a file or folder. EINVAL means that the file system knows no fsync for it, which some have for
/// folders.
void sync_path(const std::string& path) {
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0)
    fail_with_errno("cannot be opened for flushing", path);
  const int status = fsync(descriptor);
  const int problem = errno;
  close(descriptor);
  errno = problem;
  if (status != 0 && problem != EINVAL)
    fail_with_errno("cannot be flushed to the disk", path);
}

} // namespace

std::string resolve_target(const std::string& target) {
  std::error_code problem;
  fs::path resolved = target;
  for (int links = 0; fs::is_symlink(resolved, problem);
       ++links) { // the last one may lead to a file yet to be made
    const fs::path next = fs::read_symlink(resolved, problem);
    if (problem || links == most_links)
      throw IoError("is a link that cannot be followed", target);
    resolved = resolved.parent_path() / next;
  }
  if (resolved.filename().empty())
    throw IoError("is not a file name", target);
  if (fs::exists(resolved, problem) && !fs::is_regular_file(resolved, problem))
    throw IoError("exists and is not a regular file", target);
  if (!fs::is_directory(folder_of(resolved.string()), problem))
    throw IoError("its folder does not exist", target);
  return resolved.string();
}

std::string temporary_name(const std::string& target) {
  static std::atomic<int> used{0};
  const fs::path folder = fs::path(target).parent_path();
  const std::string stem = '.' + stem_of(target) + '.' + std::to_string(getpid());
  std::error_code problem; // creating the file tells of it
  for (;;) {
    const int number = used++;
    const fs::path path = folder / (stem + (number == 0 ? "" : '-' + std::to_string(number)) + ".tmp");
    if (!fs::exists(path, problem))
      return path.string();
  }
}

void publish(const std::string& temporary, const std::string& target) {
  sync_path(temporary);
  if (std::rename(temporary.c_str(), target.c_str()) != 0)
    fail_with_errno("the finished file cannot be renamed to its final name", target);
  sync_path(folder_of(target).string());
}

} // namespace soapstone::h5
