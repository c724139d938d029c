// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/formats/byte_stream.hpp"

#include <exception>
#include <vector>

struct archive;

namespace soapstone::formats {

/// The one place that calls libarchive: owns a reader whose input is a ByteStream.
class ArchiveHandle {
public:
  enum class Content { compressed, tar };
  ArchiveHandle(std::unique_ptr<ByteStream> source, std::string path, Content content);
  ~ArchiveHandle();
  ArchiveHandle(const ArchiveHandle&) = delete;
  ArchiveHandle& operator=(const ArchiveHandle&) = delete;

  /// Moves to the next entry; false after the last one.
  bool next_entry(std::string& name, bool& is_file);
  /// Bytes of the current entry; 0 at its end.
  std::size_t read(char* to, std::size_t capacity);
  /// Bytes of the source that libarchive has used.
  std::size_t consumed() const;
  /// Reads the rest of the source, and returns how many bytes have been read from it in all.
  std::size_t drain();
  bool ends_in_zeros() const noexcept { return trailing_zeros_ >= 512; }
  double done() const { return source_->done(); }
  const std::string& path() const noexcept { return path_; }

private:
  static std::ptrdiff_t supply(struct archive* handle, void* self, const void** data);
  std::size_t refill();
  int checked(int status);
  [[noreturn]] void fail();

  std::unique_ptr<ByteStream> source_;
  std::string path_;
  std::vector<char> buffer_;
  std::size_t supplied_ = 0, trailing_zeros_ = 0;
  std::exception_ptr failure_; ///< thrown by the source inside libarchive's callback
  struct archive* handle_ = nullptr;
};

} // namespace soapstone::formats
