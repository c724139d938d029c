// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/base/atomic_file.hpp"

#include "soapstone/base/error.hpp"

#include <atomic>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <unistd.h>

namespace soapstone {

namespace fs = std::filesystem;

namespace {

constexpr int most_links = 40;

/// Where the bytes go: through symbolic links, the last of which may lead to a file that is yet to be made.
std::string place_of(const std::string& path) {
  std::error_code problem;
  fs::path place = path;
  if (is_special_file(path))
    return path;
  for (int links = 0; fs::is_symlink(place, problem); ++links) {
    const fs::path next = fs::read_symlink(place, problem);
    if (problem || links == most_links)
      throw IoError("is a link that cannot be followed", path);
    place = place.parent_path() / next;
  }
  if (problem == std::errc::filename_too_long) // that of the temporary file is cut to fit
    throw IoError("cannot be written: " + problem.message(), path);
  if (place.filename().empty())
    throw IoError("is not a file name", path);
  return place.string();
}

fs::path folder_of(const std::string& place) {
  const fs::path folder = fs::path(place).parent_path();
  return folder.empty() ? fs::path(".") : folder;
}

/// A name that no file of this process has had. The end of a name near the limit of the file system is left
/// out, so that every file can be written.
std::string name_beside(const std::string& place) {
  static std::atomic<int> used{0};
  const std::string end = '.' + std::to_string(getpid()) + '-' + std::to_string(used++) + ".tmp";
  constexpr long usual = 255;
  const long limit = pathconf(folder_of(place).c_str(), _PC_NAME_MAX);
  const auto room = static_cast<std::size_t>(limit > 0 ? limit : usual) - 1 - end.size();
  const fs::path target = place;
  return target.parent_path() / ('.' + target.filename().string().substr(0, room) + end);
}

/// Makes a rename survive a power failure: whether it may have failed, as errno states. File systems that
/// cannot do it say EINVAL, which is no harm; nor is a folder that may be written and not read.
bool flush_folder(const fs::path& path) {
  const int folder = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0)
    return true;
  const int status = ::fsync(folder);
  const int problem = errno;
  ::close(folder);
  errno = problem;
  return status == 0 || problem == EINVAL;
}

} // namespace

bool is_special_file(const std::string& path) {
  std::error_code ignored;
  return fs::exists(path, ignored) && !fs::is_regular_file(path, ignored);
}

AtomicFile::AtomicFile(const std::string& path) : path_(path), place_(place_of(path)) {
  std::error_code ignored;
  if (fs::is_directory(place_, ignored))
    throw IoError("is a folder, expected the name of a file to write", path_);
  if (is_special_file(place_))
    file_ = ::open(place_.c_str(), O_WRONLY | O_CLOEXEC);
  else
    open_beside_place();
  if (file_ < 0)
    fail("cannot be opened for writing");
}

void AtomicFile::open_beside_place() {
  const auto folder = folder_of(place_);
  std::error_code ignored;
  if (!fs::is_directory(folder, ignored))
    throw IoError("cannot be written: the folder " + folder.string() + " does not exist", path_);
  do { // a file of this name can only be what a process of the same number has left
    temporary_ = name_beside(place_);
    vanishing_.emplace(temporary_);
    file_ = ::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  } while (file_ < 0 && errno == EEXIST);
  if (file_ < 0)
    fail("cannot be written in folder " + folder.string());
}

AtomicFile::~AtomicFile() {
  if (file_ >= 0)
    ::close(file_);
  if (!temporary_.empty())
    ::unlink(temporary_.c_str());
}

void AtomicFile::fail(const std::string& what) const {
  throw IoError(what + ": " + std::strerror(errno), path_);
}

void AtomicFile::write(std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(file_, text.data(), text.size());
    if (written < 0 && errno == EINTR)
      continue;
    if (written < 0)
      fail("cannot be written");
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

void AtomicFile::close_file() {
  const int file = file_;
  file_ = -1;
  if (::close(file) != 0)
    fail("cannot be written");
}

void AtomicFile::commit() {
  if (temporary_.empty())
    return close_file();
  if (::fsync(file_) != 0)
    fail("cannot be flushed to the disk");
  close_file();
  if (::rename(temporary_.c_str(), place_.c_str()) != 0)
    fail("cannot be renamed to its final name");
  temporary_.clear();
  if (!flush_folder(folder_of(place_)))
    fail("is in place, but its folder cannot be flushed to the disk");
}

void require_writable(const std::string& path) {
  if (path.empty())
    return;
  std::error_code ignored;
  if (!is_special_file(path) || fs::is_directory(path, ignored)) {
    // Trying is the only sure way: root passes permission checks even where nothing can be made (read-only or
    // full disks, /proc).
    const AtomicFile trial(path);
  } else if (::access(path.c_str(), W_OK) != 0) { // a pipe is not opened before it is used
    throw IoError(std::string("cannot be written: ") + std::strerror(errno), path);
  }
}

} // namespace soapstone
