// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/app/atomic_file.hpp"

#include "soapstone/base/error.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>

namespace soapstone::app {

namespace fs = std::filesystem;

namespace {

[[noreturn]] void fail(const std::string& what, const std::string& path) {
  throw IoError(what + ": " + std::strerror(errno), path);
}

/// Where the bytes go: through symbolic links, so that a link stays one.
std::string real_place(const std::string& path) {
  std::error_code ignored;
  return fs::is_symlink(path, ignored) ? fs::weakly_canonical(path, ignored).string() : path;
}

fs::path folder_of(const std::string& path) {
  const fs::path folder = fs::path(path).parent_path();
  return folder.empty() ? fs::path(".") : folder;
}

/// Makes a rename survive a power failure. File systems that cannot do it say EINVAL, which is no harm; nor
/// is a folder that may be written and not read.
void flush_folder(const std::string& path) {
  const int folder = ::open(folder_of(path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0)
    return;
  const int status = ::fsync(folder);
  const int problem = errno;
  ::close(folder);
  errno = problem;
  if (status != 0 && problem != EINVAL)
    fail("is in place, but its folder cannot be flushed to the disk", path);
}

bool is_special(const std::string& path) {
  std::error_code ignored;
  return fs::exists(path, ignored) && !fs::is_regular_file(path, ignored);
}

/// Makes and opens a new file beside `path`, with the permissions that a plain open would give; its name goes
/// to `name`.
int open_beside(const std::string& path, std::string& name) {
  name = path + ".XXXXXX";
  const int file = ::mkostemp(name.data(), O_CLOEXEC);
  if (file < 0)
    return file;
  const mode_t mask = ::umask(0);
  ::umask(mask);
  if (::fchmod(file, 0666 & ~mask) != 0) { /* a file system without permissions */
  }
  return file;
}

} // namespace

AtomicFile::AtomicFile(const std::string& path) : path_(real_place(path)) {
  if (path.empty())
    throw IoError("no file name given");
  require_writable(path_);
  file_ = is_special(path_) ? ::open(path_.c_str(), O_WRONLY | O_CLOEXEC) : open_beside(path_, temporary_);
  if (file_ < 0) {
    temporary_.clear();
    fail("cannot be opened for writing", path_);
  }
  if (!temporary_.empty())
    vanishing_.emplace(temporary_);
}

AtomicFile::~AtomicFile() {
  if (file_ >= 0)
    ::close(file_);
  if (!temporary_.empty())
    ::unlink(temporary_.c_str());
}

void AtomicFile::write(std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(file_, text.data(), text.size());
    if (written < 0 && errno == EINTR)
      continue;
    if (written < 0)
      fail("cannot be written", path_);
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

void AtomicFile::close_file() {
  const int file = file_;
  file_ = -1;
  if (::close(file) != 0)
    fail("cannot be written", path_);
}

void AtomicFile::commit() {
  if (temporary_.empty()) {
    close_file();
    return;
  }
  if (::fsync(file_) != 0)
    fail("cannot be flushed to the disk", path_);
  close_file();
  if (::rename(temporary_.c_str(), path_.c_str()) != 0)
    fail("cannot be renamed to its final name", path_);
  temporary_.clear();
  flush_folder(path_);
}

void require_writable(const std::string& path) {
  if (path.empty())
    return;
  const std::string place = real_place(path);
  std::error_code ignored;
  if (fs::is_directory(place, ignored))
    throw IoError("is a folder, expected the name of a file to write", path);
  if (is_special(place)) {
    if (::access(place.c_str(), W_OK) != 0)
      fail("cannot be written", path);
    return;
  }
  const auto folder = folder_of(place);
  if (!fs::is_directory(folder, ignored))
    throw IoError("cannot be written: the folder " + folder.string() + " does not exist", path);
  // Trying is the only sure way: root passes permission checks even where nothing can be made (read-only or
  // full disks, /proc).
  std::string probe;
  const int file = open_beside(place, probe);
  if (file < 0)
    fail("cannot be written in folder " + folder.string(), path);
  ::close(file);
  ::unlink(probe.c_str());
}

} // namespace soapstone::app
