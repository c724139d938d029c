// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace soapstone::h5 {

/// A file whose operations never fail: the first error is remembered, and what could not be written is kept
/// in memory, so that it is read back as if it were on the disk. HDF5 does not survive a write that fails
/// while it closes a file (it closes it again at the end of the program, and crashes); with this it never
/// meets one, and the error is reported by whoever asks for problem().
class FallbackFile {
public:
  /// `flags` are open()'s; see opened(). The error number goes to *problem, 0 so far, which outlives the
  /// file.
  FallbackFile(const char* path, int flags, int* problem);
  ~FallbackFile();
  FallbackFile(const FallbackFile&) = delete;
  FallbackFile& operator=(const FallbackFile&) = delete;

  bool opened() const { return descriptor_ >= 0; }
  std::uint64_t size() const { return size_; }
  void read(std::uint64_t at, std::size_t size, char* buffer);
  /// After an error, bytes that need not be read again are dropped.
  void write(std::uint64_t at, std::size_t size, const char* buffer, bool read_again);
  void resize(std::uint64_t size);

private:
  struct Kept {
    std::uint64_t at;
    std::vector<char> bytes;
  };
  void remember(int number);

  int descriptor_;
  int* problem_;
  std::uint64_t size_ = 0;
  std::vector<Kept> kept_;
};

} // namespace soapstone::h5
