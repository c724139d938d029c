// SPDX-License-Identifier: BSD-3-Clause
#include "fallback_file.hpp"

#include <algorithm>
#include <cerrno>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace soapstone::h5 {

namespace {
constexpr std::size_t largest_call = std::size_t{1} << 30; // the kernel moves at most 2 GiB at once
}

FallbackFile::FallbackFile(const char* path, int flags, int* problem)
    : descriptor_(open(path, flags | O_CLOEXEC, 0666)), problem_(problem) {
  struct stat status {};
  if (descriptor_ < 0 || fstat(descriptor_, &status) != 0)
    remember(errno);
  size_ = static_cast<std::uint64_t>(status.st_size);
}

FallbackFile::~FallbackFile() {
  if (descriptor_ >= 0 && close(descriptor_) != 0)
    remember(errno);
}

void FallbackFile::remember(int number) {
  if (*problem_ == 0)
    *problem_ = number;
}

void FallbackFile::read(std::uint64_t at, std::size_t size, char* buffer) {
  std::size_t done = 0;
  while (done < size) {
    const auto n =
        pread(descriptor_, buffer + done, std::min(size - done, largest_call), static_cast<off_t>(at + done));
    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0)
      remember(errno);
    if (n <= 0)
      break;
    done += static_cast<std::size_t>(n);
  }
  std::fill(buffer + done, buffer + size, '\0'); // behind the end of the file
  for (const auto& [start, bytes] : kept_) {
    const auto begin = std::max(at, start), end = std::min(at + size, start + bytes.size());
    if (begin < end)
      std::copy_n(bytes.data() + (begin - start), end - begin, buffer + (begin - at));
  }
}

void FallbackFile::write(std::uint64_t at, std::size_t size, const char* buffer, bool read_again) {
  std::size_t done = 0;
  while (done < size && *problem_ == 0) {
    const auto n = pwrite(descriptor_, buffer + done, std::min(size - done, largest_call),
                          static_cast<off_t>(at + done));
    if (n < 0 && errno != EINTR)
      remember(errno);
    done += static_cast<std::size_t>(std::max<ssize_t>(n, 0));
  }
  if (done < size && read_again)
    kept_.push_back({at + done, std::vector<char>(buffer + done, buffer + size)});
  size_ = std::max(size_, at + size);
}

void FallbackFile::resize(std::uint64_t size) {
  if (*problem_ == 0 && ftruncate(descriptor_, static_cast<off_t>(size)) != 0)
    remember(errno);
  size_ = size;
}

} // namespace soapstone::h5
